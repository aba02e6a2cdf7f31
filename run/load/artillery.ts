/** Artillery as a child process: started in its own process group, watched, and always stopped. */
import { type ChildProcess, spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { concealer } from '../../engine/src/concealment.ts';
import { RunFileError, sentenceOf } from '../../record/json-file.ts';
import { CrashError } from '../errors.ts';
import { packageRoot } from '../package-root.ts';
import { logLines } from './log-lines.ts';

export interface ArtilleryOptions {
  scenario: string;
  webSocketUrl: string;
  variables: Record<string, string | number>;
  /** Where Artillery writes its own JSON output. */
  output: string;
  /** Where its terminal output goes. */
  log: string;
  /** Added to the environment: secrets and paths that the engine reads. */
  environment: Record<string, string>;
  /** What its terminal output is kept without. */
  secrets?: readonly string[];
}

interface ArtilleryCommand {
  arguments: string[];
  environment: Record<string, string>;
}

/** Longest wait for the end of its output after its exit. */
const endOfOutputMs = 1_000;

/** How the engine marks its own sentences on Artillery's stderr. */
const enginePrefix = 'loadline: ';

export interface ArtilleryProcess {
  /** Settles when the process has ended, with what it left. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Stops it and its whole process group: gracefully, and after the grace period with SIGKILL. Settles when it is gone. */
  stop(graceMs: number): Promise<void>;
}

/** The installed Artillery's folder and version. */
export function locateArtillery(): { root: string; version: string } {
  const manifest = findPackageJSON('artillery', import.meta.url);
  if (!manifest) throw new CrashError('Artillery is not installed: run npm ci.');
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  return { root: dirname(manifest), version };
}

/** Arguments and environment of the child: pure, so that a test can read them. */
export function artilleryCommand(options: ArtilleryOptions, root: string): ArtilleryCommand {
  return commandOf(root, options.environment, [
    'run',
    '--quiet',
    '--target',
    options.webSocketUrl,
    '--variables',
    JSON.stringify(options.variables),
    '--output',
    options.output,
    options.scenario,
  ]);
}

/** `args`: what follows `artillery`. */
function commandOf(root: string, environment: Record<string, string>, args: readonly string[]): ArtilleryCommand {
  const guard = new URL(`./parent-guard.main${extname(import.meta.url)}`, import.meta.url).href;
  return {
    arguments: [join(root, 'bin', 'run'), ...args],
    environment: {
      ...environment,
      ARTILLERY_DISABLE_TELEMETRY: '1',
      NODE_OPTIONS: `--import=${guard}`,
      // Artillery resolves engines from its own location. The published package carries the engine within its own node_modules.
      NODE_PATH: join(packageRoot, 'node_modules'),
    },
  };
}

export const startArtillery = (options: ArtilleryOptions): ArtilleryProcess =>
  start(artilleryCommand(options, locateArtillery().root), options.log, options.secrets);

/** Any of Artillery's commands: `args` follow `artillery`; its terminal output goes to `logFile`. */
export const startArtilleryWith = (
  args: readonly string[],
  { log, secrets }: { log: string; secrets: readonly string[] },
): ArtilleryProcess => start(commandOf(locateArtillery().root, {}, args), log, secrets);

function start(command: ArtilleryCommand, logFile: string, secrets: readonly string[] = []): ArtilleryProcess {
  const log = openLog(logFile);
  const child = spawn(process.execPath, command.arguments, {
    // Its own group: a Ctrl-C in the terminal reaches loadline alone, which then decides in which order things stop.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, ...command.environment },
  });
  const logged = logLines([child.stdout, child.stderr], log, concealer(secrets));
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.on('error', () => resolve({ code: null, signal: null }));
    child.once('exit', (code, signal) => {
      // By then what it said last is in the log; a process of its group that lives on keeps the pipe open.
      void Promise.race([logged, sleep(endOfOutputMs, undefined, { ref: false })]).then(() =>
        resolve({ code, signal }),
      );
    });
  });
  // A group that is suspended does not notice that this process is gone.
  const killGroup = () => signalGroup(child, 'SIGKILL');
  process.once('exit', killGroup);
  void ended.then(() => process.off('exit', killGroup));
  return { ended, stop: (graceMs) => stopGroup(child, ended, graceMs) };
}

function openLog(path: string): number {
  try {
    return openSync(path, 'a', 0o600);
  } catch (cause) {
    throw new RunFileError(`${path} could not be written: ${sentenceOf(cause)}.`, { cause, problem: 'unwritable' });
  }
}

async function stopGroup(child: ChildProcess, ended: Promise<unknown>, graceMs: number): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) signalGroup(child, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs);
  await ended;
  clearTimeout(timer);
  // Whatever it has started and not ended, such as a fleet that is suspended.
  signalGroup(child, 'SIGKILL');
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // ESRCH: it ended by itself between the check and the signal.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** What Artillery or our engine in it said last, for an error message: the engine's own sentences if there are any. */
export function lastWords(log: string): string {
  let lines: string[];
  try {
    lines = readFileSync(log, 'utf8').trimEnd().split('\n');
  } catch {
    return '';
  }
  const ours = lines.filter((line) => line.startsWith(enginePrefix)).map((line) => line.slice(enginePrefix.length));
  return (ours.length > 0 ? ours : lines.slice(-3)).join(' ').replaceAll(/\s+/g, ' ').trim();
}

/** Artillery's counters of the whole run: counter name → sum over all workers. Throws a CrashError when the file is missing or unreadable. */
export function readArtilleryCounters(output: string): Record<string, number> {
  let text: string;
  try {
    text = readFileSync(output, 'utf8');
  } catch (cause) {
    throw new CrashError(`Artillery ended without writing ${output}: see its log beside it.`, { cause });
  }
  try {
    const parsed = JSON.parse(text) as { aggregate?: { counters?: Record<string, number> } };
    if (!parsed.aggregate?.counters) throw new Error('no aggregate.counters');
    return parsed.aggregate.counters;
  } catch (cause) {
    throw new CrashError(`Artillery's output ${output} cannot be read: see its log beside it.`, { cause });
  }
}
