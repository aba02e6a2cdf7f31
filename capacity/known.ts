/**
 * A value that may be missing, with the reason: missing is not zero. `More` holds what is known either way (its unit), `About` what
 * is known only of a present value (its origin).
 */
export type Known<T, More = unknown, About = unknown> =
  | ({ kind: 'value'; value: T } & More & About)
  | ({ kind: 'unknown'; reason: string } & More);

export const known = <T>(value: T): Known<T> => ({ kind: 'value', value });
export const unknown = (reason: string): Known<never> => ({ kind: 'unknown', reason });

/** Applies a formula to a value; an unknown stays unknown, for the same reason. */
export const mapKnown = <T, U>(value: Known<T>, formula: (value: T) => U): Known<U> =>
  value.kind === 'value' ? known(formula(value.value)) : unknown(value.reason);

/** Applies a formula to several values; unknown, for the first reason, when one of them is. */
export function combine<T, U>(needed: readonly Known<T>[], formula: (values: T[]) => U): Known<U> {
  const values: T[] = [];
  for (const each of needed) {
    if (each.kind === 'unknown') return unknown(each.reason);
    values.push(each.value);
  }
  return known(formula(values));
}
