/** Search for the largest load that a system carries, by trials that may err. */
import { type PlannedTrial, planSearch, problemOfSettings, type SearchSettings } from './search-plan.ts';

/** The result of a trial: whether the load was carried, alone or with evidence to keep. */
export type TrialAnswer<Evidence extends object> = boolean | ({ passed: boolean } & Evidence);

export type SearchTrial<Evidence extends object = object> = PlannedTrial & { passed: boolean } & Partial<Evidence>;

/** Highest load known to be carried and lowest known not to be; 0 and null while there is none. */
export interface Bracket {
  lower: number;
  upper: number | null;
}

export type SearchResult<Evidence extends object = object> = Bracket & { trials: SearchTrial<Evidence>[] } & (
    | {
        /** `lower` passed its clean re-runs; `upper` failed. A `lower` of 0: no load was carried. An `upper` of null: `max` was carried. */
        kind: 'found';
      }
    /** A trial rejected. The trials made are kept, to be resumed from; the bracket is where the search stood, and `lower` is not verified. */
    | { kind: 'interrupted'; reason: string; cause: unknown }
    | { kind: 'refused'; reason: string }
  );

/**
 * Searches the load at which trials begin to fail. Geometric ramp (× 2) from `start` to the first failure or `max`; a majority
 * vote of up to three on that failure, after which ramping continues if it was chance; bisection, in the logarithm, to a relative width
 * (upper / lower − 1); then six clean passes of the lower bound, else a step down and four of the next: its own trial and three clean re-runs.
 * The answer lies within what was tested: `lower` never exceeds the largest load that passed.
 *
 * Errs to the safe side: a trial fails by chance near the limit, and so many passes are asked for. Simulated with trials that
 * fail with probability Φ(ln(load / capacity) / s), width 0.05: 0%, 0.02% and 0.22% of searches overstate by more than 5% at s = 2%, 8% and 15%,
 * in 17, 19 and 21 trials; the mean answer is 4%, 10% and 14% low. Holds when passing is monotone in the load and trials are
 * independent: let the system come to rest between them. After RFC 2544, section 26.1, and draft-ietf-bmwg-mlrsearch.
 *
 * Resumable: `prior` is the log of an interrupted search with the same settings. Its trials are reused in order and not repeated.
 */
export async function searchCapacity<Evidence extends object = object>(
  trial: (load: number, planned: PlannedTrial) => Promise<TrialAnswer<Evidence>>,
  settings: SearchSettings & {
    prior?: readonly SearchTrial<Evidence>[] | undefined;
    /** Whether a new trial that failed would have failed at any load, which ends a search in which none passed; default: none would. */
    failsAlways?: ((made: SearchTrial<Evidence>) => boolean) | undefined;
    /** Called after each new trial. */
    onTrial?: ((made: SearchTrial<Evidence>, bracket: Bracket) => void) | undefined;
  },
): Promise<SearchResult<Evidence>> {
  const trials: SearchTrial<Evidence>[] = [];
  const bracket = (): Bracket => bracketOf(trials);
  const reason = problemOfSettings(settings);
  if (reason !== null) return { kind: 'refused', reason, lower: 0, upper: null, trials };
  const { prior = [] } = settings;
  const steps = planSearch(settings);
  let next = steps.next();
  while (!next.done) {
    const planned = next.value;
    const known = prior[trials.length];
    if (known && Math.abs(known.load / planned.load - 1) > 1e-9)
      return {
        kind: 'refused',
        reason: `The log belongs to another search: its trial ${trials.length + 1} was at ${known.load}, with these settings it is at ${planned.load}. Resume with the settings of the log, or start a new search.`,
        ...bracket(),
        trials: [...prior],
      };
    if (known) trials.push(known);
    else {
      try {
        const answer = await trial(planned.load, planned);
        const made = (
          typeof answer === 'boolean' ? { ...planned, passed: answer } : { ...answer, ...planned }
        ) as SearchTrial<Evidence>;
        trials.push(made);
        settings.onTrial?.(made, bracket());
        const nothingPassed = trials.every(({ passed }) => !passed);
        if (nothingPassed && settings.failsAlways?.(made)) return { kind: 'found', ...bracket(), trials };
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause);
        const message = `Trial ${trials.length + 1}, at ${planned.load}, could not be run: ${why}`;
        return { kind: 'interrupted', reason: message, cause, ...bracket(), trials };
      }
    }
    next = steps.next(trials.at(-1)?.passed ?? false);
  }
  return { kind: 'found', ...next.value, trials };
}

/** Where trials stand before they are verified: the highest load that passed below every failure, and the lowest that failed above it. */
function bracketOf(trials: readonly { load: number; passed: boolean }[]): Bracket {
  const failed = trials.filter(({ passed }) => !passed).map(({ load }) => load);
  const upper = failed.length > 0 ? Math.min(...failed) : null;
  const passed = trials.filter((trial) => trial.passed && trial.load < (upper ?? Number.POSITIVE_INFINITY));
  return { lower: Math.max(0, ...passed.map(({ load }) => load)), upper };
}
