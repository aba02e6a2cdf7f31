/** When a quota runs out. */

/** A day of the projection. */
export interface ProjectedDay {
  date: string;
  months: number;
}

/** What can be done before a quota runs out. */
interface Remedy {
  /** `ask`: AWS, by the quota's code or that of the quota it follows; `set`: a setting of the stack or the client; `redesign`: nothing moves it. */
  remedy: 'ask' | 'set' | 'redesign';
  /** The last day to ask AWS: the earliest date less the lead time, and not before the plan's date. Null when there is nothing to request. */
  askBy: string | null;
}

/** The days between which a quota runs out; `latest` null: not within the horizon. */
export interface DateInterval {
  earliest: ProjectedDay;
  latest: ProjectedDay | null;
  /**
   * `95%`: from the growth of the plan's history alone, holds in 95 of 100 cases. `approximate`: standard errors of coefficients are in it, which
   * come without their degrees of freedom, so no share can be promised.
   */
  level: '95%' | 'approximate';
}

export type Exhaustion = {
  quotaId: string;
  name: string;
  code: string | null;
  /** True: it follows from the stack alone, whatever the load. */
  fixed: boolean;
} & (
  | ({
      kind: 'at';
      date: string;
      months: number;
      stage: string | null;
      /** Demand over quota on that day. */
      utilisation: number;
      /** Null when the plan states the growth as a number and the coefficients come from one run: then the uncertainty is unknown. */
      interval: DateInterval | null;
    } & Remedy)
  /** By the best estimate not within the horizon, but within its uncertainty. */
  | ({
      kind: 'perhaps';
      horizonMonths: number;
      utilisationAtEnd: number;
      interval: DateInterval & { latest: null };
    } & Remedy)
  | { kind: 'notWithinHorizon'; horizonMonths: number; utilisationAtEnd: number }
  | { kind: 'unknown'; reason: string }
);

/** By date, then those that may run out, those that last, and those that are not known. */
export function orderOf(exhaustion: Exhaustion): number {
  switch (exhaustion.kind) {
    case 'at':
      return exhaustion.months;
    case 'perhaps':
      return 1e6 + exhaustion.interval.earliest.months;
    case 'notWithinHorizon':
      return 2e6;
    case 'unknown':
      return 3e6;
  }
}

/** At the date, or at the end of the horizon; 0: not known. */
export function utilisationOf(exhaustion: Exhaustion): number {
  if (exhaustion.kind === 'unknown') return 0;
  return exhaustion.kind === 'at' ? exhaustion.utilisation : exhaustion.utilisationAtEnd;
}
