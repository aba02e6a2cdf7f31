/**
 * Does a load generator tell the truth? Three servers whose truth is known, our load core, and other tools where they are installed.
 *
 *   node bench/truth.ts                    our core and stock Artillery (and k6, wrk2 where they are)
 *   node bench/truth.ts --npx              loadtest and autocannon as well, fetched by npx into a temporary folder
 *   node bench/truth.ts --only stopped     one of stopped, distribution, ledger
 *
 * Ends with code 1 when our own numbers are off: mean, p90 and p99 by more than 2% in the first, quantiles by more than 1% and 0.2 ms in the
 * second, a single count in the third. On a machine that does other work the first two fail by what that work takes.
 */
import { parseArgs } from 'node:util';
import { compareDistribution } from './truth/distribution.ts';
import type { Reported } from './truth/latencies.ts';
import { compareLedger } from './truth/ledger.ts';
import { type StopRow, stopLoadline, stopTool, truthOfStop } from './truth/stopped.ts';
import { otherTools } from './truth/tools.ts';

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '500' },
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
  console.log(
    `\n${ratePerSecond}/s for ${seconds} s; the server stands still for ${stopSeconds} s of them. Reported / truth (ours: by the schedule and the server's clock; others: by arithmetic).`,
  );
  console.log('                              mean ms             p90 ms             p99 ms');
  const arithmetic = truthOfStop(stopSeconds * 1_000, seconds * 1_000);
  console.log(stopLine({ tool: 'arithmetic', reported: arithmetic, truth: arithmetic }));
  const own = await stopLoadline(stopTest);
  for (const row of own) console.log(stopLine(row));
  for (const tool of otherTools(values.npx)) console.log(stopLine(await stopTool(tool, stopTest)));
  const worst = own.flatMap(({ reported, truth }) =>
    (['meanMs', 'p90Ms', 'p99Ms'] as const).map((key) => Math.abs((reported[key] ?? 0) / (truth[key] ?? 1) - 1)),
  );
  return verdict(Math.max(...worst) <= maxStopError, `worst error of ours ${(Math.max(...worst) * 100).toFixed(1)}%`);
}

function stopLine({ tool, reported, truth }: StopRow): string {
  const cell = (key: keyof Reported) =>
    `${reported[key]?.toFixed(0) ?? '-'} / ${truth[key]?.toFixed(0) ?? '-'}`.padStart(16);
  return `${tool.padEnd(24)} ${cell('meanMs')}   ${cell('p90Ms')}   ${cell('p99Ms')}`;
}

async function judgeDistribution(): Promise<boolean> {
  console.log(
    '\nA server that holds answers back, lognormal with a median of 20 ms: held by its own clock; our service time; our latency.',
  );
  const rows = await compareDistribution({ ratePerSecond: 1_000, seconds: 10 });
  let isClose = true;
  for (const { quantile, heldMs, serviceMs, latencyMs } of rows) {
    const offMs = Math.abs(serviceMs - heldMs);
    isClose &&= offMs <= Math.max(maxQuantileErrorMs, heldMs * maxQuantileError);
    const share = `p${quantile * 100}`.padEnd(6);
    console.log(
      `  ${share} ${heldMs.toFixed(2).padStart(9)} ms  ${serviceMs.toFixed(2).padStart(9)} ms  ${latencyMs.toFixed(2).padStart(9)} ms   off by ${offMs.toFixed(2)} ms`,
    );
  }
  return verdict(isClose, 'quantiles within 1% or 0.2 ms');
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
  console.log(holds ? `  holds: ${what}` : `  DOES NOT HOLD: ${what}`);
  return holds;
}
