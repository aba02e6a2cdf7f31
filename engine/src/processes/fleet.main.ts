/** Entry of a fleet's thread: its own event loop, in which nothing runs but the fleet. */
import { parentPort, workerData } from 'node:worker_threads';
import { carryOut, type FleetOrder } from './fleet-worker.ts';

const port = parentPort;
if (!port) throw new Error('fleet.main is the entry of a worker thread, not a program');
const abort = new AbortController();
port.once('message', () => abort.abort());
await carryOut(workerData as FleetOrder, { signal: abort.signal, send: (message) => port.postMessage(message) });
port.close();
