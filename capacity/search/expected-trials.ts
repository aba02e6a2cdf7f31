/** How many trials a search is likely to take. Pure. */
import type { Bracket } from './capacity-search.ts';
import { planSearch, type SearchSettings } from './search-plan.ts';

/** Beyond any search: its ramp, bisection and verification are some 20. */
const most = 100;

/**
 * Those made and those to come, if the target carries what the bracket suggests: its geometric middle, or half more than the lower end while nothing has failed. The rest is the
 * search's own plan with trials that pass below that load and fail above it. Exact where the guess is right; each surprise adds some.
 */
export function expectedTrials(settings: SearchSettings, made: readonly boolean[], { lower, upper }: Bracket): number {
  const middle =
    upper === null
      ? Math.max(lower, settings.start) * 1.5
      : Math.sqrt(Math.max(lower, settings.start / 2 ** made.length) * upper);
  const steps = planSearch(settings);
  let trials = 0;
  let next = steps.next();
  while (!next.done && trials < most) {
    const passed = made[trials] ?? next.value.load <= middle;
    trials++;
    next = steps.next(passed);
  }
  return Math.max(trials, made.length);
}
