/**
 * Does a load generator tell the truth? Three servers whose truth is known, our load core, and other tools if installed.
 *
 *   node bench/truth.ts                    our core and stock Artillery (and k6 if installed)
 *   node bench/truth.ts --npx              loadtest and autocannon as well, fetched by npx into a temporary folder
 *   node bench/truth.ts --only stopped     one of stopped, distribution, ledger
 *
 * Exits with 1 if our own numbers are off: mean, p90 and p99 by more than 2% in the first, from the server's clock or from arithmetic, quantiles by more than 1% and 0.2 ms in the
 * second, a single count in the third. On a busy machine the first two fail because of the other work.
 */
import { parseOptions } from '../test/parse-options.ts';
import { compareDistribution } from './truth/distribution.ts';
import type { Reported } from './truth/latencies.ts';
import { compareLedger } from './truth/ledger.ts';
import { type StopRow, stopLoadline, stopTool } from './truth/stopped.ts';
import { otherTools } from './truth/tools.ts';

const usage =
  'Usage: npm run bench:truth -- [--rate 200] [--seconds 10] [--stop 2] [--only stopped,distribution,ledger] [--npx]';
const { values } = parseOptions(usage, {
  options: {
    rate: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '10' },
    stop: { type: 'string', default: '2' },
    only: { type: 'string', default: 'stopped,distribution,ledger' },
    npx: { type: 'boolean', default: false },
  },
});
const stopTest = {
  ratePerSecond: Number(values.rate),
  seconds: Number(values.seconds),
  stopSeconds: Number(values.stop),
};
const maxStopError = 0.02;
const maxQuantileError = 0.01;
const maxQuantileErrorMs = 0.2;

const tests: Record<string, () => Promise<boolean>> = {
  stopped: judgeStop,
  distribution: judgeDistribution,
  ledger: judgeLedger,
};
let isTrue = true;
for (const name of values.only.split(',')) isTrue = ((await tests[name]?.()) ?? false) && isTrue;
process.exitCode = isTrue ? 0 : 1;

async function judgeStop(): Promise<boolean> {
  const { ratePerSecond, seconds, stopSeconds } = stopTest;
  const expected = ratePerSecond * seconds;
  console.log(
    `\n${ratePerSecond}/s for ${seconds} s; the server stands still for ${stopSeconds} s of them. Reported / by the server's clock / by arithmetic, in ms.`,
  );
  console.log(
    `${' '.repeat(26)}${['mean', 'p90', 'p99'].map((name) => name.padStart(20)).join('')}   stood still, behind   answered of ${expected}, matched by`,
  );
  const own = await stopLoadline(stopTest);
  for (const row of own) console.log(stopLine(row));
  for (const tool of otherTools(values.npx)) console.log(stopLine(await stopTool(tool, stopTest)));
  const worst = own.flatMap(({ reported, truth, arithmetic }) =>
    (['meanMs', 'p90Ms', 'p99Ms'] as const).flatMap((key) =>
      [truth, arithmetic].map((of) => Math.abs((reported[key] ?? 0) / (of[key] ?? 1) - 1)),
    ),
  );
  return verdict(Math.max(...worst) <= maxStopError, `our worst error ${(Math.max(...worst) * 100).toFixed(1)}%`);
}

function stopLine({ tool, reported, truth, arithmetic, stoodStillMs, behindMs, answered, pairedBy }: StopRow): string {
  const cell = (key: keyof Reported) =>
    [reported, truth, arithmetic]
      .map((of) => of[key]?.toFixed(0) ?? '-')
      .join(' / ')
      .padStart(20);
  return `${tool.padEnd(26)}${cell('meanMs')}${cell('p90Ms')}${cell('p99Ms')}${`${stoodStillMs.toFixed(0)}, ${behindMs.toFixed(0)}`.padStart(22)}${String(answered).padStart(11)} ${pairedBy}`;
}

async function judgeDistribution(): Promise<boolean> {
  console.log(
    '\nA server that delays answers, lognormal with a median of 20 ms: planned; actual by its own clock; our service time; our latency.',
  );
  const { rows, pathMs } = await compareDistribution({ ratePerSecond: 1_000, seconds: 10 });
  let isClose = true;
  for (const { quantile, wantedMs, heldMs, serviceMs, latencyMs } of rows) {
    const offMs = serviceMs - heldMs;
    isClose &&= Math.abs(offMs - pathMs) <= Math.max(maxQuantileErrorMs, heldMs * maxQuantileError);
    const cells = [wantedMs, heldMs, serviceMs, latencyMs].map((ms) => `${ms.toFixed(2).padStart(9)} ms`).join('');
    console.log(
      `  ${`p${quantile * 100}`.padEnd(6)}${cells}   timer ${(heldMs - wantedMs).toFixed(2)} ms, service time − delay ${offMs.toFixed(2)} ms`,
    );
  }
  console.log(
    `  With a constant delay, the median round trip takes ${pathMs.toFixed(2)} ms more: the overhead of the path.`,
  );
  return verdict(isClose, 'service time equals the delay plus the path, within 1% or 0.2 ms');
}

async function judgeLedger(): Promise<boolean> {
  console.log('\nA target that drops, repeats and reorders known messages: counted / expected.');
  const rows = await compareLedger();
  for (const { counter, counted, expected } of rows)
    console.log(
      `  ${counter.padEnd(22)} ${String(counted).padStart(5)} / ${expected}${counted === expected ? '' : '   WRONG'}`,
    );
  return verdict(
    rows.every(({ counted, expected }) => counted === expected),
    'ledger exact',
  );
}

function verdict(holds: boolean, what: string): boolean {
  console.log(holds ? `  ok: ${what}` : `  FAILED: ${what}`);
  return holds;
}
