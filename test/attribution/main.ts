/**
 * `npm run attribution [-- --bracket] [--today] [--attempts 2] [--at-once 3] [name …]`: lowers one limit of the local target at a time and compares
 * Loadline's result with the truth: the right name, and the capacity. Without an option each bottleneck is searched (within 5%; three to
 * seven minutes each), with `--today` one of them, rotating daily. `--bracket`: two trials just below each truth and two just above it,
 * a minute or two each; with `--today` as well that one is searched all the same. For an otherwise idle machine; on a shared one `--attempts` allows retries.
 * Exit code 1 if one is wrong in its last attempt.
 */
import { parseOptions } from '../parse-options.ts';
import { type Bottleneck, bottlenecks } from './bottlenecks.ts';
import { bracketBottleneck, type Finding, findBottleneck } from './find.ts';

const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort(signal));
const usage = 'Usage: npm run attribution -- [--bracket] [--today] [--attempts 1] [--at-once 1] [name …]';
const { values, positionals: wanted } = parseOptions(usage, {
  allowPositionals: true,
  options: {
    attempts: { type: 'string', default: '1' },
    bracket: { type: 'boolean', default: false },
    today: { type: 'boolean', default: false },
    'at-once': { type: 'string', default: '1' },
  },
});
const [attempts, atOnce] = [Number(values.attempts), Number(values['at-once'])];
if (![attempts, atOnce].every((count) => Number.isInteger(count) && count > 0)) {
  console.error('--attempts and --at-once are whole numbers above 0.');
  process.exit(2);
}
const today = bottlenecks[Math.floor(Date.now() / 86_400_000) % bottlenecks.length];
const chosen = bottlenecks
  .filter((each) => !values.today || values.bracket || each === today)
  .filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)))
  // A search takes longest.
  .toSorted((a, b) => Number(isSearched(b)) - Number(isSearched(a)));
if (chosen.length === 0) {
  console.error(`Unknown bottleneck ${wanted.join(', ')}. Known: ${bottlenecks.map(({ name }) => name).join('; ')}.`);
  process.exit(2);
}
let right = 0;
let wrong = 0;
const lane = async (waiting: Bottleneck[]) => {
  for (let next = waiting.shift(); next !== undefined && !abort.signal.aborted; next = waiting.shift()) {
    if (await isFound(next)) right += 1;
    else wrong += 1;
  }
};
// Trials mostly wait: three concurrent ones still leave idle time on two cores.
const together = chosen.filter(({ alone }) => !alone);
await Promise.all(Array.from({ length: atOnce }, () => lane(together)));
await lane(chosen.filter(({ alone }) => alone));
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

async function isFound(bottleneck: Bottleneck): Promise<boolean> {
  const say = (line: string) => console.log(`${bottleneck.name}: ${line}`);
  for (let attempt = 1; attempt <= attempts && !abort.signal.aborted; attempt++) {
    const started = performance.now();
    const look = isSearched(bottleneck) ? findBottleneck : bracketBottleneck;
    const found = await look(bottleneck, { signal: abort.signal, say }).catch((error) => {
      if (abort.signal.aborted) return null;
      throw error;
    });
    if (found === null) return false;
    const ok = found.complete && found.namedRightly && found.agrees;
    const seconds = Math.round((performance.now() - started) / 1_000);
    say(`${ok ? 'ok' : 'WRONG'}: ${found.sentence}, ${found.trials} trials, ${seconds} s`);
    say(`named${found.namedRightly ? '' : ' WRONGLY'}: ${nameOf(found.named)}`);
    if (ok) return true;
  }
  return false;
}
