/** What an entry of a suite measured once. */
import type { Harm } from '../../capacity/change-points/judge.ts';
import type { Line } from '../../history/line.ts';

export interface Measurement {
  /** The series is named `<entry>.<metric>`. */
  metric: string;
  value: number;
  unit: string;
  harm: Harm;
  /** Of repeats. Neighbours on the machine only add to times: the smallest is nearest to what the code itself takes. */
  statistic: Line['statistic'];
  /** Values of two machines may not be compared. */
  machineBound: boolean;
}

export interface Measured {
  measurements: readonly Measurement[];
  target: Line['target'];
  /** Why nothing of it may be judged; null: it is valid. */
  invalid: string | null;
  sloBroken: string | null;
}

/** A count per unit of load, which a machine's speed does not enter into. */
export const count = (metric: string, value: number, unit: string): Measurement => ({
  ...{ metric, value: rounded(value), unit },
  ...{ harm: 'higher', statistic: 'median', machineBound: false },
});

/** A time, of a processor or of a wall clock. */
export const time = (metric: string, value: number, unit: string): Measurement => ({
  ...{ metric, value: rounded(value), unit },
  ...{ harm: 'higher', statistic: 'minimum', machineBound: true },
});

/** Work that did not succeed: as exact as a count, but a machine that is too slow for the load makes some of it. */
export const failures = (metric: string, value: number, unit: string): Measurement => ({
  ...count(metric, value, unit),
  machineBound: true,
});

/** Load that is carried, or room that is left. */
export const capacity = (metric: string, value: number, unit: string, machineBound: boolean): Measurement => ({
  ...{ metric, value: rounded(value), unit },
  ...{ harm: 'lower', statistic: 'median', machineBound },
});

/** Equal counts are to be equal numbers, whatever the order of the divisions. */
const rounded = (value: number): number => Number(value.toPrecision(12));
