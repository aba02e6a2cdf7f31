/** The main thread's side of one environment: starts the thread, gives it one event at a time, and ends it. */
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { FunctionModel } from '../template/model.ts';
import type { EnvironmentDescription, EnvironmentMessage, FunctionErrorPayload, InvokeMessage } from './protocol.ts';

export type EnvironmentResult =
  | { kind: 'ok'; payload: string; durationMs: number; initDurationMs: number }
  | {
      kind: 'functionError';
      cause: 'thrown' | 'timeout' | 'crash' | 'init';
      error: FunctionErrorPayload;
      durationMs: number;
      initDurationMs: number;
    };

export interface EnvironmentSettings {
  model: FunctionModel;
  /** What the platform adds to the function's own variables. */
  platformVariables: Readonly<Record<string, string>>;
  logStreamName: string;
  onLog: (text: string) => void;
  /** The thread has ended, whoever ended it. */
  onExit: () => void;
}

interface Running {
  settle: (result: EnvironmentResult) => void;
  message: InvokeMessage;
  timeout: NodeJS.Timeout | null;
  startedAtMs: number;
}

// Lambda gives the init phase 10 s before it is run again under the function's own timeout.
const initLimitMs = 10_000;

export class Environment {
  readonly functionName: string;
  /** Set when an invocation ends: for idle reaping. */
  idleSinceMs = 0;
  #worker: Worker;
  #timeoutMs: number;
  #state: 'starting' | 'ready' | 'dead' = 'starting';
  #running: Running | null = null;
  #initDurationMs = 0;

  constructor(settings: EnvironmentSettings) {
    const { model } = settings;
    this.functionName = model.functionName;
    this.#timeoutMs = model.timeoutMs;
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
    this.#worker.on('message', (message: EnvironmentMessage) => this.#receive(message, settings.onLog));
    this.#worker.on('error', (error) => this.#crash(error));
    this.#worker.on('exit', (code) => {
      this.#crash(
        new Error(
          `RequestId: ${this.#running?.message.requestId ?? ''} Error: Runtime exited with exit status ${code}`,
        ),
      );
      settings.onExit();
    });
  }

  get alive(): boolean {
    return this.#state !== 'dead';
  }

  /** Runs one event. The caller gives the next only when this one has ended. */
  invoke(message: { requestId: string; payload: string }): Promise<EnvironmentResult> {
    if (this.#running !== null || this.#state === 'dead') throw new Error('An environment takes one event at a time.');
    return new Promise((resolve) => {
      const running: Running = {
        settle: resolve,
        message: { kind: 'invoke', ...message, deadlineMs: 0 },
        timeout: null,
        startedAtMs: performance.now(),
      };
      this.#running = running;
      if (this.#state === 'ready') this.#post(running);
      else this.#expireAfter(running, initLimitMs + this.#timeoutMs);
    });
  }

  /** Ends the thread; an event that is running fails. */
  async terminate(): Promise<void> {
    this.#state = 'dead';
    await this.#worker.terminate();
  }

  #post(running: Running): void {
    running.startedAtMs = performance.now();
    running.message.deadlineMs = Date.now() + this.#timeoutMs;
    this.#expireAfter(running, this.#timeoutMs);
    this.#worker.postMessage(running.message);
  }

  #expireAfter(running: Running, ms: number): void {
    if (running.timeout) clearTimeout(running.timeout);
    running.timeout = setTimeout(() => {
      const seconds = (this.#timeoutMs / 1_000).toFixed(2);
      this.#fail('timeout', {
        errorType: 'Sandbox.Timedout',
        errorMessage: `RequestId: ${running.message.requestId} Error: Task timed out after ${seconds} seconds`,
      });
      void this.terminate();
    }, ms);
  }

  #receive(message: EnvironmentMessage, onLog: (text: string) => void): void {
    switch (message.kind) {
      case 'log':
        onLog(message.text);
        return;
      case 'ready':
        this.#state = 'ready';
        this.#initDurationMs = message.initDurationMs;
        if (this.#running) this.#post(this.#running);
        return;
      case 'initFailed':
        this.#fail('init', message.error);
        void this.terminate();
        return;
      case 'result':
        this.#settle((initDurationMs) => ({
          kind: 'ok',
          payload: message.payload,
          durationMs: message.durationMs,
          initDurationMs,
        }));
        return;
      case 'error':
        this.#fail('thrown', message.error, message.durationMs);
        return;
    }
  }

  #crash(error: unknown): void {
    this.#state = 'dead';
    const errorMessage = error instanceof Error ? error.message : String(error);
    this.#fail('crash', { errorType: 'Runtime.ExitError', errorMessage });
  }

  #fail(cause: 'thrown' | 'timeout' | 'crash' | 'init', error: FunctionErrorPayload, durationMs?: number): void {
    const startedAtMs = this.#running?.startedAtMs ?? 0;
    this.#settle((initDurationMs) => ({
      kind: 'functionError',
      cause,
      error,
      durationMs: durationMs ?? performance.now() - startedAtMs,
      initDurationMs,
    }));
  }

  #settle(result: (initDurationMs: number) => EnvironmentResult): void {
    const running = this.#running;
    if (running === null) return;
    this.#running = null;
    if (running.timeout) clearTimeout(running.timeout);
    const initDurationMs = this.#initDurationMs;
    // Only the first invocation of an environment reports the cold start.
    this.#initDurationMs = 0;
    running.settle(result(initDurationMs));
  }
}
