/** Entry of the thread that all virtual users with one connection each share. */
import { parentPort, workerData } from 'node:worker_threads';
import { Crew } from '../core/fleet/crew.ts';
import type { CrewAnswer, CrewOrder, CrewRequest } from './crew-start.ts';
import { RecordFile } from './record-file.ts';

const port = parentPort;
if (!port) throw new Error('crew.main is the entry of a worker thread, not a program');
const { name, recordFile } = workerData as CrewOrder;
const file = recordFile === null ? null : new RecordFile(recordFile);
const send = (answer: CrewAnswer) => port.postMessage(answer);
const crew = new Crew({
  name,
  onRecord: (record) => {
    file?.append(record);
    send({ kind: 'record', record });
  },
});

port.on('message', (request: CrewRequest) => {
  if (request.kind === 'finish') {
    crew.finish(true);
    file?.close();
    port.close();
    return;
  }
  const { id, spec } = request;
  crew.join(id, spec).then(
    (result) => send({ kind: 'ended', id, result }),
    (error: unknown) =>
      send({
        kind: 'ended',
        id,
        result: { kind: 'failed', sentence: error instanceof Error ? error.message : String(error) },
      }),
  );
});
