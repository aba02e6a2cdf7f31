/**
 * Change points: false alarms a series and year, and nights until a change is seen, for ours and Apache Otava on the same histories:
 * `npm run bench:regression -- 1000`, histories a row (Otava takes the first 50 of them). Simulated, so the same on every machine.
 */
import { readFileSync } from 'node:fs';
import { detectChanges, minBaseline } from '../capacity/change-points/detect.ts';
import { historyOf } from '../capacity/change-points/histories.fixture.ts';
import { judgeHistory } from '../history/judged-history.ts';
import { yearOfNights } from '../history/lines.fixture.ts';
import { trendFiles } from '../reports/trend/trend-files.ts';
import { startOtava } from './regression/otava.ts';

const [histories = 1_000] = process.argv.slice(2).map(Number);
const nightsPerYear = 365;
const otavaHistories = Math.min(50, histories);
/** A change not seen by then counts as missed. */
const patience = 60;
const changeAt = 100;
const seeds = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

const otava = await startOtava();
if (otava === null) console.log('Without Apache Otava: it needs Python 3 with venv and pip.');

interface Row {
  ours: string;
  otava: string;
}
const table: Record<string, Row> = {};

for (const correlation of [0, 0.5]) {
  const history = (seed: number) =>
    historyOf({ nights: nightsPerYear + minBaseline, deviation: 0.05, correlation, seed });
  let ours = 0;
  for (const seed of seeds(histories)) ours += detectChanges(history(seed)).length;
  let theirs = 0;
  if (otava) for (const seed of seeds(otavaHistories)) theirs += (await otava.changes(linear(history(seed)))).length;
  table[`false alarms a series and year, correlation ${correlation}`] = {
    ours: (ours / histories).toFixed(3),
    otava: otava ? (theirs / otavaHistories).toFixed(2) : '',
  };
}

for (const deviation of [0.01, 0.02, 0.05])
  for (const ratio of [1.1, 1.2]) {
    const history = (seed: number) =>
      historyOf({ nights: changeAt + patience, deviation, correlation: 0, change: { ratio, at: changeAt }, seed });
    const ours = seeds(Math.min(200, histories)).map((seed) => {
      const seen = detectChanges(history(seed)).find(({ foundAt }) => foundAt >= changeAt);
      return seen ? seen.foundAt - changeAt + 1 : null;
    });
    const theirs: (number | null)[] = [];
    if (otava)
      for (const seed of seeds(Math.min(20, histories)))
        theirs.push(await otava.nightsUntilSeen(linear(history(seed)), changeAt));
    table[`nights until +${Math.round(100 * (ratio - 1))}% is seen, noise of ${100 * deviation}%`] = {
      ours: inWords(ours),
      otava: otava ? inWords(theirs) : '',
    };
  }
console.table(table);

const file = readFileSync(new URL('regression/published-throughput.csv', import.meta.url), 'utf8');
const published = file.split('\n').flatMap((line) => (/^\d/.test(line) ? [Number(line.split(',')[1])] : []));
console.log('The published throughput history, commit: change');
for (const { at, before, after } of detectChanges(published.map(Math.log)))
  console.log(`  ours   ${at}: ${(100 * Math.expm1(after - before)).toFixed(1)}%`);
if (otava) console.log(`  Otava  ${(await otava.changes(published)).join(', ')}`);
otava?.stop();

const lines = yearOfNights();
const began = performance.now();
const judged = judgeHistory({ lines, acknowledgements: [], skipped: [] });
trendFiles(judged, { repository: null, commitsBetween: () => null }, new Date().toISOString());
console.log(
  `${judged.series.length} series of 400 nights, judged and drawn: ${((performance.now() - began) / 1_000).toFixed(2)} s`,
);

function linear(values: readonly number[]): number[] {
  return values.map((value) => 100 * Math.exp(value));
}

/** Median and 90th percentile; what was not seen comes last. */
function inWords(nights: readonly (number | null)[]): string {
  const sorted = nights.map((count) => count ?? Number.POSITIVE_INFINITY).toSorted((a, b) => a - b);
  const at = (share: number) => {
    const value = sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
    return value === Number.POSITIVE_INFINITY ? `over ${patience}` : String(value);
  };
  return `${at(0.5)}; 9 of 10 by ${at(0.9)}`;
}
