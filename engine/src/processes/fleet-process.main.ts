/** Entry of a fleet's process: descriptors, memory and an event loop of its own. Its order, and the request to stop, come over IPC. */
import { carryOut, type FleetOrder } from './fleet-worker.ts';

if (!process.send) throw new Error('fleet-process.main is started by the engine, not as a program');
const abort = new AbortController();
// Ctrl-C reaches the whole group: the engine says when it is over.
process.on('SIGINT', () => {});
process.once('disconnect', () => abort.abort());
const order = await new Promise<FleetOrder>((resolve) =>
  process.once('message', (message) => resolve(message as FleetOrder)),
);
process.on('message', () => abort.abort());
await carryOut(order, {
  signal: abort.signal,
  send: (message) => {
    if (process.connected) process.send?.(message);
  },
});
if (process.connected) process.disconnect();
