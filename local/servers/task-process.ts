/** One task: its process, and how it is doing. */
import type { ChildProcess } from 'node:child_process';
import { request } from 'node:http';
import { join } from 'node:path';
import { cpuMs, residentBytes } from '../lambda/runtime-api/process-usage.ts';
import { WholeLines } from '../lambda/runtime-api/whole-lines.ts';
import { localHost } from '../process/listen.ts';
import { killGroup, spawnWatched } from '../process/watched-spawn.ts';
import type { TaskModel } from '../template/servers/server-model.ts';
import { databaseArguments } from './task-databases.ts';

export interface TaskStart {
  model: TaskModel;
  port: number;
  environment: Readonly<Record<string, string>>;
  /** Whole lines that it writes. */
  onOutput: (text: string) => void;
}

/** What a task uses: CPU since the last look, in ms, and memory now. */
export interface TaskUse {
  cpuMs: number;
  memoryBytes: number;
}

const healthLimitMs = 2_000;

export class TaskProcess {
  readonly port: number;
  /** Settles when the process has ended, and never rejects. */
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  #child: ChildProcess;
  #cpuMs = 0;
  #ended = false;

  constructor({ model, port, environment, onOutput }: TaskStart) {
    this.port = port;
    const [file, ...rest] = model.command;
    // Memory is not limited here: what a task uses of its own is a metric.
    this.#child = spawnWatched(
      process.execPath,
      [...databaseArguments(environment), join(model.codeFolder, file), ...rest],
      {
        ...{ cwd: model.codeFolder, output: true },
        env: { ...environment, PORT: String(port) },
      },
    );
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      const lines = new WholeLines(onOutput);
      stream?.setEncoding('utf8');
      stream?.on('data', (text: string) => lines.take(text));
      stream?.on('end', () => lines.flush());
      stream?.on('error', () => undefined);
    }
    this.exited = new Promise((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null) => {
        this.#ended = true;
        resolve({ code, signal });
      };
      this.#child.on('close', end);
      this.#child.on('error', (error) => {
        onOutput(`${error.message}\n`);
        end(null, null);
      });
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get hasEnded(): boolean {
    return this.#ended;
  }

  /** SIGKILL ends what it started, too. */
  signal(signal: NodeJS.Signals): void {
    if (signal === 'SIGKILL') killGroup(this.#child);
    else this.#child.kill(signal);
  }

  /** Null: it has ended, or this system does not say. */
  async use(): Promise<TaskUse | null> {
    const [total, memoryBytes] = await Promise.all([cpuMs(this.pid), residentBytes(this.pid)]);
    if (this.#ended || total === null || memoryBytes === null) return null;
    const used = Math.max(0, total - this.#cpuMs);
    this.#cpuMs = total;
    return { cpuMs: used, memoryBytes };
  }

  /** Whether it answers the health check with 2xx or 3xx. */
  isHealthy(path: string): Promise<boolean> {
    return new Promise((resolve) => {
      const asked = request(
        { host: localHost, port: this.port, path, timeout: healthLimitMs, agent: false },
        (answer) => {
          answer.resume();
          const { statusCode = 500 } = answer;
          resolve(statusCode >= 200 && statusCode < 400);
        },
      );
      asked.on('timeout', () => asked.destroy());
      asked.on('error', () => resolve(false));
      asked.end();
    });
  }
}
