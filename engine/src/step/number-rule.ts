/** What a number of a `fleet` step may be: stated once, and rendered as a check, as text and as a schema. Pure. */
export interface NumberRule {
  /** Absent: required. */
  default?: number;
  /** Absent: any number. */
  min?: number;
  /** The minimum itself is excluded. */
  exclusive?: true;
  max?: number;
  whole?: true;
}

/** As in "expected a whole number of at least 1". */
export function describeRule({ min, max, exclusive, whole }: NumberRule): string {
  const kind = whole ? 'a whole number' : 'a number';
  if (min === undefined) return kind;
  if (max !== undefined && !exclusive) return `${kind} from ${min} to ${max}`;
  const range = `${exclusive ? 'above' : 'of at least'} ${min}`;
  return `${kind} ${range}${max === undefined ? '' : ` and at most ${max}`}`;
}

export function isAllowed(rule: NumberRule, value: number): boolean {
  if (!Number.isFinite(value) || (rule.whole && !Number.isSafeInteger(value))) return false;
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = rule;
  return value <= max && (rule.exclusive ? value > min : value >= min);
}
