/** What recommendations have in common. */
import type { Design } from '../../aws/quotas/remedies.ts';
import type { Coefficients } from '../demand/coefficients.ts';
import type { Load } from '../demand/load.ts';
import type { UsagePlan } from '../demand/plan.ts';
import type { DeployedFunction, Deployment, FedQueue } from '../headroom/deployment.ts';
import type { QuotaInForce } from '../headroom/quota.ts';
import type { Exhaustion } from '../projection/exhaustion.ts';
import type { Projection } from '../projection/projection.ts';
import type { Certainty, Facts, RecoveryPrices } from './facts.ts';

interface Bucket {
  ratePerSecond: number;
  burst: number;
}

/** What a recommendation changes, as data: {@link applied} carries it out. */
export interface Change {
  /** The account's quotas, and what the plan states of the stack's: id or code → value, in the units of aws/quotas. */
  quotas?: Readonly<Record<string, number>>;
  /** Of the stack, by logical id. */
  settings?: {
    webSocketThrottle?: Bucket;
    webhookThrottle?: Bucket;
    fallbackThrottle?: Bucket;
    /** Of routes that have one of their own, by API and route: `Chat $connect`. */
    routeThrottles?: Readonly<Record<string, Bucket>>;
    functions?: Readonly<
      Record<string, Partial<Pick<DeployedFunction, 'memoryMb' | 'reservedConcurrency' | 'provisionedConcurrency'>>>
    >;
    queues?: Readonly<
      Record<
        string,
        Partial<
          Pick<
            FedQueue,
            | 'batchSize'
            | 'maximumConcurrency'
            | 'provisionedPollers'
            | 'retentionSeconds'
            | 'maxReceiveCount'
            | 'isHighThroughput'
          >
        >
      >
    >;
    /** Functions whose work the API does by itself. */
    withoutFunctions?: readonly string[];
  };
  plan?: Partial<Pick<UsagePlan, 'heartbeatSeconds'>>;
}

export interface Recommendation {
  /** What it is about; ids are stable. */
  id: string;
  /** Its name. */
  subject: string;
  /** The value to set or to request, in `unit`; a word where it is not a number. Null when the current one is sufficient, or nothing is known. */
  value: number | string | null;
  unit: string;
  /** The current value; null: not set, or not known. */
  present: number | string | null;
  /** Service Quotas code, of an increase to request from AWS. */
  code: string | null;
  /** Key of the stack's settings, the plan or the client that is to be set; null: none. */
  setting: string | null;
  /** Quotas that it keeps from being exceeded, or that stay exceeded (`redesign`). Ids of headroom rows. */
  quotaIds: readonly string[];
  /** Last day to request or set it, where the projection gives one. */
  by: string | null;
  /** The first day on which one of the quotas is exceeded without it; null: not within the horizon. */
  exceededOn: string | null;
  /** Demand over quota on that day, or at the end of the horizon: the highest of the quotas. Null: not known. */
  weight: number | null;
  /** Everything else presumes it: an account whose quotas are those of a new one. */
  precondition: boolean;
  /** `redesign`: no setting and no raise mends it. */
  kind: 'ask' | 'set' | 'keep' | 'unknown' | 'redesign';
  /** Of a redesign: what would mend it. Empty otherwise. */
  designs: readonly Design[];
  change: Change;
  /** Of clients that come back together: what waiting and what a raise costs. Null otherwise. */
  recovery: RecoveryPrices | null;
  /** What it was calculated from. */
  facts: Facts;
}

/** What is the same in most may be left out. */
export type Draft = Omit<Recommendation, keyof typeof plain> & Partial<Pick<Recommendation, keyof typeof plain>>;

const plain = {
  code: null,
  by: null,
  present: null,
  setting: null,
  quotaIds: [],
  exceededOn: null,
  weight: null,
  precondition: false,
  designs: [],
  change: {},
  recovery: null,
} as const satisfies Partial<Recommendation>;

export function recommended(draft: Draft): Recommendation {
  const whole = { ...plain, ...draft };
  // What is kept, or not known, changes nothing and is not due.
  const acts = whole.kind !== 'keep' && whole.kind !== 'unknown';
  const { change, by } = acts ? whole : { change: {}, by: null };
  return { ...whole, change, by };
}

/** The input of every recommendation. */
export interface Context {
  /** With what was recommended before it. */
  plan: UsagePlan;
  coefficients: Coefficients;
  /** With what was recommended before it. */
  deployment: Deployment;
  limits: readonly QuotaInForce[];
  /** The stack and its quotas as they are, before anything that was recommended. */
  now: { deployment: Deployment; limits: readonly QuotaInForce[] };
  /** Of the plan as it is. */
  projection: Projection;
  /** On the plan's busiest day. */
  load: Load;
  date: string;
}

/** When and by how much some of the quotas are exceeded, and until when something is to be done. Within the uncertainty the earliest date counts. */
export function urgency(
  projection: Projection,
  quotaIds: readonly string[],
): Pick<Recommendation, 'quotaIds' | 'by' | 'exceededOn' | 'weight'> {
  const all = projection.exhaustions.filter((each) => quotaIds.includes(each.quotaId));
  const [by = null] = all.flatMap((each) => dueBy(each) ?? []).toSorted();
  const [exceededOn = null] = all.flatMap((each) => (each.kind === 'at' ? [each.date] : [])).toSorted();
  const shares = all.flatMap((each) =>
    each.kind === 'unknown' ? [] : [each.kind === 'at' ? each.utilisation : each.utilisationAtEnd],
  );
  return { quotaIds, by, exceededOn, weight: shares.length === 0 ? null : bounded(Math.max(...shares)) };
}

function dueBy(each: Exhaustion): string | null {
  if (each.kind === 'at') return each.askBy ?? each.interval?.earliest.date ?? each.date;
  return each.kind === 'perhaps' ? (each.askBy ?? each.interval.earliest.date) : null;
}

/** Quotas that run out only at the early end of the uncertainty. */
export const mayRunOut = ({ projection }: Pick<Context, 'projection'>, quotaId: string): boolean =>
  projection.exhaustions.some((each) => each.quotaId === quotaId && each.kind === 'perhaps');

/** How sure it is that a quota is exceeded. */
export function certaintyOf({ projection }: Pick<Context, 'projection'>, quotaIds: readonly string[]): Certainty {
  const kinds = projection.exhaustions.filter(({ quotaId }) => quotaIds.includes(quotaId)).map(({ kind }) => kind);
  if (kinds.includes('at')) return 'exceeded';
  return kinds.includes('perhaps') ? 'perhaps' : 'notExceeded';
}

/** A limit of 0 is exceeded without bounds; JSON has no infinity. */
export const bounded = (utilisation: number): number => Math.min(1e9, utilisation);

/** What the plan states of these quotas, replaced: a stated value would hide a setting that was changed. */
export const restated = (
  { plan }: Pick<Context, 'plan'>,
  values: Readonly<Record<string, number>>,
): Record<string, number> =>
  Object.fromEntries(Object.entries(values).filter(([key]) => plan.quotas[key] !== undefined));

/** Demand at the end of the horizon should be this share of a requested quota: growth and bursts beyond the plan need room. An assumption. */
export const targetUtilisation = 0.7;
/** A month: what saves less is not worth an hour of a person's time, and the risk of a change. An assumption. */
export const leastSavingUsd = 50;
/** Rounded up to two significant figures. */
export function twoFigures(value: number): number {
  const scale = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, value))) - 1);
  return Math.ceil(value / scale - 1e-9) * scale;
}

/** Why nothing can be recommended. */
export const notKnown = (reason: string): Pick<Recommendation, 'kind' | 'value' | 'facts'> => ({
  kind: 'unknown',
  value: null,
  facts: { of: 'notKnown', reason },
});

/** What the row of a quota asks, on the busiest day. */
export function demandOf({ limits, load, coefficients, deployment }: Context, id: string) {
  const quota = limits.find((each) => each.id === id);
  const demand = quota?.demand(load, coefficients, deployment);
  return quota && demand?.kind === 'value'
    ? { quota, value: demand.value, exceeded: demand.value > quota.limit }
    : null;
}
