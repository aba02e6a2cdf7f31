/** How clients should handle silence, and connections that end together. */
import { quotaFact } from '../../aws/quotas/table.ts';
import { heartbeatRate, turnoverOf } from '../demand/connection-turnover.ts';
import { loadOfPlan, silenceOf } from '../demand/load.ts';
import { concurrencyOf, sumOf, tableUnitRate } from '../demand/rates.ts';
import type { QuotaInForce } from '../headroom/quota.ts';
import type { RecoveryPrices } from './facts.ts';
import { type Context, type Draft, notKnown, targetUtilisation, urgency } from './recommendation-terms.ts';

/** Where the plan has no recovery objective: as long as people wait for a page that is broken. An assumption. */
const assumedObjectiveSeconds = 300;

const connectionsQuota = ({ limits }: Pick<Context, 'limits'>): QuotaInForce | undefined =>
  limits.find(({ id }) => id === 'newConnections');

/** Within which all clients reconnect at the target share of a rate, with a bucket of that burst. */
const windowFor = (connections: number, { limit, limitBurst }: Pick<QuotaInForce, 'limit' | 'limitBurst'>): number =>
  Math.min(
    mostSeconds,
    Math.max(1, Math.ceil(Math.max(0, connections - (limitBurst ?? 0)) / (targetUtilisation * limit))),
  );
/** A quota of 0 lets nobody back; JSON has no infinity. */
const mostSeconds = 1e9;

/**
 * The rate of new connections that brings all back within the objective: N / (T + b / r), the bucket scaling with the rate. Null: what
 * is in force does, so nothing is needed.
 */
export function recoveryNeed(context: Pick<Context, 'limits' | 'load' | 'plan'>): {
  needed: number;
  objectiveSeconds: number;
  from: RecoveryPrices['objectiveFrom'];
} | null {
  const quota = connectionsQuota(context);
  if (!quota) return null;
  const { recoveryObjectiveSeconds: given } = context.plan;
  const objectiveSeconds = given ?? assumedObjectiveSeconds;
  const connections = context.load.peakConnections;
  if (windowFor(connections, quota) <= objectiveSeconds) return null;
  const bucketSeconds = (quota.burst ?? 0) / quota.default;
  const needed = connections / (objectiveSeconds + bucketSeconds);
  return { needed, objectiveSeconds, from: given === undefined ? 'assumed' : 'plan' };
}

/** Seconds away, summed over the users: each waits half of the window on average. */
const userSecondsOf = (users: number, windowSeconds: number): number => (users * windowSeconds) / 2;

function pricesOf(context: Context, now: QuotaInForce): RecoveryPrices {
  const { load, plan, deployment, projection } = context;
  const { peakConnections, tabsPerUser } = load;
  const users = peakConnections / tabsPerUser;
  const waits = windowFor(peakConnections, now);
  const objectiveSeconds = plan.recoveryObjectiveSeconds ?? assumedObjectiveSeconds;
  const base = {
    objectiveSeconds,
    objectiveFrom: plan.recoveryObjectiveSeconds === undefined ? ('assumed' as const) : ('plan' as const),
    waiting: { windowSeconds: waits, userSeconds: userSecondsOf(users, waits) },
  };
  if (waits <= objectiveSeconds) return { ...base, raise: null };
  const connectionsPerSecond = peakConnections / objectiveSeconds;
  const moment = { connects: connectionsPerSecond, messages: 0, webhooks: 0 };
  const executions = load.managedInstances
    ? null
    : sumOf(deployment.functions.map(({ id }) => concurrencyOf(id, moment, context)));
  const writeUnits = sumOf(
    deployment.tables.map(({ id }) => tableUnitRate({ id, units: 'writeUnits' }, moment, context)),
  );
  return {
    ...base,
    raise: {
      windowSeconds: objectiveSeconds,
      userSeconds: userSecondsOf(users, objectiveSeconds),
      connectionsPerSecond,
      leadDays: projection.quotaLeadDays,
      usd: 0,
      executions: executions?.kind === 'value' ? executions.value : null,
      writeUnitsPerSecond: writeUnits.kind === 'value' ? writeUnits.value : null,
    },
  };
}

/** A random delay over a window: the shortest that the quota in force carries, or the recovery objective, for which the quota is then raised. */
export function backOff(context: Context): Draft {
  const { plan, load, date } = context;
  const now = connectionsQuota(context.now);
  const base = { id: 'client.backOff', subject: 'clients’ back-off', unit: 's' };
  if (!now) return { ...base, ...notKnown('The quota of new connections is not among those given.') };
  const recovery = pricesOf(context, now);
  const seconds = Math.min(recovery.waiting.windowSeconds, recovery.objectiveSeconds);
  const today = loadOfPlan(plan).peakConnections;
  return {
    ...base,
    value: seconds,
    kind: 'set',
    quotaIds: ['newConnections'],
    setting: 'reconnect delay of the client',
    recovery,
    facts: {
      of: 'backOff',
      date,
      connections: load.peakConnections,
      quota: { code: now.code, ratePerSecond: now.limit, burst: now.limitBurst ?? 0 },
      utilisation: targetUtilisation,
      recovery,
      today: { connections: today, windowSeconds: windowFor(today, now) },
    },
  };
}

/** Half of the idle timeout, so that one lost heartbeat does not close the connection; none where clients send more often anyway. */
export function heartbeat({ plan, load, projection }: Context): Draft {
  const silence = silenceOf(load, plan);
  const { idleSeconds } = silence;
  const given = plan.heartbeatSeconds;
  const value = given !== undefined && given < idleSeconds ? given : idleSeconds / 2;
  const connections = load.peakConnections;
  const [without, beating] = [
    { ...silence, heartbeatSeconds: null },
    { ...silence, heartbeatSeconds: value },
  ];
  const opened = (each: typeof silence) => connections * turnoverOf(each).connectsPerSecond;
  return {
    id: 'client.heartbeat',
    subject: 'clients’ heartbeat',
    unit: 's',
    value,
    present: given ?? null,
    setting: 'heartbeatSeconds',
    ...urgency(projection, ['webSocketIdle']),
    kind: given === value ? 'keep' : 'set',
    change: { plan: { heartbeatSeconds: value } },
    facts: {
      of: 'heartbeat',
      idleSeconds,
      idleCode: quotaFact('webSocketIdle').code,
      connectsPerSecond: { without: opened(without), with: opened(beating) },
      heartbeatsPerSecond: connections * heartbeatRate(beating),
      gaps: silence.gaps,
      tooMany: false,
    },
  };
}
