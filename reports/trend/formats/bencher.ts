/** Bencher Metric Format: `bencher run --adapter json --file bencher.json`. Source: bencher.dev/docs/reference/bencher-metric-format, read 2026-11. */
import type { NewestValue } from './newest-values.ts';

/** A measure's slug has at most so many characters. */
const longestSlug = 64;

export function bencherMetrics(values: readonly NewestValue[]): Record<string, Record<string, object>> {
  const benchmarks: Record<string, Record<string, object>> = {};
  for (const { series, entry, metric, point, low, high } of values) {
    const own = benchmarks[entry] ?? {};
    const measure = freeSlug(slugOf(`${metric} ${series.unit}`), own);
    benchmarks[entry] = { ...own, [measure]: { value: point.value, lower_value: low, upper_value: high } };
  }
  return benchmarks;
}

/** Names of routes may differ in nothing but signs that a slug has not: the second of two has a number behind it. */
function freeSlug(slug: string, taken: Readonly<Record<string, object>>): string {
  let free = slug;
  for (let n = 2; taken[free] !== undefined; n++) free = `${slug.slice(0, longestSlug - `-${n}`.length)}-${n}`;
  return free;
}

/** With its unit, for a measure has one: `cpu µs/message` → `cpu-us-per-message`. */
const slugOf = (text: string): string =>
  text
    .replaceAll('µ', 'u')
    .replaceAll('/', '-per-')
    .replaceAll(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, longestSlug);
