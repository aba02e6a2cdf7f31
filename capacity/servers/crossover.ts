/** Where one variant becomes cheaper than the other as a load grows. Pure. */

/** `factor`: of the load that it starts from. */
export interface Crossing {
  factor: number;
  /** Cheaper beyond it. */
  cheaper: 'first' | 'second';
}

interface Range {
  from: number;
  to: number;
  steps?: number;
}

/** Steps of the range, in the logarithm: bills grow in steps of a task, and a step that is skipped is one where they differ little. */
const usualSteps = 240;
const halvings = 40;

/** Every factor at which the difference of the two bills changes its sign, ascending. */
export function crossings(
  first: (factor: number) => number,
  second: (factor: number) => number,
  { from, to, steps = usualSteps }: Range,
): Crossing[] {
  const firstIsCheaper = (factor: number): boolean => first(factor) <= second(factor);
  const at = (step: number): number => from * (to / from) ** (step / steps);
  const found: Crossing[] = [];
  let before = firstIsCheaper(at(0));
  for (let step = 1; step <= steps; step++) {
    const now = firstIsCheaper(at(step));
    if (now !== before)
      found.push({
        factor: narrowed(firstIsCheaper, before, [at(step - 1), at(step)]),
        cheaper: now ? 'first' : 'second',
      });
    before = now;
  }
  return found;
}

function narrowed(isFirst: (factor: number) => boolean, before: boolean, [low, high]: [number, number]): number {
  let [from, to] = [low, high];
  for (let halving = 0; halving < halvings; halving++) {
    const middle = Math.sqrt(from * to);
    if (isFirst(middle) === before) from = middle;
    else to = middle;
  }
  return to;
}
