import { fork } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { FleetResult } from '../core/fleet/fleet-spec.ts';
import type { ClientRecord } from '../records.ts';
import type { FleetMessage, FleetOrder } from './fleet-worker.ts';

interface StartOptions {
  signal: AbortSignal;
  onRecord(record: ClientRecord): void;
}

const entryOf = (name: string) => new URL(`./${name}.main${extname(import.meta.url)}`, import.meta.url);

/** Runs a fleet in its own thread or process. Settles when that has ended; never rejects: a crash is a failed fleet. */
export function startFleet(
  isolation: 'threads' | 'processes',
  order: FleetOrder,
  options: StartOptions,
): Promise<FleetResult> {
  return isolation === 'threads' ? runInThread(order, options) : runInProcess(order, options);
}

function runInThread(order: FleetOrder, { signal, onRecord }: StartOptions): Promise<FleetResult> {
  return new Promise((resolve) => {
    const worker = new Worker(entryOf('fleet'), { workerData: order });
    const abort = () => worker.postMessage('abort');
    signal.addEventListener('abort', abort, { once: true });
    let result: FleetResult | null = null;
    worker.on('message', (message: FleetMessage) => {
      if (message.kind === 'record') onRecord(message.record);
      else result = message.result;
    });
    worker.on('error', (error) => {
      // The stack is for Artillery's log.
      console.error(error);
      result = { kind: 'failed', sentence: `Fleet ${order.spec.fleet} crashed: ${messageOf(error)}` };
    });
    worker.on('exit', (code) => {
      signal.removeEventListener('abort', abort);
      resolve(result ?? endedEarly(order, `code ${code}`));
    });
  });
}

/** For a process that has sent its result to end. */
const endLimitMs = 10_000;

function runInProcess(order: FleetOrder, { signal, onRecord }: StartOptions): Promise<FleetResult> {
  return new Promise((resolve) => {
    const child = fork(fileURLToPath(entryOf('fleet-process')), {
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const abort = () => {
      if (child.connected) child.send('abort');
    };
    signal.addEventListener('abort', abort, { once: true });
    let result: FleetResult | null = null;
    let endLimit: NodeJS.Timeout | undefined;
    child.on('message', (message: FleetMessage) => {
      if (message.kind === 'record') onRecord(message.record);
      else {
        result = message.result;
        // It has nothing left to do. Node may wait for ever for a compiler thread as it exits (nodejs/node#54918).
        endLimit = setTimeout(() => child.kill('SIGKILL'), endLimitMs);
      }
    });
    child.on('error', (error) => {
      result ??= { kind: 'failed', sentence: `Fleet ${order.spec.fleet} could not be started: ${error.message}` };
      if (child.pid === undefined) resolve(result);
    });
    child.on('exit', (code, killedBy) => {
      clearTimeout(endLimit);
      signal.removeEventListener('abort', abort);
      resolve(result ?? endedEarly(order, killedBy === null ? `code ${code}` : killedBy));
    });
    child.send(order);
  });
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const endedEarly = ({ spec }: FleetOrder, how: string): FleetResult => ({
  kind: 'failed',
  sentence: `Fleet ${spec.fleet} ended unexpectedly with ${how}.`,
});
