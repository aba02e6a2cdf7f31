/**
 * The environments of this machine. On AWS an invocation that finds no idle environment gets a new one; here too, until
 * `maxEnvironments` live at once. Beyond that it waits for one, which AWS never does: the wait is counted and reported.
 */
import type { FunctionModel } from '../template/model.ts';
import { Environment } from './environment.ts';

interface Waiter {
  functionName: string;
  since: number;
  give: (environment: Environment) => void;
}

export interface EnvironmentPoolSettings {
  functions: ReadonlyMap<string, FunctionModel>;
  platformVariables: (model: FunctionModel) => Readonly<Record<string, string>>;
  maxEnvironments: number;
  idleEnvironmentMs: number;
  onLog: (functionName: string, text: string) => void;
  nowMs: () => number;
}

export interface PoolCounters {
  coldStarts: number;
  /** Invocations that waited for an environment because of the machine's bound, and for how long in all. */
  machineWaits: number;
  machineWaitMs: number;
}

// An environment idle for this long may be given to a function that waits: shorter would throw away warm environments
// that the next event needs, at the price of a cold start each.
const lendAfterIdleMs = 1_000;
const sweepEveryMs = 250;

export class EnvironmentPool {
  readonly counters: PoolCounters = { coldStarts: 0, machineWaits: 0, machineWaitMs: 0 };
  #settings: EnvironmentPoolSettings;
  #idle = new Map<string, Environment[]>();
  #live = new Map<string, number>();
  #all = new Set<Environment>();
  #waiters: Waiter[] = [];
  #sweep: NodeJS.Timeout;
  #closed = false;

  constructor(settings: EnvironmentPoolSettings) {
    this.#settings = settings;
    this.#sweep = setInterval(() => this.#sweepIdle(), sweepEveryMs);
  }

  /** An environment of the function: the one used last, else a new one, else the next that becomes free. */
  acquire(functionName: string): Environment | Promise<Environment> {
    const idle = this.#idle.get(functionName);
    for (let environment = idle?.pop(); environment !== undefined; environment = idle?.pop()) {
      if (environment.alive) return environment;
    }
    if (this.#all.size < this.#settings.maxEnvironments) return this.#start(functionName);
    if ((this.#live.get(functionName) ?? 0) === 0 && this.#evictIdle(0)) return this.#start(functionName);
    this.counters.machineWaits += 1;
    const since = this.#settings.nowMs();
    return new Promise((give) => this.#waiters.push({ functionName, since, give }));
  }

  /** Gives an environment back. */
  release(environment: Environment): void {
    if (!environment.alive || this.#closed) return;
    const starving = this.#waiters.find((waiter) => (this.#live.get(waiter.functionName) ?? 0) === 0);
    if (starving && (this.#live.get(environment.functionName) ?? 0) > 1) {
      void environment.terminate();
      return;
    }
    const index = this.#waiters.findIndex((waiter) => waiter.functionName === environment.functionName);
    if (index >= 0) {
      this.#serve(index, environment);
      return;
    }
    environment.idleSinceMs = this.#settings.nowMs();
    const idle = this.#idle.get(environment.functionName);
    if (idle) idle.push(environment);
    else this.#idle.set(environment.functionName, [environment]);
  }

  get size(): number {
    return this.#all.size;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#sweep);
    await Promise.all([...this.#all].map((environment) => environment.terminate()));
  }

  #start(functionName: string): Environment {
    const model = this.#settings.functions.get(functionName);
    if (!model) throw new Error(`There is no function ${functionName} in the stack.`);
    this.counters.coldStarts += 1;
    const environment: Environment = new Environment({
      model,
      platformVariables: this.#settings.platformVariables(model),
      logStreamName: `local/[$LATEST]${this.counters.coldStarts}`,
      onLog: (text) => this.#settings.onLog(functionName, text),
      onExit: () => this.#ended(environment),
    });
    this.#all.add(environment);
    this.#live.set(functionName, (this.#live.get(functionName) ?? 0) + 1);
    return environment;
  }

  #ended(environment: Environment): void {
    if (!this.#all.delete(environment)) return;
    this.#live.set(environment.functionName, (this.#live.get(environment.functionName) ?? 1) - 1);
    if (this.#closed) return;
    const starving = this.#waiters.findIndex((waiter) => (this.#live.get(waiter.functionName) ?? 0) === 0);
    const index = Math.max(0, starving);
    const waiter = this.#waiters[index];
    if (waiter && this.#all.size < this.#settings.maxEnvironments) this.#serve(index, this.#start(waiter.functionName));
  }

  #serve(index: number, environment: Environment): void {
    const [waiter] = this.#waiters.splice(index, 1);
    if (!waiter) return;
    this.counters.machineWaitMs += this.#settings.nowMs() - waiter.since;
    waiter.give(environment);
  }

  /** Ends the environment that has been idle longest, when it has been for at least `idleMs`. */
  #evictIdle(idleMs: number): boolean {
    let oldest: Environment | undefined;
    for (const [environment] of this.#idle.values()) {
      if (environment && (oldest === undefined || environment.idleSinceMs < oldest.idleSinceMs)) oldest = environment;
    }
    if (!oldest || this.#settings.nowMs() - oldest.idleSinceMs < idleMs) return false;
    this.#idle.get(oldest.functionName)?.shift();
    void oldest.terminate();
    return true;
  }

  #sweepIdle(): void {
    while (this.#evictIdle(this.#settings.idleEnvironmentMs));
    if (this.#waiters.length > 0) this.#evictIdle(lendAfterIdleMs);
  }
}
