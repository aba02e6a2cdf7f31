/**
 * A service of tasks: as many as it should have, each replaced when it ends; a deployment replaces them one after the other. A task that is to end is first
 * taken from its load balancer, then told (SIGTERM), then killed. Source: ECS developer guide, "Amazon ECS task lifecycle", read November 2026.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { unitsPerVcpu } from '../../aws/servers/task-size.ts';
import { freePort } from '../process/listen.ts';
import type { MetricBatch } from '../process/messages.ts';
import type { ServiceModel } from '../template/servers/server-model.ts';
import type { Balancer, Target } from './balancer.ts';
import { TaskProcess } from './task-process.ts';

/** On AWS every 30 s by default, and five of them to be healthy; here at once. */
const healthEveryMs = 50;
/** A task that ends by itself is replaced after this time; one that ends before it is healthy, again and again, after twice as long each time, as ECS does. */
const restartMs = 250;
const longestRestartMs = 30_000;
/** It ends a wait that would not end. */
const startLimitMs = 120_000;
const drainLookMs = 100;
const bytesPerMb = 1_048_576;

interface ServiceOptions {
  model: ServiceModel;
  /** Null: no load balancer has its tasks. */
  balancer: Balancer | null;
  environment: Readonly<Record<string, string>>;
  onOutput: (text: string) => void;
}

interface RunningTask {
  process: TaskProcess;
  target: Target;
  wasHealthy: boolean;
  /** It is to end, or has ended: nobody replaces it. */
  isEnding: boolean;
}

export class TaskService {
  readonly #options: ServiceOptions;
  readonly #tasks = new Set<RunningTask>();
  #closing = false;
  /** Tasks in a row that ended before they were healthy. */
  #failed = 0;
  /** Tasks that have no process yet. */
  #starting = 0;
  #lastUseMs = performance.now();
  #deployment: Promise<void> = Promise.resolve();

  constructor(options: ServiceOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.model.logicalId;
  }

  get processIds(): number[] {
    return [...this.#tasks].map(({ process }) => process.pid);
  }

  /** How many tasks run that are not about to end. */
  get running(): number {
    return this.#serving().length;
  }

  /** Settles when all tasks are healthy. @throws when one ends or does not become healthy; then none is left. */
  async start(): Promise<void> {
    const healthy = await Promise.all(
      Array.from({ length: this.#options.model.desiredCount }, () => this.#startTask()),
    );
    if (healthy.every((isHealthy) => isHealthy)) return;
    await this.close();
    throw new Error(`A task of the service ${this.name} ended before it was healthy: its log says why.`);
  }

  /** Ends tasks by their places among those that serve now. `kill`: at once and without a word; `stop`: as ECS does. Others take their place. */
  end(tasks: readonly { place: number; way: 'kill' | 'stop' }[]): void {
    const serving = this.#serving();
    for (const { place, way } of tasks) {
      const task = serving[place];
      if (task === undefined || task.isEnding) continue;
      if (way === 'kill') task.process.signal('SIGKILL');
      else void this.#end(task);
    }
    this.#fill();
  }

  /** Replaces every task: each new one is healthy before an old one is told to end. One deployment after the other. Settles when it is done, or taken back. */
  deploy(): Promise<void> {
    this.#deployment = this.#deployment.then(async () => {
      for (const task of this.#serving()) {
        // Whoever has ended meanwhile is replaced already.
        if (this.#closing || task.isEnding || task.process.hasEnded) continue;
        // What does not become healthy is taken back: the old ones stay.
        if (!(await this.#startTask())) return;
        await this.#end(task);
        this.#fill();
      }
    });
    return this.#deployment;
  }

  /** Ends everything, without waiting for connections: their clients have ended already, or do not matter. */
  async close(): Promise<void> {
    this.#closing = true;
    const tasks = [...this.#tasks];
    for (const { process } of tasks) process.signal('SIGKILL');
    await Promise.all(tasks.map(({ process }) => process.exited));
  }

  /** By task: the share of its CPU and of its memory that is used. Source: ECS developer guide, "service utilization metrics", read November 2026. */
  async drain(timestampMs: number): Promise<MetricBatch[]> {
    const { clusterName, serviceName, task } = this.#options.model;
    const nowMs = performance.now();
    const elapsedMs = nowMs - this.#lastUseMs;
    this.#lastUseMs = nowMs;
    const uses = (await Promise.all([...this.#tasks].map(({ process }) => process.use()))).filter(
      (use) => use !== null,
    );
    if (uses.length === 0) return [];
    const dimensions = { ClusterName: clusterName, ServiceName: serviceName };
    const batch = (name: string, unit: string, values: readonly number[], namespace = 'AWS/ECS'): MetricBatch => ({
      ...{ namespace, name, dimensions, unit, values, timestampMs },
    });
    return [
      batch(
        'CPUUtilization',
        'Percent',
        uses.map(({ cpuMs }) => (cpuMs / elapsedMs / (task.cpuUnits / unitsPerVcpu)) * 100),
      ),
      batch(
        'MemoryUtilization',
        'Percent',
        uses.map(({ memoryBytes }) => (memoryBytes / bytesPerMb / task.memoryMb) * 100),
      ),
      // Not of AWS: what a task costs in absolute terms.
      batch(
        'TaskProcessorTime',
        'Microseconds',
        uses.map(({ cpuMs }) => cpuMs * 1_000),
        'Loadline/Local',
      ),
      batch(
        'TaskMemory',
        'Bytes',
        uses.map(({ memoryBytes }) => memoryBytes),
        'Loadline/Local',
      ),
    ];
  }

  #serving(): RunningTask[] {
    return [...this.#tasks].filter(({ isEnding }) => !isEnding);
  }

  /** Starts as many tasks as are missing. */
  #fill(): void {
    if (this.#closing) return;
    const missing = this.#options.model.desiredCount - this.#serving().length - this.#starting;
    for (let left = missing; left > 0; left--) void this.#startTask();
  }

  /** Whether it became healthy. One that did not is ended; the next one waits longer. */
  async #startTask(): Promise<boolean> {
    if (this.#closing) return false;
    const { model, balancer, environment, onOutput } = this.#options;
    this.#starting += 1;
    const port = await freePort().catch(() => null);
    this.#starting -= 1;
    if (this.#closing || port === null) return false;
    const process = new TaskProcess({ model: model.task, port, environment, onOutput });
    const task: RunningTask = { process, target: { port, sockets: new Set() }, wasHealthy: false, isEnding: false };
    this.#tasks.add(task);
    void process.exited.then(({ code, signal }) => this.#ended(task, code, signal));
    if (!(await becomesHealthy(process, model.targetGroup?.healthPath))) {
      task.isEnding = true;
      process.signal('SIGKILL');
      this.#failed += 1;
      if (!this.#closing) onOutput(`A task of ${this.name} ended before it was healthy.\n`);
      this.#fillLater();
      return false;
    }
    this.#failed = 0;
    task.wasHealthy = true;
    balancer?.register(task.target);
    return true;
  }

  /** Whoever ends unasked is replaced, as ECS does within seconds; until then there is one less. */
  #ended(task: RunningTask, code: number | null, signal: NodeJS.Signals | null): void {
    const { balancer, onOutput } = this.#options;
    balancer?.deregister(task.target);
    this.#tasks.delete(task);
    if (task.isEnding || !task.wasHealthy || this.#closing) return;
    onOutput(
      `A task of ${this.name} ended ${signal === null ? `with exit code ${code}` : `by ${signal}`}, and is replaced.\n`,
    );
    this.#fillLater();
  }

  #fillLater(): void {
    setTimeout(() => this.#fill(), Math.min(longestRestartMs, restartMs * 2 ** this.#failed));
  }

  async #end(task: RunningTask): Promise<void> {
    const { model, balancer } = this.#options;
    task.isEnding = true;
    balancer?.deregister(task.target);
    const delayMs = model.targetGroup?.deregistrationDelayMs ?? 0;
    const endsAtMs = performance.now() + delayMs;
    while (task.target.sockets.size > 0 && performance.now() < endsAtMs && !task.process.hasEnded)
      await sleep(drainLookMs);
    task.process.signal('SIGTERM');
    const timer = setTimeout(() => task.process.signal('SIGKILL'), model.task.stopTimeoutMs);
    await task.process.exited;
    clearTimeout(timer);
  }
}

async function becomesHealthy(process: TaskProcess, path: string | undefined): Promise<boolean> {
  const endsAtMs = performance.now() + startLimitMs;
  while (path !== undefined && !(await process.isHealthy(path))) {
    if (process.hasEnded || performance.now() > endsAtMs) return false;
    await sleep(healthEveryMs);
  }
  return !process.hasEnded;
}
