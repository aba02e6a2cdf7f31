/** What clients that ask over HTTP need, and what an hour of it costs: as planned, while a stage is rolled back, and while everybody polls. */
import type { PriceList } from '../../aws/prices.ts';
import { cost } from '../cost/cost.ts';
import { hoursPerMonth } from '../cost/quantity.ts';
import type { Coefficients } from '../demand/coefficients.ts';
import type { Load } from '../demand/load.ts';
import { askRate, concurrencyOf, type Moment, meanMoment, rollbackMoments, tableUnitRate } from '../demand/rates.ts';
import type { Deployment } from '../headroom/deployment.ts';
import type { QuotaInForce } from '../headroom/quota.ts';
import { type Known, unknown } from '../known.ts';
import { fallbackThrottleId } from './fallback-quotas.ts';
import {
  type FallbackOutlook,
  type FallbackRelief,
  outlookOf,
  type ProjectedFallback,
  reliefOf,
} from './fallback-relief.ts';

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
  /** Of pages at the peak: connected as planned, or polling since their users are not in the stage, or their networks let no WebSocket through. */
  connections: number;
  outsideTabs: number;
  stageSeconds: number;
  pollSeconds: number;
  /** How long reads are held; 0: not at all. `pollSeconds` is then how long they are on average. */
  holdSeconds: number;
  /** What would do today where a rollback, or everybody's polls, are more than the throttle; null: nothing need be done, or it is not known. */
  relief: FallbackRelief | null;
  /** Whether that stays so over the horizon; null: there is no throttle that is known. */
  outlook: FallbackOutlook | null;
  occasions: FallbackOccasion[];
  /** Today, as each later stage begins, and at the end of the horizon. */
  stages: FallbackOfStage[];
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
  /** What would do where that, or everybody's polls, are more than the throttle; null: nothing need be done, or it is not known. */
  relief: FallbackRelief | null;
  /** New connections while the stage is switched on again. */
  connectsPerSecond: number;
}

interface Stack {
  coefficients: Coefficients;
  deployment: Deployment;
}

/** `projected`: today and later. Null: the stack serves no fallback, or the plan's pages have no client that asks for it. */
export function fallbackUse(
  projected: ProjectedFallback,
  stack: Stack,
  { quotas, prices }: { quotas: readonly QuotaInForce[]; prices: PriceList },
): FallbackUse | null {
  const fallback = stack.deployment.code?.fallback;
  const { points } = projected;
  const load = points[0]?.load;
  if (load === undefined) return null;
  const { sync, peakConnections } = load;
  const [rollback, polling] = rollbackMoments(load);
  if (fallback === undefined || sync === undefined || rollback === undefined || polling === undefined) return null;
  const isTable = stack.deployment.tables.some(({ id }) => id === fallback.table);
  const throttle = quotas.find(({ id }) => id === fallbackThrottleId);
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
      readUnitsPerSecond: isTable
        ? tableUnitRate({ id: fallback.table, units: 'readUnits' }, asking, stack)
        : unknown('Events are kept in a database: each read is a statement of its row databaseConnections.'),
    };
  };
  const all = peakConnections + sync.outsideTabs;
  const hourly = (of: Load) =>
    cost({ load: { ...of, meanToPeak: 1, onlineAtWebhooks: 1 }, ...stack }, prices).usdPerMonth / hoursPerMonth;
  return {
    ...{ connections: peakConnections, ...sync },
    holdSeconds: fallback.holdSeconds,
    relief: reliefOf(load, throttle),
    outlook: outlookOf(projected, throttle),
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

function ofStage(
  { date, stage, load }: ProjectedFallback['points'][number],
  throttle: QuotaInForce | undefined,
): FallbackOfStage[] {
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
      relief: reliefOf(load, throttle),
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
