/**
 * The environments of this machine. On AWS an invocation that finds no idle environment gets a new one. Here it
 * takes the first that is free, old or new. A new one is started if the function has none, or if an
 * invocation has waited for `patienceMs`, within two limits of this machine: environments alive and environments starting.
 * Every invocation that waited for one that was not started for it is counted and reported.
 */
import { MessageDeque } from '../../sqs/message-deque.ts';
import { Environment } from '../environment.ts';
import type { FunctionErrorPayload } from '../protocol.ts';
import { type EnvironmentPoolSettings, overloaded, type PoolCounters } from './pool-settings.ts';

interface Waiter {
  since: number;
  /** Whether it waits because of the machine's limits rather than for its own cold start. */
  bounded: boolean;
  give: (environment: Environment | FunctionErrorPayload) => void;
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

export class EnvironmentPool {
  readonly counters: PoolCounters = { coldStarts: 0, machineWaits: 0, machineWaitMs: 0 };
  #settings: EnvironmentPoolSettings;
  #functions = new Map<string, FunctionState>();
  #all = new Set<Environment>();
  /** With code that has changed since: they end instead of taking another event. */
  #outdated = new WeakSet<Environment>();
  #starting = 0;
  /** Environments so far, for the names of their log streams. */
  #started = 0;
  /** Functions that are not kept ready: their code does not start. */
  #broken = new Set<string>();
  #whenReady: (() => void)[] = [];
  /** Of all functions. */
  #waiting = 0;
  #sweep: NodeJS.Timeout;
  #closed = false;

  constructor(settings: EnvironmentPoolSettings) {
    this.#settings = settings;
    this.#sweep = setInterval(() => this.#sweepIdle(), sweepEveryMs);
  }

  /** Resolves once all that is provisioned has started, or has failed to. */
  ready(): Promise<void> {
    return new Promise((resolve) => {
      this.#whenReady.push(resolve);
      this.#keepProvisioned();
    });
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
    const isSpare = state.live > Math.max(1, this.#provisionedOf(environment.functionName));
    if (this.#all.size >= this.#settings.maxEnvironments && isSpare && this.#someoneHasNone()) {
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
      this.#broken.delete(functionName);
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
    for (const resolve of this.#whenReady.splice(0)) resolve();
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

  #provisionedOf(functionName: string): number {
    return this.#settings.provisioned.get(functionName) ?? 0;
  }

  /** Starts what is provisioned and not there, after all that wait. */
  #keepProvisioned(): void {
    const { provisioned, maxEnvironments, maxStartingEnvironments } = this.#settings;
    if (this.#closed) return;
    let missing = 0;
    for (const [functionName, environments] of provisioned) {
      if (this.#broken.has(functionName)) continue;
      const state = this.#stateOf(functionName);
      while (state.live < environments && this.#starting < maxStartingEnvironments && this.#all.size < maxEnvironments)
        this.#start(functionName);
      missing += Math.max(0, environments - state.live) + state.starting;
    }
    if (missing === 0) for (const resolve of this.#whenReady.splice(0)) resolve();
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
    this.#started += 1;
    // What is provisioned starts before it is needed.
    if (state.live >= this.#provisionedOf(functionName)) this.counters.coldStarts += 1;
    this.#starting += 1;
    state.starting += 1;
    state.live += 1;
    const readyAtMs = this.#settings.nowMs() + this.#settings.coldStartMs();
    const ready = (error: FunctionErrorPayload | null) => {
      state.starting -= 1;
      if (error) {
        this.#broken.add(functionName);
        this.#giveToWaiter(functionName, error);
      } else this.release(environment);
      this.#startForWaiters();
      this.#keepProvisioned();
    };
    const environment: Environment = new Environment({
      model,
      platformVariables: this.#settings.platformVariables(model),
      logStreamName: `local/[$LATEST]${this.#started}`,
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
        this.#keepProvisioned();
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

  /** Ends the environment that has been idle longest, when it has been for at least `idleMs`, and is not provisioned. */
  #evictIdle(idleMs: number): boolean {
    let oldest: Environment | undefined;
    for (const [functionName, { idle, live }] of this.#functions) {
      if (live <= this.#provisionedOf(functionName)) continue;
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
