/** Entry of a fleet's thread: an event loop of its own, in which nothing runs but the fleet. */
import { parentPort, workerData } from 'node:worker_threads';
import { runFleet } from './core/fleet.ts';
import { RecordFile } from './core/record-file.ts';
import type { FleetMessage, FleetOrder } from './fleet-thread.ts';

const port = parentPort;
if (!port) throw new Error('fleet.main is the entry of a worker thread, not a program');
const order = workerData as FleetOrder;
const file = order.recordFile === null ? null : new RecordFile(order.recordFile);
const abort = new AbortController();
port.once('message', () => abort.abort());
const tell = (message: FleetMessage) => port.postMessage(message);

const result = await runFleet(order.spec, {
  signal: abort.signal,
  onRecord: (record) => {
    file?.append(record);
    tell({ kind: 'record', record });
  },
});
file?.close();
tell({ kind: 'ended', result });
port.close();
