/** One fact about AWS that the local target is built on, and how it is checked. */

export const areas = [
  'A1',
  'A2',
  'A3',
  'A4',
  'A5',
  'A6',
  'A7',
  'A8',
  'B1',
  'B2',
  'B3',
  'B4',
  'B5',
  'B6',
  'C',
  'D1',
  'D2',
  'D3',
  'D4',
  'D5',
] as const;
export type Area = (typeof areas)[number];

/**
 * H: AWS's own documentation or service model. M: one good secondary source or an observation of others. L: inferred, or sources
 * conflict. unverified: neither documented nor observed.
 */
export const confidences = ['H', 'H/M', 'M', 'M/unverified', 'L', 'unverified'] as const;
export type Confidence = (typeof confidences)[number];

export type Check =
  /** A case checks it on this machine and on a deployed stack. */
  | { kind: 'both' }
  /** A case checks it on this machine only. */
  | { kind: 'localOnly'; why: string }
  /** Undocumented or nondeterministic on AWS, so it is configurable; a case checks the default. `setting`: a path in the schema of limits. */
  | { kind: 'setting'; setting: string }
  /** The local target does not implement this. */
  | { kind: 'notModelled'; why: string }
  /** There is nothing to check: it concerns AWS limits that none of our requests reaches. */
  | { kind: 'fact'; why: string };

export interface Row {
  /** `area.name`, unique. */
  id: string;
  area: Area;
  row: string;
  expectation: string;
  /** A key of the sources. */
  source: string;
  confidence: Confidence;
  check: Check;
}

/** Whether a case must exist for the row. */
export function isChecked({ check }: Pick<Row, 'check'>): boolean {
  switch (check.kind) {
    case 'both':
    case 'localOnly':
    case 'setting':
      return true;
    case 'notModelled':
    case 'fact':
      return false;
  }
}

/** Whether its case may run against a deployed stack. */
export function runsOnAws({ check }: Pick<Row, 'check'>): boolean {
  return isChecked({ check }) && check.kind !== 'localOnly';
}
