/**
 * `npm run attribution [-- name …]`: lowers one limit of the local target at a time, lets the search find it, and holds its answer against
 * the truth: the right name, and the capacity within 5%. About two minutes a bottleneck. Exit code 1 when one is wrong.
 */
import { bottlenecks } from './bottlenecks.ts';
import { findBottleneck, tolerance } from './find.ts';

const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort(signal));
const wanted = process.argv.slice(2);
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
  if (abort.signal.aborted) break;
  console.log(bottleneck.name);
  const started = performance.now();
  const found = await findBottleneck(bottleneck, { signal: abort.signal, say: (line) => console.log(`  ${line}`) });
  const ok = found.kind === 'found' && found.namedRightly && Math.abs(found.error) <= tolerance;
  if (ok) right += 1;
  else wrong += 1;
  console.log(
    `  ${ok ? 'ok' : 'WRONG'}: ${found.lower.toFixed(1)} carried, truth ${found.truth.toFixed(1)} (${(100 * found.error).toFixed(1)}%), ${found.trials.length} trials, ${Math.round((performance.now() - started) / 1_000)} s`,
  );
  console.log(`  named${found.namedRightly ? '' : ' WRONGLY'}: ${found.named?.sentence ?? 'nothing'}`);
}
console.log(`${right} passed, ${wrong} failed`);
process.exitCode = abort.signal.aborted ? 130 : wrong > 0 ? 1 : 0;
