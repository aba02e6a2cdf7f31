/**
 * What a chain from webhook to push, and a connect, cost the local target of this checkout beside that of another one, loaded in turn in one run.
 *
 *   npm run bench:against -- --folder ../before [--rounds 5] [--seconds 6] [--warm-up 30]
 *
 * `--folder`: a checkout with its packages installed (`git worktree add ../before COMMIT`, `npm ci`). Both targets run all the time; client on the first core, targets on
 * the others, closed loops of 16 chains or 32 connects. CPU time is that of a target's processes, from /proc. The machine may be shared: the ratio is what to compare.
 */
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TargetDescription } from '../record/target.ts';
import { parseOptions } from '../test/parse-options.ts';
import type { BenchUser } from './local-target/bench-users.ts';
import { cpuByPart } from './local-target/cpu-by-part.ts';
import type { Job } from './local-target/jobs.ts';
import { runJob, type Started, startTarget } from './local-target/processes.ts';

const usage = 'Usage: npm run bench:against -- --folder ../before [--rounds 5] [--seconds 6] [--warm-up 30]';
const { values } = parseOptions(usage, {
  options: {
    folder: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '6' },
    'warm-up': { type: 'string', default: '30' },
  },
});
const [rounds, seconds, warmUp] = [values.rounds, values.seconds, values['warm-up']].map(Number);
if (values.folder === undefined || !(Number(rounds) >= 1) || !(Number(seconds) > 0) || !(Number(warmUp) >= 0)) {
  console.error(usage);
  process.exit(2);
}

type Ready = TargetDescription & { users: readonly BenchUser[] };
interface Window {
  perSecond: number;
  failures: number;
  /** CPU milliseconds a unit: of all parts, and by part. */
  ms: ReadonlyMap<string, number>;
}

const chainUsers = 16;
const connectsUnderWay = 32;
/** The $disconnects of connects come to an end. */
const disconnectsSeconds = 5;
const kinds = ['chains', 'connects'] as const;

function jobOf(
  kind: (typeof kinds)[number],
  { users, webhookUrl, webhookSecret }: Ready,
  warmUpSeconds: number,
  forSeconds: number,
): Job {
  const timed = { warmUpSeconds, seconds: forSeconds };
  return kind === 'chains'
    ? { kind, users, webhookUrl, webhookSecret, ...timed }
    : { kind, urls: users.map(({ url }) => url), underWay: connectsUnderWay, ...timed };
}

async function windowOf(job: Job, { processIds = [] }: Ready): Promise<Window> {
  let before = cpuByPart(processIds);
  const { result, stop } = await runJob(job, 120, () => {
    before = cpuByPart(processIds);
  });
  await stop();
  if (job.kind === 'connects') await sleep(disconnectsSeconds * 1_000);
  const { count, failures } = result;
  const parts = [...cpuByPart(processIds)].map(
    ([part, cpu]) => [part, ((cpu - (before.get(part) ?? 0)) / count) * 1_000] as const,
  );
  const all = parts.reduce((sum, [, ms]) => sum + ms, 0);
  return { perSecond: count / result.seconds, failures, ms: new Map([['all', all], ...parts]) };
}

function spread(all: readonly number[], digits: number): string {
  const sorted = all.toSorted((a, b) => a - b);
  const [median = 0, first = 0, last = 0] = [sorted[Math.floor(sorted.length / 2)], sorted[0], sorted.at(-1)];
  return `${median.toFixed(digits)} (${first.toFixed(digits)} to ${last.toFixed(digits)})`;
}

const started: { name: string; target: Started<Ready> }[] = [];
try {
  for (const [name, folder] of [
    ['the other', resolve(values.folder)],
    ['this one', undefined],
  ] as const) {
    started.push({ name, target: await startTarget<Ready>('reference-target', [String(chainUsers)], folder) });
  }
  for (const kind of kinds) {
    for (const { target } of started) await windowOf(jobOf(kind, target.ready, Number(warmUp), 1), target.ready);
    const windows = started.map((): Window[] => []);
    for (let round = 0; round < Number(rounds); round++) {
      for (const [n, { target }] of started.entries())
        windows[n]?.push(await windowOf(jobOf(kind, target.ready, 1, Number(seconds)), target.ready));
    }
    for (const [n, { name }] of started.entries()) {
      const all = windows[n] ?? [];
      const failed = all.reduce((sum, { failures }) => sum + failures, 0);
      const rate = spread(
        all.map(({ perSecond }) => perSecond),
        0,
      );
      console.log(`\n${kind}, ${name}: ${rate} a second${failed > 0 ? `, ${failed} failed` : ''}; ms of CPU each:`);
      for (const part of all[0]?.ms.keys() ?? []) {
        const each = all.map(({ ms }) => ms.get(part) ?? 0);
        console.log(`  ${part.padEnd(42)}${spread(each, 2)}`);
      }
    }
  }
} finally {
  for (const { target } of started) await target.stop();
}
