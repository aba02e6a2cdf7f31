/**
 * `npm run attribution [-- --bracket] [--today] [--at-once 3] [name …]`: lowers one limit of the local target at a time and compares
 * Loadline's result with the truth: the right name, and the capacity. Without an option each bottleneck is searched (within 5%; three to
 * seven minutes each), with `--today` one of them, rotating daily. `--bracket`: two trials just below each truth and two just above it,
 * a minute or two each; with `--today` as well that one is searched all the same. For an otherwise idle machine: a trial of a bracket while it
 * stood still is made again, however it ended, and a search that went wrong meanwhile as well. Exit code 1 if one is wrong.
 */
import { parseOptions } from '../parse-options.ts';
import { type Bottleneck, bottlenecks } from './bottlenecks.ts';
import { bracketBottleneck, type Finding, findBottleneck } from './find.ts';

const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort(signal));
const usage = 'Usage: npm run attribution -- [--bracket] [--today] [--at-once 1] [name …]';
const { values, positionals: wanted } = parseOptions(usage, {
  allowPositionals: true,
  options: {
    bracket: { type: 'boolean', default: false },
    today: { type: 'boolean', default: false },
    'at-once': { type: 'string', default: '1' },
  },
});
const atOnce = Number(values['at-once']);
if (!(Number.isInteger(atOnce) && atOnce > 0)) {
  console.error('--at-once is a whole number above 0.');
  process.exit(2);
}
const today = bottlenecks[Math.floor(Date.now() / 86_400_000) % bottlenecks.length];
const chosen = bottlenecks
  .filter((each) => !values.today || values.bracket || each === today)
  .filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)))
  // What takes longest first: a search, and long trials.
  .toSorted((a, b) => Number(isSearched(b)) - Number(isSearched(a)) || b.load.steadySeconds - a.load.steadySeconds);
if (chosen.length === 0) {
  console.error(`Unknown bottleneck ${wanted.join(', ')}. Known: ${bottlenecks.map(({ name }) => name).join('; ')}.`);
  process.exit(2);
}
let right = 0;
let wrong = 0;
const inLanes = async (waiting: Bottleneck[], lanes: number) => {
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined && !abort.signal.aborted; next = waiting.shift()) {
      if (await isFound(next)) right += 1;
      else wrong += 1;
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
};
// Trials mostly wait: three concurrent ones still leave idle time on two cores.
await inLanes(
  chosen.filter(({ delicate }) => !delicate),
  atOnce,
);
await inLanes(
  chosen.filter(({ delicate }) => delicate),
  Math.min(2, atOnce),
);
console.log(`${right} passed, ${wrong} failed`);
process.exitCode = abort.signal.aborted ? 130 : wrong > 0 ? 1 : 0;

function isSearched(bottleneck: Bottleneck): boolean {
  return !values.bracket || (values.today && bottleneck === today);
}

function nameOf(named: Finding['named']): string {
  if (named === null) return 'nothing';
  if (named.kind !== 'quota') return named.kind;
  return `${named.quota}${named.scope === null ? '' : ` of ${named.scope}`}`;
}

/** Searches of a machine that stands still again and again are given up after this many. */
const maxSearches = 3;

async function isFound(bottleneck: Bottleneck): Promise<boolean> {
  const say = (line: string) => console.log(`${bottleneck.name}: ${line}`);
  const look = isSearched(bottleneck) ? findBottleneck : bracketBottleneck;
  for (let searches = 1; !abort.signal.aborted; searches++) {
    const started = performance.now();
    const found = await look(bottleneck, { signal: abort.signal, say }).catch((error) => {
      if (abort.signal.aborted) return null;
      throw error;
    });
    if (found === null) return false;
    const { complete, namedRightly, agrees, standstillMs } = found;
    const ok = complete && namedRightly && agrees;
    const seconds = Math.round((performance.now() - started) / 1_000);
    const inconclusive = !ok && standstillMs > 0 && searches < maxSearches;
    const result = inconclusive ? `inconclusive, this machine stood still for ${standstillMs} ms` : ok ? 'ok' : 'WRONG';
    say(`${result}: ${found.sentence}, ${found.trials} trials, ${seconds} s`);
    say(`named${namedRightly ? '' : ' WRONGLY'}: ${nameOf(found.named)}`);
    if (!inconclusive) return ok;
  }
  return false;
}
