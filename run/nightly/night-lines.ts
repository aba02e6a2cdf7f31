/** What an entry measured in its repeats → its lines of the history. Pure. */
import { median } from '../../capacity/change-points/noise.ts';
import { type Line, lineVersion } from '../../history/line.ts';
import type { Measured, Measurement } from './measurement.ts';
import type { Entry } from './suite.ts';

/** What all lines of a night share. */
export type NightHead = Pick<Line, 'night' | 'at' | 'sequence' | 'run' | 'commit' | 'loadline' | 'node' | 'machine'>;

export interface MeasuredEntry {
  entry: Entry;
  plan: string;
  repeats: readonly Measured[];
}

/** One line a series: those of valid repeats if there is one, otherwise kept and marked. */
export function linesOf(
  head: NightHead,
  { entry, plan, repeats }: MeasuredEntry,
  role: Line['role'] = 'night',
): Line[] {
  const valid = repeats.filter(({ invalid }) => invalid === null);
  const invalid = valid.length > 0 ? null : (repeats[0]?.invalid ?? 'It was not run.');
  const used = valid.length > 0 ? valid : repeats;
  const broken = valid.filter(({ sloBroken }) => sloBroken !== null);
  const common = {
    ...{ v: lineVersion, ...head, role, plan, invalid },
    ...(entry.formerly && { formerly: entry.formerly }),
    target: used.find(({ target }) => target !== 'none')?.target ?? 'none',
    // One bad run of three may be the neighbours'.
    sloBroken: broken.length * 2 > valid.length ? (broken[0]?.sloBroken ?? null) : null,
  } as const;
  const byMetric = Map.groupBy(
    used.flatMap(({ measurements }) => measurements),
    ({ metric }) => metric,
  );
  if (byMetric.size === 0) {
    const of = { unit: '', harm: 'higher', statistic: 'median', machineBound: false } as const;
    return [
      {
        ...common,
        ...of,
        series: `${entry.name}.run`,
        value: null,
        repeats: [],
        invalid: invalid ?? 'It measured nothing.',
      },
    ];
  }
  return [...byMetric].map(([metric, each]) => lineOf(common, `${entry.name}.${metric}`, each));
}

type Common = Omit<Line, 'series' | 'value' | 'unit' | 'harm' | 'statistic' | 'repeats' | 'machineBound'>;

function lineOf(common: Common, series: string, each: readonly Measurement[]): Line {
  const [first] = each;
  const values = each.map(({ value }) => value);
  const { unit = '', harm = 'higher', statistic = 'median', machineBound = true } = first ?? {};
  const value = statistic === 'minimum' ? Math.min(...values) : median(values);
  return { ...common, series, value, unit, harm, statistic, repeats: values, machineBound };
}
