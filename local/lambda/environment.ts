/** One environment: starts what runs the code, gives it one event at a time, and ends it. */
import type { FunctionFailureKind } from '../model.ts';
import type { FunctionModel } from '../template/model.ts';
import { failureLine, failureText, isLoadError } from './failure-text.ts';
import type { LocalAddresses } from './node/aws-hosts.ts';
import { pausePerCpuMs } from './processor-share.ts';
import { decodeLog, decodeResult, type EnvironmentMessage, type FunctionErrorPayload } from './protocol.ts';
import { ProcessSandbox } from './runtime-api/process-sandbox.ts';
import type { Sandbox, SandboxEvents } from './sandbox.ts';
import { ThreadSandbox } from './thread-sandbox.ts';

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
  addresses: LocalAddresses;
  /** What the code writes, and what its failures leave in the log. `requestId`: of the event that is running; null during init. */
  onLog: (text: string, requestId: string | null) => void;
  /** Why an event, or the init phase, failed. */
  onFailure: (kind: FunctionFailureKind, line: string) => void;
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

/** How often a busy sandbox is asked for its memory. Within this time no handler can reach V8's limit. */
const memoryCheckEveryMs = 50;

export class Environment {
  readonly functionName: string;
  /** Set when an invocation ends: for idle reaping. */
  idleSinceMs = 0;
  /** Receives the output of one invocation, in addition to the function's log. */
  tail: ((text: string) => void) | null = null;
  #sandbox: Sandbox;
  #settings: EnvironmentSettings;
  /** `initDue`: init took too long and is retried with the first event, under the function's timeout. */
  #state: 'starting' | 'ready' | 'initDue' | 'dead' = 'starting';
  #initsInInvocation = false;
  /** The code of the present sandbox is there. */
  #isLoaded = false;
  /** The last line that it wrote before it was. */
  #wroteWhileLoading: string | null = null;
  /** It uses more than its memory. */
  #isTooLarge = false;
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
    this.#sandbox = this.#spawn();
    this.#initTimeout = setTimeout(() => this.#initTimedOut(), settings.initLimitMs);
  }

  #spawn(): Sandbox {
    const { model, platformVariables, logStreamName, cpuByMemory, addresses } = this.#settings;
    // One whose init took too long has been replaced: what it still says is dropped.
    const isCurrent = () => sandbox === this.#sandbox;
    this.#isLoaded = false;
    this.#wroteWhileLoading = null;
    const events: SandboxEvents = {
      message: (message) => isCurrent() && this.#receive(message),
      failed: (reason) => isCurrent() && this.#ended(reason),
      exited: (reason) => {
        if (!isCurrent() || this.#state === 'initDue') return;
        this.#ended(reason);
        this.#exit();
      },
    };
    const settings = {
      model,
      variables: { ...platformVariables, ...model.environment },
      logStreamName,
      pausePerCpuMs: cpuByMemory ? pausePerCpuMs(model.memoryMb) : 0,
      addresses,
    };
    const sandbox: Sandbox = model.runtime.startsWith('nodejs')
      ? new ThreadSandbox(settings, events)
      : new ProcessSandbox(settings, events);
    return sandbox;
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
        this.#sandbox = this.#spawn();
        this.#state = 'ready';
      }
      this.#sandbox.invoke({ requestId, payload, deadlineMs: Date.now() + timeoutMs });
    });
  }

  /** Ends the sandbox; an event that is running fails. */
  async terminate(): Promise<void> {
    this.#state = 'dead';
    clearTimeout(this.#initTimeout);
    if (this.#timeout) clearTimeout(this.#timeout);
    await this.#sandbox.terminate();
    // One whose init took too long no longer has a sandbox: nothing else would report that it is gone.
    this.#exit();
  }

  #exit(): void {
    if (this.#exited) return;
    this.#exited = true;
    this.#settings.onExit();
  }

  #receive(message: EnvironmentMessage | string): void {
    if (typeof message === 'string') {
      const written = decodeLog(message);
      if (written !== null) {
        this.#wrote(written);
        return;
      }
      const { payload, durationMs } = decodeResult(message);
      this.#settle({ kind: 'ok', payload, durationMs: this.#initsInInvocation ? this.#elapsedMs() : durationMs });
      return;
    }
    switch (message.kind) {
      case 'log':
        this.#wrote(message.text);
        return;
      case 'ready':
        this.#isLoaded = true;
        this.#wroteWhileLoading = null;
        this.#initialized(null);
        return;
      case 'initFailed':
        if (this.#initsInInvocation) this.#endWith('crash', message.error);
        else this.#initialized(message.error);
        return;
      case 'result':
        this.#settle({
          kind: 'ok',
          payload: message.payload,
          durationMs: this.#initsInInvocation ? this.#elapsedMs() : message.durationMs,
        });
        return;
      case 'error':
        this.#settings.onFailure(isLoadError(message.error) ? 'load' : 'thrown', failureLine(message.error));
        this.#settle({ kind: 'functionError', cause: 'thrown', error: message.error, durationMs: message.durationMs });
        return;
    }
  }

  #wrote(text: string): void {
    if (!this.#isLoaded) this.#wroteWhileLoading = text.trim().split('\n').at(-1) || this.#wroteWhileLoading;
    this.#settings.onLog(text, this.#running?.requestId ?? null);
    this.tail?.(text);
  }

  #initialized(error: FunctionErrorPayload | null): void {
    if (this.#state !== 'starting') return;
    clearTimeout(this.#initTimeout);
    this.#state = error === null ? 'ready' : 'dead';
    if (error !== null) this.#tellFailure('crash', error);
    this.#settings.onInit(error);
    if (error !== null) void this.terminate();
  }

  #initTimedOut(): void {
    if (this.#state !== 'starting') return;
    this.#state = 'initDue';
    void this.#sandbox.terminate();
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
    const bytes = await this.#sandbox.memoryBytes();
    this.#memoryCheckedAtMs = performance.now();
    if (bytes === null || bytes <= this.#settings.model.memoryMb * 1_048_576) return;
    this.#isTooLarge = true;
    this.#ended('Error: Runtime exited with error: signal: killed');
    void this.terminate();
  }

  /** A crash of the sandbox: fails the running event or the init phase. */
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
    if (this.#running !== null) this.#tellFailure(cause, error);
    this.#settle({ kind: 'functionError', cause, error, durationMs: this.#elapsedMs() });
  }

  /** In the log and to whoever counts it: what the code itself cannot say. */
  #tellFailure(cause: 'timeout' | 'crash', error: FunctionErrorPayload): void {
    this.#settings.onLog(failureText(error), this.#running?.requestId ?? null);
    const whileLoading = cause === 'timeout' ? 'loadTimeout' : 'load';
    const kind = this.#isTooLarge ? 'memory' : this.#isLoaded ? cause : whileLoading;
    this.#settings.onFailure(kind, failureLine(error, this.#wroteWhileLoading));
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
