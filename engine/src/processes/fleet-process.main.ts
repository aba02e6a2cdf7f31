/** Entry of a fleet's process: its own descriptors, memory and event loop. Its spec and the request to stop arrive over IPC. */
import { carryOut, type FleetOrder } from './fleet-worker.ts';

if (!process.send) throw new Error('fleet-process.main is started by the engine, not as a program');
const abort = new AbortController();
// Ctrl-C reaches the whole group: the engine decides when to stop.
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
