/**
 * `npm run test:repeat [-- --times 20 --busy 10 --limit 900]`: runs `npm test` repeatedly, `--busy` of the runs with two busy loops
 * alongside, and prints a table. Exit code 1 if a run was not green; 130 if interrupted, with the table of the runs so far.
 * `--limit`: seconds after which a run is stopped and counts as failed.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseOptions } from '../parse-options.ts';
import { isBusy, type Outcome, readReport, renderOutcomes } from './outcome.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { times, busy, limitSeconds } = readOptions();
const folder = mkdtempSync(join(tmpdir(), 'loadline-repeat-'));
/** It ends with its parent, even if that is killed. */
const loop = 'const parent = process.ppid; while (process.ppid === parent) for (let n = 0; n < 1e7; n++);';
/** Time for the tests to clean up after an interrupt. */
const graceMs = 5_000;
const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort(signal));

console.log(`The output of each run is in ${folder}.`);
const outcomes: Outcome[] = [];
for (let run = 1; run <= times && !abort.signal.aborted; run++) {
  const outcome = await runOnce(run, isBusy(run, { times, busy }));
  if (abort.signal.aborted) break;
  outcomes.push(outcome);
  console.log(
    `${run}/${times} ${outcome.busy ? 'busy' : 'idle'}: ${outcome.seconds.toFixed(0)} s, ${outcome.passed} passed, ${outcome.failed} failed`,
  );
  for (const failure of outcome.failures) console.log(`  ${failure}`);
}
console.log(`\n${renderOutcomes(outcomes)}`);
process.exitCode = abort.signal.aborted ? 130 : outcomes.some(({ failed }) => failed > 0) ? 1 : 0;

function readOptions(): { times: number; busy: number; limitSeconds: number } {
  const usage = 'Usage: npm run test:repeat -- [--times 20] [--busy 10] [--limit 900]';
  const { values } = parseOptions(usage, {
    options: {
      times: { type: 'string', default: '20' },
      busy: { type: 'string' },
      limit: { type: 'string', default: '900' },
    },
  });
  const times = Number(values.times);
  const busy = values.busy === undefined ? Math.floor(times / 2) : Number(values.busy);
  const limitSeconds = Number(values.limit);
  if (!Number.isInteger(times) || times < 1 || !Number.isInteger(busy) || busy < 0 || busy > times) {
    console.error('--times must be a number of runs, and --busy how many of them have two busy loops alongside.');
    process.exit(2);
  }
  if (!(limitSeconds > 0)) {
    console.error('--limit must be a number of seconds.');
    process.exit(2);
  }
  return { times, busy, limitSeconds };
}

async function runOnce(run: number, withLoops: boolean): Promise<Outcome> {
  const report = join(folder, `${run}.json`);
  const log = createWriteStream(join(folder, `${run}.log`));
  const started = performance.now();
  const loops = withLoops ? [busyLoop(), busyLoop()] : [];
  // Its own process group, so that the tests' child processes end with it.
  const child = spawn('npm', ['test', '--', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const limit = AbortSignal.any([abort.signal, AbortSignal.timeout(limitSeconds * 1_000)]);
  const end = () => void endGroup(child);
  limit.addEventListener('abort', end);
  const closed = once(child, 'close');
  try {
    const [code] = await closed;
    const seconds = (performance.now() - started) / 1_000;
    return { run, busy: withLoops, seconds, ...outcomeOf(report, code, limit.aborted) };
  } finally {
    limit.removeEventListener('abort', end);
    for (const one of loops) one.kill('SIGKILL');
    log.end();
  }
}

function outcomeOf(
  report: string,
  code: number | null,
  ended: boolean,
): Pick<Outcome, 'passed' | 'failed' | 'failures'> {
  if (ended) return { passed: 0, failed: 1, failures: [`not finished within ${limitSeconds} s`] };
  if (!existsSync(report)) return { passed: 0, failed: 1, failures: [`no report; npm test ended with code ${code}`] };
  const read = readReport(readFileSync(report, 'utf8'), root);
  // An error outside any test, such as an unhandled rejection.
  if (code !== 0 && read.failed === 0) return { ...read, failed: 1, failures: [`npm test ended with code ${code}`] };
  return read;
}

function busyLoop(): ChildProcess {
  return spawn(process.execPath, ['-e', loop], { stdio: 'ignore' });
}

/** Interrupts the tests, so that they clean up, and kills any that remain after a while. */
async function endGroup(child: ChildProcess): Promise<void> {
  const signalGroup = (signal: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // It has ended by itself.
    }
  };
  signalGroup('SIGINT');
  await sleep(graceMs);
  signalGroup('SIGKILL');
}
