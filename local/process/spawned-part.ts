/** The parent's side of a process of the local target. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { WriteStream } from 'node:fs';
import { extname, join } from 'node:path';
import { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { SetFault } from '../interference/faults.ts';
import type { Notice } from '../notices.ts';
import { codeCache } from './code-cache.ts';
import { PortError, type PortFailure } from './listen.ts';
import { openLogFile } from './log-file.ts';
import type { Command, MetricBatch, Report } from './messages.ts';

export interface PartDescription<Configuration> {
  /** Used in messages and in the name of the log file. */
  name: string;
  /** Path of the entry from local/, without its extension. */
  entry: string;
  configuration: Configuration;
  logFolder: string | null;
  onMetrics?: (batches: readonly MetricBatch[]) => void;
  onNotices?: ((notices: readonly Notice[]) => void) | undefined;
  /** It requests these faults for every process. */
  onSpreadFaults?: (faults: readonly SetFault[]) => void;
  /** In its own process group, which a Ctrl-C in the terminal does not reach. What is left of the group when the part or this process ends is killed. */
  detached?: boolean;
  /** It is killed when it has not ended so long after it was asked to. Default: 4 s. With children of its own, longer than they have. */
  killAfterMs?: number | undefined;
  /** It, or a child of its own, had to be killed. */
  onKilled?: (name: string) => void;
  /** It is killed when it is not ready within this. Default: {@link defaultStartLimitMs}. */
  startLimitMs?: number;
  /** A socket pair in addition to IPC, for a part with a lot of traffic: `channel` here, {@link channelDescriptor} there. */
  channel?: boolean;
}

/** How a part ended: `reason` is a sentence. */
export interface PartExit {
  code: number | null;
  reason: string;
  /** Present when a port is the reason. */
  port?: PortFailure | undefined;
}

interface Failure {
  reason: string;
  port?: PortFailure | undefined;
}

/** stdin, stdout, stderr and IPC come before it. */
export const channelDescriptor = 4;
const defaultKillAfterMs = 4_000;
/** For a gateway with edges, and for the supervisor of such a gateway: each ends its children first. Their own limits are a second shorter. */
export const killAfterMsOf = { gateway: 7_000, supervisor: 11_000 } as const;
/** Generous: the machine may be busy. It ends a wait that would not end. */
const defaultStartLimitMs = 180_000;
/** The output of a part that has ended may take so long to reach the disk. */
const logLimitMs = 1_000;
const keptStderrCharacters = 2_000;

export class SpawnedPart<Ready> {
  readonly name: string;
  /** Settles when the process has ended, and never rejects. */
  readonly exited: Promise<PartExit>;
  /** As `exited`, but already when it has reported its failure and still has children to end. */
  readonly failed: Promise<PartExit>;
  /** Rejects, with the reason as message (a {@link PortError} for a port), when the process ends or fails before it is ready. */
  readonly ready: Promise<Ready>;
  #child: ChildProcess;
  #stopping = false;
  #faultsSet: (() => void)[] = [];
  #pongs: ((silent: string[]) => void)[] = [];
  readonly #description: PartDescription<unknown>;

  constructor(description: PartDescription<unknown>) {
    this.name = description.name;
    this.#description = description;
    // The extension of this file: .ts in the repository, .js where it was compiled.
    const entry = new URL(`../${description.entry}${extname(import.meta.url)}`, import.meta.url);
    const child = spawn(process.execPath, [fileURLToPath(entry)], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc', ...(description.channel ? (['pipe'] as const) : [])],
      serialization: 'advanced',
      detached: description.detached ?? false,
      env: environment(),
    });
    this.#child = child;
    const log = description.logFolder === null ? null : openLogFile(join(description.logFolder, `${this.name}.log`));
    // A full disk must not bring the target down; the lines are lost.
    log?.on('error', () => undefined);
    for (const stream of [child.stdout, child.stderr]) stream?.on('error', () => undefined);
    let stderr = '';
    child.stdout?.on('data', (chunk: Buffer) => log?.write(chunk));
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString()).slice(-keptStderrCharacters);
      log?.write(chunk);
    });
    let failure: Failure | null = null;
    const reported = Promise.withResolvers<PartExit>();
    this.failed = reported.promise;
    this.ready = new Promise((resolve, reject) => {
      child.on('message', (report: Report<Ready>) => {
        if (report.kind === 'ready') resolve(report.ready);
        else if (report.kind === 'failed') {
          failure ??= report;
          reported.resolve({ code: null, reason: failure.reason, port: failure.port });
        } else if (report.kind === 'pong') this.#pongs.shift()?.([...report.silent]);
        else if (report.kind === 'killed') description.onKilled?.(report.name);
        else if (report.kind === 'spreadFaults') description.onSpreadFaults?.(report.faults);
        else if (report.kind === 'notices') description.onNotices?.(report.notices);
        else if (report.kind === 'faultsSet') this.#faultsSet.shift()?.();
        else description.onMetrics?.(report.batches);
      });
      child.on('error', (error) => {
        failure ??= { reason: error.message };
        reject(new Error(error.message));
      });
      // 'close' rather than 'exit': by then all output of the process has been read.
      child.on('close', (code, signal) => {
        const { port } = failure ?? {};
        reject(port ? new PortError(port) : new Error(this.#reason(code, signal, failure, stderr)));
      });
    });
    // Callers that await `ready` see the rejection; for the others, `exited` says the same.
    this.ready.catch(() => undefined);
    this.exited = exitOf(child, log).then(({ code, signal }) => ({
      code,
      reason: this.#reason(code, signal, failure, stderr),
      port: failure?.port,
    }));
    void this.exited.then(reported.resolve);
    this.#limitStart((reason) => {
      failure ??= { reason };
    });
    if (description.detached) this.#killGroupAtExit();
    this.#send({ kind: 'start', configuration: description.configuration });
  }

  #limitStart(fail: (reason: string) => void): void {
    const limitMs = this.#description.startLimitMs ?? defaultStartLimitMs;
    const timer = setTimeout(() => {
      fail(`The process ${this.name} of the local target did not start within ${Math.round(limitMs / 1_000)} s.`);
      this.#child.kill('SIGKILL');
    }, limitMs);
    const clear = () => clearTimeout(timer);
    void this.ready.then(clear, clear);
  }

  /** A process that is suspended does not notice that its parent is gone: nothing of the group outlives it, or this process. */
  #killGroupAtExit(): void {
    const killGroup = () => {
      try {
        if (this.#child.pid !== undefined) process.kill(-this.#child.pid, 'SIGKILL');
      } catch {
        // Nothing is left of it.
      }
    };
    process.once('exit', killGroup);
    this.#child.once('exit', () => {
      process.off('exit', killGroup);
      killGroup();
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** @throws when the part was started without one. */
  get channel(): Duplex {
    const stream = this.#child.stdio[channelDescriptor];
    if (!(stream instanceof Duplex)) throw new Error(`The part ${this.name} has no channel.`);
    return stream;
  }

  sendMetrics(batches: readonly MetricBatch[]): void {
    this.#send({ kind: 'metrics', batches });
  }

  /** Settles when it has them, or has ended. */
  async setFaults(faults: readonly SetFault[]): Promise<void> {
    const set = new Promise<void>((resolve) => this.#faultsSet.push(resolve));
    this.#send({ kind: 'setFaults', faults });
    await Promise.race([set, this.exited]);
  }

  /** Its name, or those of its children, that do not answer within the limit; empty when all do, and when it has ended. */
  async silentParts(limitMs: number): Promise<string[]> {
    let timer: NodeJS.Timeout | undefined;
    const answered = new Promise<string[]>((resolve) => this.#pongs.push(resolve));
    const silent = new Promise<string[]>((resolve) => {
      timer = setTimeout(() => resolve([this.name]), limitMs);
    });
    // Its children have a third less, so that its own answer is in time.
    this.#send({ kind: 'ping', limitMs: Math.round((limitMs * 2) / 3) });
    try {
      return await Promise.race([answered, silent, this.exited.then(() => [])]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Asks it to end, and ends it after a few seconds. Settles when it is gone; may be called repeatedly. */
  async stop(): Promise<void> {
    if (!this.#stopping) {
      this.#stopping = true;
      this.#send({ kind: 'stop' });
      const { killAfterMs = defaultKillAfterMs, onKilled } = this.#description;
      const timer = setTimeout(() => {
        onKilled?.(this.name);
        this.#child.kill('SIGKILL');
      }, killAfterMs);
      void this.exited.then(() => clearTimeout(timer));
    }
    await this.exited;
  }

  #send(command: Command<unknown>): void {
    // Nothing can be sent to a process that is gone; its exit is reported elsewhere.
    if (this.#child.connected) this.#child.send(command, () => undefined);
  }

  #reason(code: number | null, signal: NodeJS.Signals | null, failure: Failure | null, stderr: string): string {
    if (failure !== null) return failure.reason;
    if (this.#stopping) return `${this.name} was stopped.`;
    const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
    const last = stderr.trim().split('\n').at(-1) ?? '';
    return `The process ${this.name} of the local target ended ${how}.${last === '' ? '' : ` Its last words: ${last}`}`;
  }
}

/** Options that a child inherits: none that change Node itself (a test runner's loader, an inspector's port). */
function environment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _options, NODE_V8_COVERAGE: _coverage, ...rest } = process.env;
  return { ...rest, ...codeCache() };
}

async function exitOf(child: ChildProcess, log: WriteStream | null) {
  const [code, signal]: [number | null, NodeJS.Signals | null] = await new Promise((resolve) => {
    child.on('close', (...exit) => resolve(exit));
    child.on('error', () => resolve([null, null]));
  });
  if (log) {
    const closed = log.closed ? Promise.resolve() : new Promise<void>((resolve) => log.once('close', () => resolve()));
    log.end();
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, logLimitMs).unref())]);
  }
  return { code, signal };
}
