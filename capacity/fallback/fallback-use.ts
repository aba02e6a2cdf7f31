/** What clients that ask over HTTP need, and what an hour of it costs: as planned, while a stage is rolled back, and while everybody polls. */
import type { PriceList } from '../../aws/prices.ts';
import { cost } from '../cost/cost.ts';
import { hoursPerMonth } from '../cost/quantity.ts';
import type { Coefficients } from '../demand/coefficients.ts';
import type { Load } from '../demand/load.ts';
import { askRate, concurrencyOf, type Moment, meanMoment, rollbackMoments, tableUnitRate } from '../demand/rates.ts';
import type { Deployment } from '../headroom/deployment.ts';
import type { QuotaInForce } from '../headroom/quota.ts';
import type { Known } from '../known.ts';
import type { ProjectionPoint } from '../projection/projection.ts';
import type { SyncLoad } from './sync-client.ts';

export interface FallbackOccasion {
  kind: 'asPlanned' | 'rollback' | 'everybodyPolls';
  /** Tabs that poll. */
  polling: number;
  requestsPerSecond: number;
  /** Null: for as long as it is so. */
  lastsSeconds: number | null;
  /** Of the API's throttle, with what its bucket holds; null: the stack has none that is known. */
  utilisation: number | null;
  /** Executions of its function at a time. */
  executions: Known<number>;
  /** Consistent reads of its table. */
  readUnitsPerSecond: Known<number>;
  /** Of the whole stack at the daily peak, an hour; null: less than an hour. */
  usdPerHour: number | null;
}

export interface FallbackUse {
  /** Of pages at the peak: connected as planned, or polling since their users are not in the stage. */
  connections: number;
  outsideTabs: number;
  stageSeconds: number;
  pollSeconds: number;
  /** How long reads are held; 0: not at all. `pollSeconds` is then how long they are on average. */
  holdSeconds: number;
  /** What would do where a rollback, or everybody's polls, are more than the throttle; null: nothing need be done, or it is not known. */
  relief: FallbackRelief | null;
  occasions: FallbackOccasion[];
  /** Today, as each later stage begins, and at the end of the horizon. */
  stages: FallbackOfStage[];
}

/** Each by itself. */
export interface FallbackRelief {
  /** Polls so far apart; null: reads of the stage alone are too many. */
  pollSeconds: number | null;
  /** The stage is taken back in as many equal parts, an interval of the stage's reads after the other, for so many minutes; null: everybody's polls are too many. */
  parts: { count: number; minutes: number } | null;
  /** The throttle raised to so much. */
  ratePerSecond: number;
}

interface FallbackOfStage {
  date: string;
  stage: string | null;
  connections: number;
  outsideTabs: number;
  /** As planned. */
  requestsPerSecond: number;
  /** While the stage is rolled back, and of the API's throttle with what its bucket holds for so long; null: it has none that is known. */
  rolledBackPerSecond: number;
  utilisation: number | null;
  /** New connections while the stage is switched on again. */
  connectsPerSecond: number;
}

type Point = Pick<ProjectionPoint, 'date' | 'stage' | 'stageBegins' | 'load'>;

interface Stack {
  coefficients: Coefficients;
  deployment: Deployment;
}

/** Null: the stack serves no fallback, or the plan's pages have no client that asks for it. */
export function fallbackUse(
  points: readonly Point[],
  stack: Stack,
  { quotas, prices }: { quotas: readonly QuotaInForce[]; prices: PriceList },
): FallbackUse | null {
  const fallback = stack.deployment.code?.fallback;
  const load = points[0]?.load;
  if (load === undefined) return null;
  const { sync, peakConnections } = load;
  const [rollback, polling] = rollbackMoments(load);
  if (fallback === undefined || sync === undefined || rollback === undefined || polling === undefined) return null;
  const throttle = quotas.find(({ id }) => id === 'httpApiThrottle.fallback');
  const occasion = (
    kind: FallbackOccasion['kind'],
    moment: Moment,
    rest: Pick<FallbackOccasion, 'polling' | 'lastsSeconds' | 'usdPerHour'>,
  ): FallbackOccasion => {
    const requestsPerSecond = askRate(moment);
    const asking: Moment = { connects: 0, messages: 0, webhooks: 0, asks: moment.asks };
    return {
      ...{ kind, requestsPerSecond, ...rest },
      utilisation: utilisationOf(requestsPerSecond, rest.lastsSeconds, throttle),
      executions: concurrencyOf(fallback.function, asking, stack),
      readUnitsPerSecond: tableUnitRate({ id: fallback.table, units: 'readUnits' }, asking, stack),
    };
  };
  const all = peakConnections + sync.outsideTabs;
  const hourly = (of: Load) =>
    cost({ load: { ...of, meanToPeak: 1, onlineAtWebhooks: 1 }, ...stack }, prices).usdPerMonth / hoursPerMonth;
  return {
    ...{ connections: peakConnections, ...sync },
    holdSeconds: fallback.holdSeconds,
    relief: reliefOf({ noticing: peakConnections, tabs: all }, sync, throttle),
    occasions: [
      occasion('asPlanned', meanMoment(load), {
        polling: sync.outsideTabs,
        lastsSeconds: null,
        usdPerHour: hourly(load),
      }),
      occasion('rollback', rollback, { polling: all, lastsSeconds: sync.stageSeconds, usdPerHour: null }),
      occasion('everybodyPolls', polling, {
        polling: all,
        lastsSeconds: null,
        usdPerHour: hourly(everybodyPolls(load, all)),
      }),
    ],
    stages: points.flatMap((point, n) =>
      n === 0 || point.stageBegins || n === points.length - 1 ? ofStage(point, throttle) : [],
    ),
  };
}

/** With N tabs, intervals s and p, a throttle of L/s and a bucket of B: N/s + N/p ≤ L, and in k parts N/s + N/p + M/(k·s) ≤ L + B/s. */
function reliefOf(
  { noticing, tabs }: { noticing: number; tabs: number },
  { stageSeconds, pollSeconds }: SyncLoad,
  throttle: QuotaInForce | undefined,
): FallbackRelief | null {
  if (throttle === undefined) return null;
  const { limit, limitBurst } = throttle;
  const everybody = tabs / stageSeconds + tabs / pollSeconds;
  const withBucket = limit + (limitBurst ?? 0) / stageSeconds;
  const whole = everybody + noticing / stageSeconds;
  if (everybody <= limit && whole <= withBucket) return null;
  const forPolls = Math.min(limit - tabs / stageSeconds, withBucket - (tabs + noticing) / stageSeconds);
  const forNoticing = withBucket - everybody;
  const count = Math.ceil(noticing / stageSeconds / forNoticing);
  return {
    pollSeconds: forPolls > 0 ? Math.ceil(tabs / forPolls) : null,
    parts: everybody <= limit && forNoticing > 0 ? { count, minutes: (count * stageSeconds) / secondsPerMinute } : null,
    ratePerSecond: Math.ceil(whole),
  };
}

const secondsPerMinute = 60;

function ofStage({ date, stage, load }: Point, throttle: QuotaInForce | undefined): FallbackOfStage[] {
  const { sync, peakConnections } = load;
  const [rollback] = rollbackMoments(load);
  if (sync === undefined || rollback === undefined) return [];
  const rolledBackPerSecond = askRate(rollback);
  return [
    {
      ...{ date, stage, connections: peakConnections, outsideTabs: sync.outsideTabs },
      requestsPerSecond: askRate(meanMoment(load)),
      rolledBackPerSecond,
      utilisation: utilisationOf(rolledBackPerSecond, sync.stageSeconds, throttle),
      connectsPerSecond: peakConnections / sync.stageSeconds,
    },
  ];
}

function utilisationOf(
  requestsPerSecond: number,
  lastsSeconds: number | null,
  throttle: QuotaInForce | undefined,
): number | null {
  if (throttle === undefined) return null;
  const { limit, limitBurst } = throttle;
  return requestsPerSecond / (limit + (lastsSeconds === null ? 0 : (limitBurst ?? 0) / lastsSeconds));
}

/** Without connections there is nothing to send over, and nothing to be pushed to. */
const everybodyPolls = ({ sync, ...load }: Load, tabs: number): Load => ({
  ...load,
  ...{ peakConnections: 0, connectRatePerSecond: 0, messageRatePerSecond: 0, heartbeatRatePerSecond: 0 },
  ...{ loginsPerDay: 0, fanOut: null, ownersOnlineShare: 0 },
  sync: sync && { ...sync, outsideTabs: tabs },
});
