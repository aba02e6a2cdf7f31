/** A process in a group of its own that speaks the Lambda Runtime API, and nothing of which outlives its environment or this process. */
import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { killGroup, spawnWatched } from '../../process/watched-spawn.ts';
import type { FunctionErrorPayload, InvokeMessage } from '../protocol.ts';
import type { Sandbox, SandboxEvents, SandboxSettings } from '../sandbox.ts';
import { layerVariables } from './layer-variables.ts';
import { cpuMs, residentBytes } from './process-usage.ts';
import { RuntimeApiServer } from './runtime-api-server.ts';
import { runtimeCommand } from './runtime-command.ts';
import { WholeLines } from './whole-lines.ts';

/** A pipe of a runtime that has ended may be held open by a process that left its group. */
const outputLimitMs = 500;

export class ProcessSandbox implements Sandbox {
  #settings: SandboxSettings;
  #events: SandboxEvents;
  #api: RuntimeApiServer;
  #child: ChildProcess | null = null;
  /** Of stdout and of stderr. */
  #output: WholeLines[] = [];
  #terminated = false;
  #hasEnded = false;
  #exited = Promise.withResolvers<void>();
  #startedAtMs = 0;
  /** At the beginning of the event; a promise, because it is read from a file. */
  #cpuBefore: Promise<number | null> = Promise.resolve(null);

  constructor(settings: SandboxSettings, events: SandboxEvents) {
    this.#settings = settings;
    this.#events = events;
    this.#api = new RuntimeApiServer(settings.model.arn, {
      ready: () => events.message({ kind: 'ready' }),
      initFailed: (error) => events.message({ kind: 'initFailed', error }),
      answered: (payload) => void this.#answer((durationMs) => ({ kind: 'result', payload, durationMs })),
      failed: (error) => void this.#answer((durationMs) => ({ kind: 'error', error, durationMs })),
    });
    this.#start().catch((error: unknown) => this.#cannotStart(error));
  }

  invoke(message: InvokeMessage): void {
    this.#startedAtMs = performance.now();
    if (this.#settings.pausePerCpuMs > 0) this.#cpuBefore = cpuMs(this.#child?.pid ?? 0);
    this.#api.give(message);
  }

  async memoryBytes(): Promise<number | null> {
    const pid = this.#child?.pid;
    return pid === undefined ? null : await residentBytes(pid);
  }

  async terminate(): Promise<void> {
    this.#terminated = true;
    this.#killGroup();
    await this.#exited.promise;
  }

  async #start(): Promise<void> {
    const port = await this.#api.listen();
    const { model, variables, logStreamName } = this.#settings;
    const { file, parameters, variables: ofRuntime } = await runtimeCommand(model);
    if (this.#terminated) return this.#ended('Error: Runtime exited');
    const child = spawnWatched(file, parameters, {
      ...{ cwd: model.codeFolder, output: true },
      env: {
        ...ofRuntime,
        ...variables,
        ...layerVariables(model, variables),
        AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`,
        AWS_LAMBDA_LOG_STREAM_NAME: logStreamName,
        // A function's folder is read-only on AWS: Python leaves no compiled files in the user's.
        PYTHONDONTWRITEBYTECODE: '1',
      },
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8');
      stream?.on('error', () => undefined);
      const lines = new WholeLines((text) => this.#events.message({ kind: 'log', text }));
      this.#output.push(lines);
      stream?.on('data', (text: string) => lines.take(text));
    }
    child.on('error', (error) => this.#cannotStart(error));
    child.on('exit', (code, signal) => {
      const reason = `Error: Runtime exited with error: ${signal === null ? `exit status ${code}` : `signal: ${signal}`}`;
      const closed = new Promise((resolve) => child.once('close', resolve));
      void Promise.race([closed, delay(outputLimitMs, null, { ref: false })]).then(() => this.#ended(reason));
    });
  }

  #cannotStart(error: unknown): void {
    const failure: FunctionErrorPayload = {
      errorType: 'Runtime.InvalidEntrypoint',
      errorMessage: error instanceof Error ? error.message : String(error),
    };
    this.#events.message({ kind: 'initFailed', error: failure });
    this.#ended(failure.errorMessage);
  }

  #ended(reason: string): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    for (const lines of this.#output) lines.flush();
    this.#api.close();
    this.#exited.resolve();
    this.#events.exited(reason);
  }

  /** Once what the runtime wrote before its answer has been read, and the share of a processor has taken its time. */
  async #answer(message: (durationMs: number) => Parameters<SandboxEvents['message']>[0]): Promise<void> {
    await new Promise(setImmediate);
    const { pausePerCpuMs } = this.#settings;
    if (pausePerCpuMs > 0) {
      const [before, after] = await Promise.all([this.#cpuBefore, cpuMs(this.#child?.pid ?? 0)]);
      if (before !== null && after !== null) await delay((after - before) * pausePerCpuMs);
    }
    for (const lines of this.#output) lines.flush();
    this.#events.message(message(performance.now() - this.#startedAtMs));
  }

  #killGroup(): void {
    if (this.#child !== null) killGroup(this.#child);
  }
}
