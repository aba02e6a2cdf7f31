/** Settings of the stack for a load: concurrency, batches, the table. */

import { provisionedWriteUnitHourUsd, usEast1Prices } from '../../aws/prices.ts';
import { quotaFact } from '../../aws/quotas/table.ts';
import type { Role } from '../demand/coefficients.ts';
import { momentaryConcurrency } from '../demand/little.ts';
import { atBusiest, concurrencyOf, meanMoment, tableUnitRate } from '../demand/rates.ts';
import { rolesOf } from '../headroom/lambda-quotas.ts';
import { wholeLimit } from '../headroom/quota.ts';
import {
  type Context,
  type Draft,
  figure,
  percent,
  plain,
  targetUtilisation,
  twoFigures,
  whole,
} from './recommendation-terms.ts';

/** MaximumConcurrency of an event source: AWS accepts 2 to 1,000. */
const smallestMaximumConcurrency = 2;
const largestMaximumConcurrency = 1_000;
/** Without a batch window, a batch holds at most 10 messages. */
const batchWithoutWindow = 10;

/** Concurrency of a moment in the burst, or why it is not known. */
function burstConcurrency(
  { load, coefficients }: Context,
  role: Role,
): { kind: 'value'; mean: number; moment: number } | { kind: 'unknown'; reason: string } {
  const mean = atBusiest(load, (moment) => concurrencyOf(moment, coefficients, role));
  if (mean.kind === 'unknown') return mean;
  return { kind: 'value', mean: mean.value, moment: Math.ceil(momentaryConcurrency(mean.value)) };
}

/** Functions whose throttling loses something the client or the provider may not send again. */
const guarded: readonly Role[] = ['authorize', 'connect', 'ingest'];
/** A reservation is also a ceiling: a smaller one would throttle two simultaneous clients. Lambda's guide recommends as much for a queue's function. */
const smallestReservation = 5;

/** Concurrent executions of the account, with those that are reserved. */
function accountLimit({ limits }: Context): number {
  const quota = limits.find(({ id }) => id === 'accountConcurrency');
  return quota ? wholeLimit(quota) : Number.POSITIVE_INFINITY;
}

/** L + 3√L of a function at the busiest moment; for the connect path, also when all clients reconnect as fast as API Gateway admits them. */
function neededReservation(context: Context, role: Role): ReturnType<typeof burstConcurrency> & { storm?: boolean } {
  const burst = burstConcurrency(context, role);
  const quota = context.limits.find(({ id }) => id === 'newConnections');
  if (burst.kind === 'unknown' || !quota || (role !== 'authorize' && role !== 'connect')) return burst;
  const connects = Math.min(quota.limit, context.load.peakConnections);
  const storm = concurrencyOf({ connects, messages: 0, webhooks: 0 }, context.coefficients, role);
  if (storm.kind === 'unknown' || storm.value <= burst.mean) return burst;
  return { kind: 'value', mean: storm.value, moment: Math.ceil(momentaryConcurrency(storm.value)), storm: true };
}

/**
 * A share of the account's concurrency for what must not be throttled by a burst of the rest, where the account may run short; else none, because a
 * reservation takes from everything else and is a ceiling. Deliver needs none: its maximum concurrency caps it, and its queue waits.
 */
export function reservedConcurrency(context: Context): Draft[] {
  const { deployment, date, limits } = context;
  const roles = rolesOf(deployment);
  const limitOf = (id: string) => limits.find((quota) => quota.id === id)?.limit ?? Number.POSITIVE_INFINITY;
  const [account, reservable] = [accountLimit(context), limitOf('reservableConcurrency')];
  const needs = roles.map((role) => neededReservation(context, role));
  const total = needs.reduce((sum, need) => sum + (need.kind === 'value' ? need.moment : 0), 0);
  const short = total > targetUtilisation * account;
  return roles.flatMap((role, i): Draft[] => {
    const present = deployment.reservedConcurrency[role] ?? null;
    if (role !== 'deliver' && !guarded.includes(role)) return [];
    const need = needs[i];
    const base = {
      ...plain,
      id: `reservedConcurrency.${role}`,
      subject: `reserved concurrency of ${role}`,
      unit: 'executions',
      present,
    };
    if (need?.kind !== 'value')
      return [{ ...base, value: null, kind: 'unknown', calculation: need?.reason ?? 'It was not measured.' }];
    const when = need.storm
      ? `while all clients reconnect as fast as the quota of new connections admits, on ${date}`
      : `in the burst on ${date}`;
    const little = `Little’s law: ${figure(need.mean)} executions ${when}, L + 3√L = ${whole(need.moment)}`;
    if (role === 'deliver') {
      const value = Math.max(smallestReservation, maximumFor(need.moment));
      if (present === null)
        return [
          {
            ...base,
            value: null,
            kind: 'keep',
            calculation: `${little}. Its maximum concurrency caps it, and webhooks wait in the queue, so it needs no reservation. If one is set, make it at least the maximum concurrency, or the queue’s batches are throttled.`,
          },
        ];
      return [
        {
          ...base,
          value: Math.max(present, value),
          kind: present >= value ? 'keep' : 'set',
          calculation: `${little}; a reservation is also a ceiling: below the maximum concurrency, the queue’s batches are throttled.`,
        },
      ];
    }
    const value = Math.max(smallestReservation, need.moment);
    const busiest = `All functions together need ${whole(total)} of the account’s ${whole(account)} at their busiest moments`;
    if (present === null && !short)
      return [
        {
          ...base,
          value: null,
          kind: 'keep',
          calculation: `${little}. ${busiest}, under ${percent(targetUtilisation)}: a reservation would only be a ceiling. If other applications share the account, reserve ${whole(value)}.`,
        },
      ];
    const first =
      value > reservable
        ? ` More than the ${whole(reservable)} that may be reserved under the concurrency quota in force: raise that quota first.`
        : '';
    return [
      {
        ...base,
        value: Math.max(present ?? 0, value),
        kind: present !== null && present >= value ? 'keep' : 'set',
        calculation: `${little}, at least ${smallestReservation}. ${busiest}; a refused connect or webhook is not queued, so no other burst may take its share.${first}`,
      },
    ];
  });
}

const durationsFrom = {
  aws: 'Measured on AWS',
  local: 'Measured on the local target, whose cold starts are a model',
  assumed: 'Durations are assumed: no run was made',
} as const;

/** Enough ready environments of the connect path for its steady load, where cold starts would break the SLO. */
export function provisionedConcurrency({ load, coefficients, deployment, plan }: Context): Draft {
  const base = {
    ...plain,
    id: 'provisionedConcurrency.connect',
    subject: 'provisioned concurrency of connect',
    unit: 'executions',
    present: deployment.provisionedConcurrency?.connect ?? null,
  };
  const need = concurrencyOf(meanMoment(load), coefficients, 'connect');
  if (need.kind === 'unknown') return { ...base, value: null, kind: 'unknown', calculation: need.reason };
  const p99 = coefficients.p99Seconds.connect;
  if (p99.kind === 'unknown') return { ...base, value: null, kind: 'unknown', calculation: p99.reason };
  const sloSeconds = plan.slo.connectP99Ms / 1_000;
  const breaks = p99.value > sloSeconds;
  const value = breaks ? Math.ceil(momentaryConcurrency(need.value)) : 0;
  return {
    ...base,
    value,
    kind: breaks ? 'set' : 'keep',
    ...(!breaks && { action: 'Connect needs no provisioned concurrency.' }),
    calculation: `p99 of connect is ${figure(p99.value)} s, including cold starts, against an SLO of ${sloSeconds} s${breaks ? `: Little’s law gives ${figure(need.value)} executions in the steady load, L + 3√L = ${value}` : ': none is needed'}. ${durationsFrom[coefficients.from]}.`,
  };
}

const maximumFor = (moment: number): number =>
  Math.min(largestMaximumConcurrency, Math.max(smallestMaximumConcurrency, moment));

/** As many concurrent batches as the burst needs, but no more than the other functions leave of the account: the rest waits in the queue. */
export function maximumConcurrency(context: Context): Draft {
  const { deployment, date } = context;
  const base = {
    ...plain,
    id: 'sqs.maximumConcurrency',
    subject: 'maximum concurrency of the queue’s event source',
    unit: 'executions',
    present: deployment.maximumConcurrency,
  };
  const need = burstConcurrency(context, 'deliver');
  if (need.kind === 'unknown') return { ...base, value: null, kind: 'unknown', calculation: need.reason };
  const account = accountLimit(context);
  const others = rolesOf(deployment)
    .filter((role) => role !== 'deliver')
    .map((role) => neededReservation(context, role))
    .reduce((sum, each) => sum + (each.kind === 'value' ? each.moment : 0), 0);
  const wanted = maximumFor(need.moment);
  const value = maximumFor(Math.min(need.moment, account - others));
  const capped =
    need.moment > largestMaximumConcurrency
      ? ' AWS accepts at most 1,000: the burst waits in the queue, or use provisioned pollers.'
      : '';
  const beside =
    value < wanted
      ? ` The other functions need ${whole(others)} of the account’s ${whole(account)}, which leaves ${whole(value)}, and part of the burst waits in the queue; once the account’s concurrency is raised, set ${whole(wanted)}.`
      : '';
  return {
    ...base,
    value,
    kind: deployment.maximumConcurrency === value ? 'keep' : 'set',
    calculation: `Little’s law: batches/s × duration of deliver = ${figure(need.mean)} in the burst on ${date}, L + 3√L = ${whole(need.moment)}, within AWS’s 2 to 1,000.${capped}${beside} Without it the pollers may use 1,250 executions, up to all that the account has.`,
  };
}

/** Full batches of ten while they fit an invocation's payload and the function's time. */
export function batchSize({ load, deployment, coefficients, limits }: Context): Draft {
  const payload =
    limits.find(({ id }) => id === 'invocationPayloadBytes')?.limit ?? quotaFact('invocationPayloadBytes').default;
  const byPayload = load.webhookBytes > 0 ? Math.max(1, Math.floor(payload / load.webhookBytes)) : batchWithoutWindow;
  const value = Math.min(batchWithoutWindow, byPayload);
  const batches = coefficients.invocations.deliver;
  const filled =
    batches.kind === 'value' && batches.value > 0
      ? ` Batches hold ${figure(1 / batches.value)} of ${deployment.batchSize} on average.`
      : '';
  return {
    ...plain,
    id: 'sqs.batchSize',
    subject: 'batch size of the queue’s event source',
    unit: 'messages',
    present: deployment.batchSize,
    value,
    kind: deployment.batchSize === value ? 'keep' : 'set',
    calculation: `The smaller of 10 (the maximum without a batch window, which would add a wait) and the payload of an invocation over the size of a webhook, ${figure(payload)} / ${whole(load.webhookBytes)} = ${whole(byPayload)}.${filled}`,
  };
}

const writeUnitUsd = usEast1Prices.dynamodbWriteUnit.tiers[0].usd;
/** Provisioned hourly cost over on-demand: a WRU at $0.625/M and a WCU-hour at $0.00065 break even at 29% of use. */
const onDemandBreakEven = provisionedWriteUnitHourUsd / (writeUnitUsd * 3_600);

export function tableThroughput({ load, coefficients, limits, projection, date, plan }: Context): Draft[] {
  const kinds = [
    { id: 'writes', units: 'writeUnits', unit: 'WRU/s', quotaId: 'dynamodbOnDemandWrite' },
    { id: 'reads', units: 'readUnits', unit: 'RRU/s', quotaId: 'dynamodbOnDemandRead' },
  ] as const;
  const warm = kinds.map(({ id, units, unit, quotaId }): Draft => {
    const present = limits.find((quota) => quota.id === quotaId)?.limit ?? null;
    const base = {
      ...plain,
      id: `dynamodb.warmThroughput.${id}`,
      subject: `warm throughput of the table, ${id}`,
      unit,
      present,
    };
    const peak = atBusiest(load, (moment) => tableUnitRate(moment, coefficients, units));
    if (peak.kind === 'unknown') return { ...base, value: null, kind: 'unknown', calculation: peak.reason };
    const exhausted = projection.exhaustions.find((each) => each.quotaId === quotaId);
    const needed = exhausted?.kind === 'at';
    return {
      ...base,
      value: needed ? twoFigures(peak.value / targetUtilisation) : present,
      by: exhausted?.kind === 'at' ? exhausted.date : null,
      kind: needed ? 'set' : 'keep',
      ...(!needed && { action: `The table does not need pre-warming for its ${id}.` }),
      calculation: `${figure(peak.value)} ${unit} in the burst on ${date}; an on-demand table takes ${figure(present ?? 0)} immediately, or twice its previous peak. ${needed ? `The load outgrows that: pre-warm to the burst / ${targetUtilisation}.` : 'It grows with the load: no need to pre-warm.'}`,
    };
  });
  const mean = tableUnitRate(meanMoment(load), coefficients, 'writeUnits');
  const peak = atBusiest(load, (moment) => tableUnitRate(moment, coefficients, 'writeUnits'));
  const mode: Draft = {
    ...plain,
    id: 'dynamodb.mode',
    subject: 'capacity mode of the table',
    unit: 'mode',
    present: 'on-demand',
    value: null,
    kind: 'unknown',
    calculation: '',
  };
  if (mean.kind === 'unknown' || peak.kind === 'unknown')
    return [{ ...mode, calculation: mean.kind === 'unknown' ? mean.reason : 'The burst is not known.' }, ...warm];
  const use = peak.value > 0 ? ((load.meanToPeak ?? 1) * mean.value) / peak.value : 0;
  const onDemand = use < onDemandBreakEven;
  return [
    {
      ...mode,
      value: onDemand ? 'on-demand' : 'provisioned with auto scaling',
      kind: onDemand ? 'keep' : 'set',
      action: onDemand ? 'Keep the table on-demand.' : 'Give the table provisioned capacity with auto scaling.',
      calculation: `Mean / burst: ${figure((load.meanToPeak ?? 1) * mean.value)} / ${figure(peak.value)} WRU/s = ${percent(use)} of the capacity to provision for “${plan.name}”; provisioned is cheaper above ${percent(onDemandBreakEven)} ($${writeUnitUsd * 1e6} per million WRU against $${provisionedWriteUnitHourUsd} per WCU-hour, the latter unconfirmed).`,
    },
    ...warm,
  ];
}
