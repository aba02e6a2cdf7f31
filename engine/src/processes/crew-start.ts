import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { FleetResult, FleetSpec } from '../core/fleet/fleet-spec.ts';
import type { ClientRecord } from '../records.ts';
import type { RecordFileOrder } from './record-file.ts';

export interface CrewOrder {
  name: string;
  /** Null: lines are only passed on. */
  recordFile: RecordFileOrder | null;
}
export type CrewRequest = { kind: 'join'; id: number; spec: FleetSpec } | { kind: 'finish' };
export type CrewAnswer = { kind: 'record'; record: ClientRecord } | { kind: 'ended'; id: number; result: FleetResult };

const entry = new URL(`./crew.main${extname(import.meta.url)}`, import.meta.url);

/**
 * A thread that virtual users join with one connection each. It ends with its last member, whose result is held until the thread ends, so that
 * everything has been counted before Artillery learns of it; a later virtual user starts another thread.
 */
export class CrewThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, (result: FleetResult) => void>();
  readonly #onRecord: (record: ClientRecord) => void;
  readonly #exited: Promise<void>;
  #joined = 0;
  #finishing = false;

  constructor(order: CrewOrder, onRecord: (record: ClientRecord) => void) {
    this.#onRecord = onRecord;
    this.#worker = new Worker(entry, { workerData: order });
    this.#worker.on('message', (answer: CrewAnswer) => {
      if (answer.kind === 'record') this.#onRecord(answer.record);
      else void this.#end(answer.id, answer.result);
    });
    this.#exited = new Promise((resolve) => {
      this.#worker.on('error', (error) => {
        // The stack is for Artillery's log.
        console.error(error);
        this.#fail(
          `The thread of the virtual users crashed: ${error instanceof Error ? error.message : String(error)}`,
        );
      });
      this.#worker.on('exit', () => {
        this.#fail('The thread of the virtual users ended unexpectedly.');
        resolve();
      });
    });
  }

  /** False once the crew has begun to end: it accepts no more members. */
  get isOpen(): boolean {
    return !this.#finishing;
  }

  /** Never rejects: a crash is a failed member. */
  join(spec: FleetSpec): Promise<FleetResult> {
    const id = this.#joined++;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#worker.postMessage({ kind: 'join', id, spec } satisfies CrewRequest);
    });
  }

  async #end(id: number, result: FleetResult): Promise<void> {
    const resolve = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) {
      this.#finishing = true;
      this.#worker.postMessage({ kind: 'finish' } satisfies CrewRequest);
      await this.#exited;
    }
    resolve?.(result);
  }

  #fail(sentence: string): void {
    this.#finishing = true;
    for (const resolve of this.#waiting.values()) resolve({ kind: 'failed', sentence });
    this.#waiting.clear();
  }
}
