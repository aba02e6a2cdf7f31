/**
 * The environments of this machine. On AWS an invocation that finds no idle environment gets a new one. Here it
 * takes the first that is free, old or new. A new one is started if the function has none, or if an
 * invocation has waited for `patienceMs`, within two limits of this machine: environments alive and environments starting.
 * Every invocation that waited for one that was not started for it is counted and reported.
 */
import type { FunctionFailureKind } from '../model.ts';
import { MessageDeque } from '../sqs/message-deque.ts';
import type { FunctionModel } from '../template/model.ts';
import { Environment } from './environment.ts';
import type { LocalAddresses } from './node/aws-hosts.ts';
import type { FunctionErrorPayload } from './protocol.ts';

interface Waiter {
  since: number;
  /** Whether it waits because of the machine's limits rather than for its own cold start. */
  bounded: boolean;
  give: (environment: Environment | FunctionErrorPayload) => void;
}

export interface EnvironmentPoolSettings {
  functions: ReadonlyMap<string, FunctionModel>;
  platformVariables: (model: FunctionModel) => Readonly<Record<string, string>>;
  maxEnvironments: number;
  maxStartingEnvironments: number;
  /** Invocations that may wait; one more fails with {@link overloaded}, so that the machine's memory does not fill up. */
  maxWaitingInvocations: number;
  /** 0: a new environment for every invocation that finds none idle, as on AWS. */
  patienceMs: number;
  idleEnvironmentMs: number;
  initLimitMs: number;
  cpuByMemory: boolean;
  addresses: LocalAddresses;
  onLog: (functionName: string, text: string, requestId: string | null) => void;
  onFailure: (functionName: string, kind: FunctionFailureKind, line: string) => void;
  /** Added to every cold start, however long it took. */
  coldStartExtraMs: number;
  /** Minimum duration of a cold start by the latency profile: drawn for each. */
  coldStartMs: () => number;
  nowMs: () => number;
}

export interface PoolCounters {
  coldStarts: number;
  /** Invocations that waited for an environment because of the machine's limits, and for how long in total. */
  machineWaits: number;
  machineWaitMs: number;
}

interface FunctionState {
  /** The most recently used one is last. */
  idle: Environment[];
  live: number;
  starting: number;
  /** In the order of their arrival. */
  waiting: MessageDeque<Waiter>;
}

// An environment idle for this long may be given to a function that waits: shorter would throw away warm environments
// that the next event needs, at the cost of a cold start each.
const lendAfterIdleMs = 1_000;
const sweepEveryMs = 25;
const shutdown: FunctionErrorPayload = { errorType: 'Local.Stopped', errorMessage: 'The local target is stopping.' };

export const overloaded: FunctionErrorPayload = {
  errorType: 'Local.Overloaded',
  errorMessage: 'Too many invocations are waiting for an environment on this machine (maxWaitingInvocations).',
};

export class EnvironmentPool {
  readonly counters: PoolCounters = { coldStarts: 0, machineWaits: 0, machineWaitMs: 0 };
  #settings: EnvironmentPoolSettings;
  #functions = new Map<string, FunctionState>();
  #all = new Set<Environment>();
  /** With code that has changed since: they end instead of taking another event. */
  #outdated = new WeakSet<Environment>();
  #starting = 0;
  /** Of all functions. */
  #waiting = 0;
  #sweep: NodeJS.Timeout;
  #closed = false;

  constructor(settings: EnvironmentPoolSettings) {
    this.#settings = settings;
    this.#sweep = setInterval(() => this.#sweepIdle(), sweepEveryMs);
  }

  /** An environment of the function, or the error if it could not start. */
  acquire(functionName: string): Environment | Promise<Environment | FunctionErrorPayload> {
    if (this.#closed) return Promise.resolve(shutdown);
    const state = this.#stateOf(functionName);
    for (let environment = state.idle.pop(); environment !== undefined; environment = state.idle.pop()) {
      if (environment.alive) return environment;
    }
    if (this.#waiting >= this.#settings.maxWaitingInvocations) return Promise.resolve(overloaded);
    return new Promise((give) => {
      const waiter = { since: this.#settings.nowMs(), bounded: false, give };
      state.waiting.push(waiter);
      this.#waiting += 1;
      this.#startForWaiters();
      waiter.bounded = state.starting < state.waiting.length;
    });
  }

  /** Returns an environment to the pool. */
  release(environment: Environment): void {
    if (!environment.alive || this.#closed) return;
    if (this.#outdated.has(environment)) {
      void environment.terminate();
      return;
    }
    const state = this.#stateOf(environment.functionName);
    if (this.#all.size >= this.#settings.maxEnvironments && state.live > 1 && this.#someoneHasNone()) {
      void environment.terminate();
      return;
    }
    if (this.#giveToWaiter(environment.functionName, environment)) return;
    environment.idleSinceMs = this.#settings.nowMs();
    state.idle.push(environment);
  }

  /** From now on no event of these functions meets code that was loaded before. One that is running ends as it began. */
  renew(functionNames: readonly string[]): void {
    for (const environment of this.#all) {
      if (functionNames.includes(environment.functionName)) this.#outdated.add(environment);
    }
    for (const functionName of functionNames) {
      const { idle } = this.#stateOf(functionName);
      for (const environment of idle.splice(0)) void environment.terminate();
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#sweep);
    for (const { waiting } of this.#functions.values()) {
      for (let waiter = waiting.shift(); waiter !== undefined; waiter = waiting.shift()) waiter.give(shutdown);
    }
    this.#waiting = 0;
    await Promise.all([...this.#all].map((environment) => environment.terminate()));
  }

  #stateOf(functionName: string): FunctionState {
    const known = this.#functions.get(functionName);
    if (known) return known;
    const made: FunctionState = { idle: [], live: 0, starting: 0, waiting: new MessageDeque() };
    this.#functions.set(functionName, made);
    return made;
  }

  /** Starts an environment for each waiting invocation that has none starting, within the limits. */
  #startForWaiters(): void {
    if (this.#closed) return;
    const { maxEnvironments, maxStartingEnvironments } = this.#settings;
    while (this.#starting < maxStartingEnvironments) {
      const functionName = this.#nextToStart();
      if (functionName === undefined) return;
      if (this.#all.size >= maxEnvironments) {
        // A function without any environment replaces the one that was idle longest, if there is one.
        if (this.#stateOf(functionName).live === 0) this.#evictIdle(0);
        return;
      }
      this.#start(functionName);
    }
  }

  /** A waiting function without an environment comes first, then the one that has waited longest. */
  #nextToStart(): string | undefined {
    for (const [functionName, { live, waiting }] of this.#functions) {
      if (waiting.length > 0 && live === 0) return functionName;
    }
    let longest: { functionName: string; since: number } | undefined;
    for (const [functionName, { starting, waiting }] of this.#functions) {
      const since = waiting.first?.since;
      if (since === undefined || starting >= waiting.length) continue;
      if (longest === undefined || since < longest.since) longest = { functionName, since };
    }
    if (longest === undefined || longest.since > this.#settings.nowMs() - this.#settings.patienceMs) return undefined;
    return longest.functionName;
  }

  #someoneHasNone(): boolean {
    for (const { live, waiting } of this.#functions.values()) if (waiting.length > 0 && live === 0) return true;
    return false;
  }

  #start(functionName: string): void {
    const model = this.#settings.functions.get(functionName);
    if (!model) throw new Error(`The stack has no function ${functionName}.`);
    const state = this.#stateOf(functionName);
    this.counters.coldStarts += 1;
    this.#starting += 1;
    state.starting += 1;
    state.live += 1;
    const readyAtMs = this.#settings.nowMs() + this.#settings.coldStartMs();
    const ready = (error: FunctionErrorPayload | null) => {
      state.starting -= 1;
      if (error) this.#giveToWaiter(functionName, error);
      else this.release(environment);
      this.#startForWaiters();
    };
    const environment: Environment = new Environment({
      model,
      platformVariables: this.#settings.platformVariables(model),
      logStreamName: `local/[$LATEST]${this.counters.coldStarts}`,
      initLimitMs: this.#settings.initLimitMs,
      cpuByMemory: this.#settings.cpuByMemory,
      addresses: this.#settings.addresses,
      onLog: (text, requestId) => this.#settings.onLog(functionName, text, requestId),
      onFailure: (kind, line) => this.#settings.onFailure(functionName, kind, line),
      onInit: (error) => {
        // From here on it uses no CPU of this machine, whatever the profile says.
        this.#starting -= 1;
        const leftMs = Math.max(0, readyAtMs - this.#settings.nowMs()) + this.#settings.coldStartExtraMs;
        if (error === null && leftMs > 1) setTimeout(() => ready(null), leftMs).unref();
        else ready(error);
      },
      onExit: () => {
        this.#all.delete(environment);
        state.live -= 1;
        state.idle = state.idle.filter((other) => other !== environment);
        this.#startForWaiters();
      },
    });
    this.#all.add(environment);
  }

  #giveToWaiter(functionName: string, environment: Environment | FunctionErrorPayload): boolean {
    const state = this.#stateOf(functionName);
    const waiter = state.waiting.shift();
    if (!waiter) return false;
    this.#waiting -= 1;
    if (waiter.bounded) {
      this.counters.machineWaits += 1;
      this.counters.machineWaitMs += this.#settings.nowMs() - waiter.since;
    }
    waiter.give(environment);
    return true;
  }

  /** Ends the environment that has been idle longest, when it has been for at least `idleMs`. */
  #evictIdle(idleMs: number): boolean {
    let oldest: Environment | undefined;
    for (const { idle } of this.#functions.values()) {
      const [environment] = idle;
      if (environment && (oldest === undefined || environment.idleSinceMs < oldest.idleSinceMs)) oldest = environment;
    }
    if (!oldest || this.#settings.nowMs() - oldest.idleSinceMs < idleMs) return false;
    this.#stateOf(oldest.functionName).idle.shift();
    void oldest.terminate();
    return true;
  }

  #sweepIdle(): void {
    for (const environment of this.#all) void environment.checkMemory();
    while (this.#evictIdle(this.#settings.idleEnvironmentMs));
    if (this.#waiting === 0) return;
    this.#startForWaiters();
    if (this.#all.size >= this.#settings.maxEnvironments) this.#evictIdle(lendAfterIdleMs);
  }
}
