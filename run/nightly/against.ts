/** The project as it is, against another commit of it, run in turn on this machine. */
import { type Compared, comparePairs, type Pair } from '../../capacity/change-points/compare.ts';
import type { Harm } from '../../capacity/change-points/judge.ts';
import type { Checkout } from './child-command.ts';
import type { Measured, Measurement } from './measurement.ts';
import { measureEntry } from './run-entry.ts';
import { type Entry, fingerprintOf, type Suite } from './suite.ts';

interface ComparisonRequest {
  suite: Suite;
  base: Checkout;
  head: Checkout;
  /** Of each entry, the first time; what looks worse is run as often again. */
  pairs: number;
  confirms: boolean;
  runs: string;
  signal: AbortSignal;
  say: (line: string) => void;
  measure?: typeof measureEntry;
}

interface ComparedSeries {
  name: string;
  unit: string;
  harm: Harm;
  pairs: Pair[];
  compared: Compared;
}

export interface Comparison {
  series: ComparedSeries[];
  /** Metrics that no valid pair has on both sides: not compared. A count is none of them, since it is 0 where it is absent. */
  onlyIn: { series: string; side: 'base' | 'head' | 'neverTogether' }[];
  /** Entries that measure something else in the base: not compared. */
  changedPlans: string[];
  /** Entries of which no pair is valid, with the reason. */
  invalid: { entry: string; reason: string }[];
  /** Entries of which the head breaks its SLO in most pairs. */
  broken: { entry: string; sentence: string }[];
  /** Entries that were run again. */
  repeated: string[];
}

interface Sides {
  base: Measured;
  head: Measured;
}

/** @throws UsageError for an entry that cannot be run in one of the two. */
export async function runComparison(request: ComparisonRequest): Promise<Comparison> {
  const { suite, base, head, signal, say, confirms } = request;
  const isSame = (entry: Entry) => fingerprintOf(entry, base) === fingerprintOf(entry, head);
  const entries = suite.entries.filter(isSame);
  const made = new Map<string, Sides[]>(entries.map(({ name }) => [name, []]));
  await runPairs(entries, made, request);
  let { series, onlyIn } = comparedSeries(entries, made);
  const worse = (some: readonly ComparedSeries[]) =>
    some.filter(({ compared }) => compared.kind === 'compared' && compared.verdict === 'worse');
  const names = new Set(worse(series).map(({ name }) => name.split('.')[0]));
  const again = confirms && !signal.aborted ? entries.filter(({ name }) => names.has(name)) : [];
  if (again.length > 0) {
    say(`Looks worse, and is run again: ${again.map(({ name }) => name).join(', ')}.`);
    await runPairs(again, made, request);
    ({ series, onlyIn } = comparedSeries(entries, made));
  }
  return {
    series,
    onlyIn,
    changedPlans: suite.entries.filter((entry) => !isSame(entry)).map(({ name }) => name),
    invalid: [...made].flatMap(([entry, sides]) => {
      const reason = sides.map(({ base: b, head: h }) => b.invalid ?? h.invalid);
      return sides.length > 0 && reason.every((each) => each !== null) ? [{ entry, reason: reason[0] ?? '' }] : [];
    }),
    broken: [...made].flatMap(([entry, sides]) => {
      const sentences = sides.flatMap(({ head: h }) => h.sloBroken ?? []);
      return sentences.length * 2 > sides.length ? [{ entry, sentence: sentences[0] ?? '' }] : [];
    }),
    repeated: again.map(({ name }) => name),
  };
}

/** Whether any series was judged: otherwise the comparison says nothing. */
export const hasCompared = ({ series }: Pick<Comparison, 'series'>): boolean =>
  series.some(({ compared }) => compared.kind === 'compared');

/** Base, head, head, base, …: a machine that slows down slows both. */
async function runPairs(
  entries: readonly Entry[],
  made: Map<string, Sides[]>,
  request: ComparisonRequest,
): Promise<void> {
  const { base, head, pairs, runs, signal, say, measure = measureEntry } = request;
  for (let pair = 0; pair < pairs; pair++)
    for (const entry of entries) {
      const sides: Partial<Sides> = {};
      const order = pair % 2 === 0 ? (['base', 'head'] as const) : (['head', 'base'] as const);
      for (const side of order) {
        if (signal.aborted) return;
        say(`${entry.name}: ${side}, pair ${pair + 1} of ${pairs} …`);
        sides[side] = await measure(entry, { checkout: side === 'base' ? base : head, runs, signal });
      }
      const { base: b, head: h } = sides;
      // The last one was interrupted.
      if (b && h && !signal.aborted) made.get(entry.name)?.push({ base: b, head: h });
    }
}

function comparedSeries(
  entries: readonly Entry[],
  made: ReadonlyMap<string, readonly Sides[]>,
): Pick<Comparison, 'series' | 'onlyIn'> {
  const all: Omit<ComparedSeries, 'compared'>[] = [];
  const onlyIn: Comparison['onlyIn'] = [];
  for (const { name: entry, kind } of entries) {
    const valid = (made.get(entry) ?? []).filter(({ base, head }) => base.invalid === null && head.invalid === null);
    const known = new Map(
      valid
        .flatMap(({ head, base }) => [...head.measurements, ...base.measurements])
        .map((each) => [`${each.metric} ${each.unit}`, each]),
    );
    const hasZeros = kind === 'run' || kind === 'micro';
    for (const of of known.values()) {
      const valueIn = ({ measurements }: Measured): number | null =>
        measurements.find(({ metric, unit }) => metric === of.metric && unit === of.unit)?.value ??
        (hasZeros && isCount(of) && isZero(of, measurements) ? 0 : null);
      const values = valid.map(({ base, head }) => ({ base: valueIn(base), head: valueIn(head) }));
      const pairs = values.flatMap(({ base, head }) => (base === null || head === null ? [] : [{ base, head }]));
      const name = `${entry}.${of.metric}`;
      if (pairs.length > 0) all.push({ name, unit: of.unit, harm: of.harm, pairs });
      else {
        const [inBase, inHead] = [values.some(({ base }) => base !== null), values.some(({ head }) => head !== null)];
        onlyIn.push({ series: name, side: inBase && inHead ? 'neverTogether' : inHead ? 'head' : 'base' });
      }
    }
  }
  const series = all.map((each) => ({
    ...each,
    compared: comparePairs(each.pairs, { harm: each.harm, series: all.length }),
  }));
  return { series, onlyIn };
}

const isCount = ({ machineBound, harm }: Measurement): boolean => !machineBound && harm === 'higher';

/** What was not called is not counted: a side that has counts, and not this one, has none of it. In another unit it is another metric. */
const isZero = ({ metric }: Measurement, measurements: readonly Measurement[]): boolean =>
  measurements.some(isCount) && !measurements.some((each) => each.metric === metric);
