/** The main thread's side of one environment: starts the thread, gives it one event at a time, and ends it. */
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { FunctionModel } from '../template/model.ts';
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
  /** What the platform adds to the function's own variables. */
  platformVariables: Readonly<Record<string, string>>;
  logStreamName: string;
  onLog: (text: string) => void;
  /** The init phase is over; with an error, the environment is of no use and ends. Called once. */
  onInit: (error: FunctionErrorPayload | null) => void;
  /** The thread has ended, whoever ended it. */
  onExit: () => void;
}

interface Running {
  settle: (result: EnvironmentResult) => void;
  requestId: string;
  startedAtMs: number;
}

/** Lambda gives the init phase 10 s. (It then tries once more under the function's timeout; here it fails.) */
const initLimitMs = 10_000;

export class Environment {
  readonly functionName: string;
  /** Set when an invocation ends: for idle reaping. */
  idleSinceMs = 0;
  /** Gets, beside the function's log, what is written during one invocation. */
  tail: ((text: string) => void) | null = null;
  #worker: Worker;
  #settings: EnvironmentSettings;
  #state: 'starting' | 'ready' | 'dead' = 'starting';
  #running: Running | null = null;
  #initTimeout: NodeJS.Timeout;
  /** Begins anew with each event, and is left to fire when there is none: cheaper than a timer an event. */
  #timeout: NodeJS.Timeout | null = null;

  constructor(settings: EnvironmentSettings) {
    const { model } = settings;
    this.#settings = settings;
    this.functionName = model.functionName;
    const description: EnvironmentDescription = {
      functionName: model.functionName,
      functionArn: model.arn,
      memoryMb: model.memoryMb,
      codeFolder: model.codeFolder,
      handler: model.handler,
      logStreamName: settings.logStreamName,
    };
    this.#worker = new Worker(new URL(`./environment.main${extname(import.meta.url)}`, import.meta.url), {
      workerData: description,
      env: { ...settings.platformVariables, ...model.environment },
      execArgv: [],
      // What escapes the thread's own capture must not reach the target's stdout.
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: model.memoryMb },
    });
    this.#worker.stdout.resume();
    this.#worker.stderr.resume();
    this.#worker.on('message', (message: EnvironmentMessage | string) => this.#receive(message));
    this.#worker.on('error', (error) => this.#ended(error instanceof Error ? error.message : String(error)));
    this.#worker.on('exit', (code) => {
      this.#ended(`Error: Runtime exited with exit status ${code}`);
      settings.onExit();
    });
    this.#initTimeout = setTimeout(() => {
      this.#initialized({ errorType: 'Sandbox.Timedout', errorMessage: 'Error: Init timed out after 10.00 seconds' });
    }, initLimitMs);
  }

  /** Ready to take an event, now or when the running one ends. */
  get alive(): boolean {
    return this.#state === 'ready';
  }

  /** Runs one event. The caller gives the next only when this one has ended. */
  invoke(requestId: string, payload: string): Promise<EnvironmentResult> {
    if (this.#running !== null || this.#state !== 'ready') throw new Error('An environment takes one event at a time.');
    const { timeoutMs } = this.#settings.model;
    return new Promise((settle) => {
      this.#running = { settle, requestId, startedAtMs: performance.now() };
      if (this.#timeout === null) this.#timeout = setTimeout(() => this.#timeOut(), timeoutMs);
      else this.#timeout.refresh();
      this.#worker.postMessage(encodeInvoke({ requestId, payload, deadlineMs: Date.now() + timeoutMs }));
    });
  }

  /** Ends the thread; an event that is running fails. */
  async terminate(): Promise<void> {
    this.#state = 'dead';
    clearTimeout(this.#initTimeout);
    if (this.#timeout) clearTimeout(this.#timeout);
    await this.#worker.terminate();
  }

  #receive(message: EnvironmentMessage | string): void {
    if (typeof message === 'string') {
      this.#settle({ kind: 'ok', ...decodeResult(message) });
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
        this.#initialized(message.error);
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

  #timeOut(): void {
    if (this.#running === null) return;
    const { requestId } = this.#running;
    const seconds = (this.#settings.model.timeoutMs / 1_000).toFixed(2);
    const errorMessage = `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`;
    this.#state = 'dead';
    this.#fail('timeout', { errorType: 'Sandbox.Timedout', errorMessage });
    // Whatever the handler is doing, it does not go on: the thread ends.
    void this.terminate();
  }

  /** A crash of the thread: fails what it was doing, be it an event or the init phase. */
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
    const durationMs = performance.now() - (this.#running?.startedAtMs ?? performance.now());
    this.#settle({ kind: 'functionError', cause, error, durationMs });
  }

  #settle(result: EnvironmentResult): void {
    const running = this.#running;
    if (running === null) return;
    this.#running = null;
    running.settle(result);
  }
}
