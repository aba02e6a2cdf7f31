import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { FleetResult } from './core/fleet-result.ts';
import type { FleetSpec } from './core/fleet-spec.ts';
import type { ClientRecord } from './records.ts';

/** What a fleet's thread is started with. */
export interface FleetOrder {
  spec: FleetSpec;
  /** Path of client.ndjson; null: lines are only told. */
  recordFile: string | null;
}

/** What it tells. */
export type FleetMessage = { kind: 'record'; record: ClientRecord } | { kind: 'ended'; result: FleetResult };

const entry = new URL(`./fleet.main${extname(import.meta.url)}`, import.meta.url);

/** Runs a fleet in a thread of its own. Settles when the thread has ended; never rejects: a crash is a failed fleet. */
export function runFleetThread(
  order: FleetOrder,
  options: { signal: AbortSignal; onRecord(record: ClientRecord): void },
): Promise<FleetResult> {
  return new Promise((resolve) => {
    const worker = new Worker(entry, { workerData: order });
    const abort = () => worker.postMessage('abort');
    options.signal.addEventListener('abort', abort, { once: true });
    let result: FleetResult | null = null;
    worker.on('message', (message: FleetMessage) => {
      if (message.kind === 'record') options.onRecord(message.record);
      else result = message.result;
    });
    worker.on('error', (error) => {
      result = { kind: 'failed', sentence: `Fleet ${order.spec.fleet} crashed: ${error.stack ?? error.message}` };
    });
    worker.on('exit', (code) => {
      options.signal.removeEventListener('abort', abort);
      resolve(
        result ?? { kind: 'failed', sentence: `Fleet ${order.spec.fleet} ended with code ${code} before its time.` },
      );
    });
  });
}
