/**
 * `npm run attribution [-- --attempts 2] [-- name …]`: lowers one limit of the local target at a time, lets the search find it, and holds its
 * answer against the truth: the right name, and the capacity within 5%. Three to seven minutes a bottleneck, on a machine with nothing else to do; on one
 * that is shared a disturbed search may be made again. Exit code 1 when one is wrong in its last attempt.
 */
import { parseArgs } from 'node:util';
import { type Bottleneck, bottlenecks } from './bottlenecks.ts';
import { findBottleneck, tolerance } from './find.ts';

const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort(signal));
const { values, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: { attempts: { type: 'string', default: '1' } },
});
const chosen = bottlenecks.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
if (chosen.length === 0) {
  console.error(
    `No bottleneck is called ${wanted.join(', ')}. There are: ${bottlenecks.map(({ name }) => name).join('; ')}.`,
  );
  process.exit(2);
}
let right = 0;
let wrong = 0;
for (const bottleneck of chosen) {
  if (await isFound(bottleneck, Number(values.attempts))) right += 1;
  else wrong += 1;
  if (abort.signal.aborted) break;
}
console.log(`${right} passed, ${wrong} failed`);
process.exitCode = abort.signal.aborted ? 130 : wrong > 0 ? 1 : 0;

async function isFound(bottleneck: Bottleneck, attempts: number): Promise<boolean> {
  for (let attempt = 1; attempt <= attempts && !abort.signal.aborted; attempt++) {
    console.log(attempt === 1 ? bottleneck.name : `${bottleneck.name}, once more`);
    const started = performance.now();
    const found = await findBottleneck(bottleneck, { signal: abort.signal, say: (line) => console.log(`  ${line}`) });
    const ok = found.kind === 'found' && found.namedRightly && Math.abs(found.error) <= tolerance;
    console.log(
      `  ${ok ? 'ok' : 'WRONG'}: ${found.lower.toFixed(1)} carried, truth ${found.truth.toFixed(1)} (${(100 * found.error).toFixed(1)}%), ${found.trials.length} trials, ${Math.round((performance.now() - started) / 1_000)} s`,
    );
    console.log(`  named${found.namedRightly ? '' : ' WRONGLY'}: ${found.named?.sentence ?? 'nothing'}`);
    if (ok) return true;
  }
  return false;
}
