/** When a quota runs out. */

/** A day of the projection. */
export interface ProjectedDay {
  date: string;
  months: number;
}

export type Exhaustion = { quotaId: string; name: string; code: string | null } & (
  | {
      kind: 'at';
      date: string;
      months: number;
      stage: string | null;
      /** Demand over quota on that day. */
      utilisation: number;
      /**
       * 95%, from the growth's interval and the coefficients' standard errors; `latest` null: not within the horizon. Null when the plan
       * states the growth as a number and the coefficients come from one run: then the uncertainty is unknown.
       */
      interval: { earliest: ProjectedDay; latest: ProjectedDay | null } | null;
      /** `ask`: AWS, by the quota's code; `set`: the stack's own setting; `redesign`: AWS does not raise it. */
      remedy: 'ask' | 'set' | 'redesign';
      /** The last day to ask AWS: the earliest date less the lead time, and not before the plan's date. Null when there is nothing to request. */
      askBy: string | null;
    }
  | { kind: 'notWithinHorizon'; horizonMonths: number; utilisationAtEnd: number }
  /** Stages alone do not exhaust it within the horizon, and the plan's history does not show whether users grow. */
  | { kind: 'growthNotDetectable'; horizonMonths: number; utilisationAtEnd: number; reason: string }
  | { kind: 'unknown'; reason: string }
);
