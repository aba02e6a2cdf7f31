/** Quotas to raise, and limits that the stack sets for itself: those that the plan exceeds or nearly does. */
import { quotaFact } from '../../aws/quotas/table.ts';
import type { Demand, QuotaInForce } from '../headroom/quota.ts';
import type { RaiseReason } from './facts.ts';
import {
  type Change,
  type Context,
  certaintyOf,
  type Draft,
  mayRunOut,
  restated,
  targetUtilisation,
  twoFigures,
  urgency,
} from './recommendation-terms.ts';
import { recoveryNeed } from './recommended-client.ts';

/** Recommended elsewhere: with the functions, the queue and the table. */
const elsewhere: ReadonlySet<string> = new Set([
  'accountConcurrency',
  'pollerMaxConcurrency',
  'sqsRetention',
  'sqsMaxReceiveCount',
  'sqsFifoRequests',
]);

/** Of a bucket, what rate carries a burst of T seconds: r (1 + (b / r) / T), because AWS scales b with r. */
function neededLimit(quota: Pick<QuotaInForce, 'limit' | 'limitBurst' | 'default' | 'burst'>, demand: Demand) {
  if (demand.kind === 'unknown') return null;
  const bucket =
    quota.limitBurst !== null && quota.limit > 0 ? quota.limitBurst / quota.limit : (quota.burst ?? 0) / quota.default;
  const carried = demand.burst ? demand.burst.value / (1 + bucket / demand.burst.lastsSeconds) : 0;
  return { needed: Math.max(demand.value, carried), burst: carried > demand.value ? demand.burst : undefined };
}

/** The largest value worth asking for: a multiple of AWS's default, or what the account has. Null: nothing raises it. */
export function mostRaised(quota: QuotaInForce, whole: number): number | null {
  const [first] = quota.remedies;
  return first.kind === 'raise' ? Math.max(whole, first.timesDefault * quota.default) : null;
}

/** A value with room to grow, where there is room; null: even without room it is more than may be asked for. */
const valueWithin = (needed: number, most: number): number | null =>
  needed > most ? null : Math.min(most, twoFigures(needed / targetUtilisation));

/** Each limit that is raised by its own code or support, or set, where the demand of the busiest day is over the target. */
export function quotaRaises(context: Context): Draft[] {
  return context.limits.flatMap((quota) => raiseOf(context, quota));
}

function raiseOf(context: Context, quota: QuotaInForce): Draft[] {
  const { load, coefficients, deployment, projection, date } = context;
  const [remedy] = quota.remedies;
  const isOwn = remedy.kind === 'raise' && remedy.code === quota.code && remedy.perUnit === 1;
  const isSetting = remedy.kind === 'set' && quota.adjustable === 'setting';
  if ((!isOwn && !isSetting) || quota.sharesLimitOf || quota.peakFactor !== undefined) return [];
  if (elsewhere.has(quota.quota) || quota.id.startsWith('reserved')) return [];
  const answer = neededLimit(quota, quota.demand(load, coefficients, deployment));
  if (answer === null) return [];
  const most = settingOf(quota) ? mostOfStage(context) : (mostRaised(quota, quota.limit) ?? Number.POSITIVE_INFINITY);
  const recovery = quota.id === 'newConnections' ? recoveryWithin(context, most) : null;
  // What runs out at the early end of the uncertainty needs the whole limit by then.
  const possible = mayRunOut(context, quota.id) ? quota.limit : 0;
  const needed = Math.max(answer.needed, recovery?.needed ?? 0, possible);
  const enough = quota.grows ? targetUtilisation * quota.limit : quota.limit;
  if (needed <= enough) return [];
  const value = valueWithin(needed, most);
  if (value === null) return [];
  const when = urgency(projection, [quota.id]);
  const { burst } = answer;
  const why = ((): RaiseReason | null => {
    if (recovery !== null && recovery.needed > answer.needed)
      return {
        kind: 'recovery',
        connections: load.peakConnections,
        objectiveSeconds: recovery.objectiveSeconds,
        from: recovery.from,
      };
    return burst ? { kind: 'burst', ...burst } : null;
  })();
  return [
    {
      ...when,
      id: `quota.${quota.id}`,
      subject: quota.name,
      value,
      unit: quota.unit,
      present: quota.limit,
      code: isOwn ? quota.code : null,
      // Of somebody else's stack it is AWS's own property, which the quota's remedy names.
      setting: deployment.code ? (settingOf(quota)?.key ?? null) : null,
      kind: isOwn ? 'ask' : 'set',
      change: changeOf(context, quota, value),
      facts: {
        of: 'raise',
        ...{ needed, date, why, value },
        utilisation: targetUtilisation,
        limit: quota.limit,
        certainty: certaintyOf(context, [quota.id]),
        demandSentence: quota.sentence,
      },
    },
  ];
}

/** A stage admits no more than the account does, so its throttle is worth setting as far as the account's is worth asking for. */
function mostOfStage({ limits }: Pick<Context, 'limits'>): number {
  const account = limits.find(({ id }) => id === 'accountThrottle');
  return (account && mostRaised(account, account.limit)) ?? Number.POSITIVE_INFINITY;
}

/** What a recovery needs, where it may be asked for: what is only assumed must not stand in the way of what the plan needs. */
function recoveryWithin(context: Context, most: number) {
  const recovery = recoveryNeed(context);
  return recovery !== null && recovery.needed <= most ? recovery : null;
}

/** Limits that are settings of the stack: their key, and the stack with another value. */
const settings: Readonly<
  Record<
    string,
    { key: string; change: (value: number, quota: QuotaInForce) => NonNullable<Change['settings']> } | undefined
  >
> = {
  webSocketApiThrottle: { key: 'webSocketThrottle', change: throttleChange('webSocketThrottle') },
  httpApiThrottle: { key: 'webhookThrottle', change: throttleChange('webhookThrottle') },
  'httpApiThrottle.fallback': {
    key: 'fallback.throttle',
    change: (value, quota) => ({ fallbackThrottle: bucketOf(value, quota) }),
  },
};

/** Of this row, or of its quota. */
const settingOf = ({ id, quota }: QuotaInForce) => settings[id] ?? settings[quota];

/** Of the stage; of a route that has a throttle of its own, of that. */
function throttleChange(key: 'webSocketThrottle' | 'webhookThrottle') {
  return (value: number, quota: QuotaInForce): NonNullable<Change['settings']> => {
    const bucket = bucketOf(value, quota);
    return quota.isOwnLimit && quota.resource !== null
      ? { routeThrottles: { [quota.resource]: bucket } }
      : { [key]: bucket };
  };
}

/** A burst in proportion to the rate, as it is now. */
function bucketOf(ratePerSecond: number, { limit, limitBurst, burst, default: rate }: QuotaInForce) {
  const seconds = limitBurst !== null && limit > 0 ? limitBurst / limit : (burst ?? 0) / rate;
  return { ratePerSecond, burst: Math.ceil(ratePerSecond * seconds) };
}

function changeOf(context: Context, quota: QuotaInForce, value: number): Change {
  const setting = settingOf(quota);
  const seconds = quota.quota === 'environmentScaling' ? quotaFact('environmentScaling').default : 1;
  if (setting) return { settings: setting.change(value, quota), quotas: restated(context, { [quota.id]: value }) };
  // AWS sets the burst from the rate: a stated one follows.
  const bursts =
    quota.burstCode !== null && quota.limitBurst !== null
      ? restated(context, { [quota.burstCode]: bucketOf(value, quota).burst })
      : {};
  return { quotas: { [quota.id]: value / seconds, ...bursts } };
}
