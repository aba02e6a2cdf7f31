/** The main thread's side of one environment: starts the thread, gives it one event at a time, and ends it. */
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { FunctionModel } from '../template/model.ts';
import { pausePerCpuMs } from './processor-share.ts';
import {
  decodeResult,
  type EnvironmentDescription,
  type EnvironmentMessage,
  encodeInvoke,
  type FunctionErrorPayload,
} from './protocol.ts';

export type EnvironmentResult =
  | { kind: 'ok'; payload: string; durationMs: number }
  | { kind: 'functionError'; cause: 'thrown' | 'timeout' | 'crash'; error: FunctionErrorPayload; durationMs: number };

export interface EnvironmentSettings {
  model: FunctionModel;
  /** Variables that the platform adds to the function's own. */
  platformVariables: Readonly<Record<string, string>>;
  logStreamName: string;
  initLimitMs: number;
  cpuByMemory: boolean;
  onLog: (text: string) => void;
  /** The init phase is over; with an error, the environment is unusable and ends. Called once. */
  onInit: (error: FunctionErrorPayload | null) => void;
  /** It has ended, for whatever reason. Called once. */
  onExit: () => void;
}

interface Running {
  settle: (result: EnvironmentResult) => void;
  requestId: string;
  startedAtMs: number;
}

/** How often a busy thread is asked for its memory. Within this time no handler can reach V8's limit. */
const memoryCheckEveryMs = 50;
/** V8's limit, far enough above the function's memory for {@link Environment.checkMemory} to act first. */
const heapLimitMb = (memoryMb: number): number => 2 * memoryMb + 2_048;

export class Environment {
  readonly functionName: string;
  /** Set when an invocation ends: for idle reaping. */
  idleSinceMs = 0;
  /** Receives the output of one invocation, in addition to the function's log. */
  tail: ((text: string) => void) | null = null;
  #worker: Worker;
  #settings: EnvironmentSettings;
  /** `initDue`: init took too long and is retried with the first event, under the function's timeout. */
  #state: 'starting' | 'ready' | 'initDue' | 'dead' = 'starting';
  #initsInInvocation = false;
  #exited = false;
  /** When its memory was last asked for, or an event began since then; Infinity while an answer is awaited. */
  #memoryCheckedAtMs = performance.now();
  #running: Running | null = null;
  #initTimeout: NodeJS.Timeout;
  /** Restarted with each event, and left to fire without one: cheaper than a timer per event. */
  #timeout: NodeJS.Timeout | null = null;

  constructor(settings: EnvironmentSettings) {
    const { model } = settings;
    this.#settings = settings;
    this.functionName = model.functionName;
    this.#worker = this.#spawn();
    this.#initTimeout = setTimeout(() => this.#initTimedOut(), settings.initLimitMs);
  }

  #spawn(): Worker {
    const { model, platformVariables, logStreamName, cpuByMemory } = this.#settings;
    const description: EnvironmentDescription = {
      functionName: model.functionName,
      functionArn: model.arn,
      memoryMb: model.memoryMb,
      codeFolder: model.codeFolder,
      handler: model.handler,
      logStreamName,
      pausePerCpuMs: cpuByMemory ? pausePerCpuMs(model.memoryMb) : 0,
    };
    const worker = new Worker(new URL(`./environment.main${extname(import.meta.url)}`, import.meta.url), {
      workerData: description,
      env: { ...platformVariables, ...model.environment },
      execArgv: [],
      // What escapes the thread's own capture must not reach the target's stdout.
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: heapLimitMb(model.memoryMb) },
    });
    worker.stdout.resume();
    worker.stderr.resume();
    // A thread whose init took too long has been replaced: its further messages are dropped.
    const isCurrent = () => worker === this.#worker;
    worker.on('message', (message: EnvironmentMessage | string) => isCurrent() && this.#receive(message));
    worker.on('error', (error) => isCurrent() && this.#ended(error instanceof Error ? error.message : String(error)));
    worker.on('exit', (code) => {
      if (!isCurrent() || this.#state === 'initDue') return;
      this.#ended(`Error: Runtime exited with exit status ${code}`);
      this.#exit();
    });
    return worker;
  }

  /** Ready to take an event, now or when the running one ends. */
  get alive(): boolean {
    return this.#state === 'ready' || this.#state === 'initDue';
  }

  /** Runs one event. The caller sends the next only when this one has ended. Fails if the environment has ended meanwhile. */
  invoke(requestId: string, payload: string): Promise<EnvironmentResult> {
    if (this.#running !== null) throw new Error('An environment takes one event at a time.');
    if (!this.alive) {
      const error = { errorType: 'Runtime.ExitError', errorMessage: `RequestId: ${requestId} Error: Runtime exited` };
      return Promise.resolve({ kind: 'functionError', cause: 'crash', error, durationMs: 0 });
    }
    const { timeoutMs } = this.#settings.model;
    return new Promise((settle) => {
      this.#running = { settle, requestId, startedAtMs: performance.now() };
      if (this.#timeout === null) this.#timeout = setTimeout(() => this.#timeOut(), timeoutMs);
      else this.#timeout.refresh();
      if (this.#state === 'initDue') {
        this.#initsInInvocation = true;
        this.#worker = this.#spawn();
        this.#state = 'ready';
      }
      this.#worker.postMessage(encodeInvoke({ requestId, payload, deadlineMs: Date.now() + timeoutMs }));
    });
  }

  /** Ends the thread; an event that is running fails. */
  async terminate(): Promise<void> {
    this.#state = 'dead';
    clearTimeout(this.#initTimeout);
    if (this.#timeout) clearTimeout(this.#timeout);
    await this.#worker.terminate();
    // One whose init took too long no longer has a thread: nothing else would report that it is gone.
    this.#exit();
  }

  #exit(): void {
    if (this.#exited) return;
    this.#exited = true;
    this.#settings.onExit();
  }

  #receive(message: EnvironmentMessage | string): void {
    if (typeof message === 'string') {
      const { payload, durationMs } = decodeResult(message);
      this.#settle({ kind: 'ok', payload, durationMs: this.#initsInInvocation ? this.#elapsedMs() : durationMs });
      return;
    }
    switch (message.kind) {
      case 'log':
        this.#settings.onLog(message.text);
        this.tail?.(message.text);
        return;
      case 'ready':
        this.#initialized(null);
        return;
      case 'initFailed':
        if (this.#initsInInvocation) this.#endWith('crash', message.error);
        else this.#initialized(message.error);
        return;
      case 'error':
        this.#settle({ kind: 'functionError', cause: 'thrown', error: message.error, durationMs: message.durationMs });
        return;
    }
  }

  #initialized(error: FunctionErrorPayload | null): void {
    if (this.#state !== 'starting') return;
    clearTimeout(this.#initTimeout);
    this.#state = error === null ? 'ready' : 'dead';
    this.#settings.onInit(error);
    if (error !== null) void this.terminate();
  }

  #initTimedOut(): void {
    if (this.#state !== 'starting') return;
    this.#state = 'initDue';
    void this.#worker.terminate();
    this.#settings.onInit(null);
  }

  #timeOut(): void {
    if (this.#running === null) return;
    const { requestId } = this.#running;
    const seconds = (this.#settings.model.timeoutMs / 1_000).toFixed(2);
    const errorMessage = `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`;
    this.#endWith('timeout', { errorType: 'Sandbox.Timedout', errorMessage });
  }

  /**
   * Ends an environment whose function uses more than its memory: heap and buffers. Called periodically. V8's own limit is not a
   * substitute: if one large allocation, such as the growth of an array, hits it, V8 ends the process, and the target with it.
   */
  async checkMemory(): Promise<void> {
    const busy = this.#state === 'starting' || this.#running !== null;
    const sinceMs = Math.max(this.#memoryCheckedAtMs, this.#running?.startedAtMs ?? 0);
    if (!busy || performance.now() - sinceMs < memoryCheckEveryMs) return;
    this.#memoryCheckedAtMs = Number.POSITIVE_INFINITY;
    // It rejects for a thread that has ended meanwhile.
    const heap = await this.#worker.getHeapStatistics().catch(() => null);
    this.#memoryCheckedAtMs = performance.now();
    if (heap === null || heap.used_heap_size + heap.external_memory <= this.#settings.model.memoryMb * 1_048_576)
      return;
    this.#ended('Error: Runtime exited with error: signal: killed');
    void this.terminate();
  }

  /** A crash of the thread: fails the running event or the init phase. */
  #ended(reason: string): void {
    const error = {
      errorType: 'Runtime.ExitError',
      errorMessage: `RequestId: ${this.#running?.requestId ?? ''} ${reason}`,
    };
    this.#initialized(error);
    this.#state = 'dead';
    this.#fail('crash', error);
  }

  #fail(cause: 'timeout' | 'crash', error: FunctionErrorPayload): void {
    this.#settle({ kind: 'functionError', cause, error, durationMs: this.#elapsedMs() });
  }

  /** Fails the running event and stops the handler: the thread ends. */
  #endWith(cause: 'timeout' | 'crash', error: FunctionErrorPayload): void {
    this.#state = 'dead';
    this.#fail(cause, error);
    void this.terminate();
  }

  #elapsedMs(): number {
    return this.#running === null ? 0 : performance.now() - this.#running.startedAtMs;
  }

  #settle(result: EnvironmentResult): void {
    const running = this.#running;
    if (running === null) return;
    this.#running = null;
    this.#initsInInvocation = false;
    running.settle(result);
  }
}
