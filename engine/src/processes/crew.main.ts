/** Entry of the thread that all virtual users with one connection each share. */
import { parentPort, workerData } from 'node:worker_threads';
import { secretsOfTarget } from '../concealment.ts';
import { Crew } from '../core/fleet/crew.ts';
import type { FleetResult } from '../core/fleet/fleet-spec.ts';
import { concealerOf, concealRecord } from './concealed-record.ts';
import type { CrewAnswer, CrewOrder, CrewRequest } from './crew-start.ts';
import { RecordFile } from './record-file.ts';

const port = parentPort;
if (!port) throw new Error('crew.main is the entry of a worker thread, not a program');
const { name, recordFile } = workerData as CrewOrder;
const file = recordFile === null ? null : new RecordFile(recordFile);
const send = (answer: CrewAnswer) => port.postMessage(answer);
/** Of all members: most have the same. */
const secrets = new Set<string>();
let conceal = concealerOf(secrets);
const crew = new Crew({
  name,
  onRecord: (measured) => {
    const record = concealRecord(measured, conceal);
    file?.append(record);
    send({ kind: 'record', record });
  },
});

const failed = (sentence: string): FleetResult => ({ kind: 'failed', sentence: conceal(sentence) });

port.on('message', (request: CrewRequest) => {
  if (request.kind === 'finish') {
    crew.finish(true);
    file?.close();
    port.close();
    return;
  }
  const { id, spec } = request;
  const known = secrets.size;
  for (const secret of secretsOfTarget(spec)) secrets.add(secret);
  if (secrets.size > known) conceal = concealerOf(secrets);
  crew.join(id, spec).then(
    (result) => send({ kind: 'ended', id, result: result.kind === 'failed' ? failed(result.sentence) : result }),
    (error: unknown) =>
      send({ kind: 'ended', id, result: failed(error instanceof Error ? error.message : String(error)) }),
  );
});
