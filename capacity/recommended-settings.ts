/** Settings of the stack for a load: concurrency, batches, the table. */
import type { Role } from './coefficients.ts';
import { rolesOf } from './lambda-quotas.ts';
import { momentaryConcurrency } from './little.ts';
import { burstMoment, concurrencyOf, meanMoment, tableUnitRate } from './rates.ts';
import {
  type Context,
  figure,
  percent,
  plain,
  type Recommendation,
  targetUtilisation,
  twoFigures,
  whole,
} from './recommendation-terms.ts';

/** MaximumConcurrency of an event source: AWS takes 2 to 1,000. */
const smallestMaximumConcurrency = 2;
const largestMaximumConcurrency = 1_000;
/** SQS sends batches of at most 10 without a window. */
const batchWithoutWindow = 10;

/** Concurrency of a moment in the burst, or why it is not known. */
function burstConcurrency(
  { load, coefficients }: Context,
  role: Role,
): { kind: 'value'; mean: number; moment: number } | { kind: 'unknown'; reason: string } {
  const mean = concurrencyOf(burstMoment(load), coefficients, role);
  if (mean.kind === 'unknown') return mean;
  return { kind: 'value', mean: mean.value, moment: Math.ceil(momentaryConcurrency(mean.value)) };
}

/** Functions whose throttling loses something the client or the provider does not send again. */
const guarded = ['authorize', 'connect', 'ingest'] as const;

/** A share of the account's concurrency for what must not be throttled by a burst of the rest; deliver's is capped, its queue waits. */
export function reservedConcurrency(context: Context): Recommendation[] {
  const { deployment, date, limits } = context;
  const roles = rolesOf(deployment).filter((role) => role === 'deliver' || guarded.some((each) => each === role));
  const reservable = limits.find(({ id }) => id === 'lambda.reservable')?.limit ?? Number.POSITIVE_INFINITY;
  return roles.map((role): Recommendation => {
    const present = deployment.reservedConcurrency[role] ?? null;
    const base = {
      ...plain,
      id: `reservedConcurrency.${role}`,
      subject: `reserved concurrency of ${role}`,
      unit: 'executions',
      present,
    };
    const need = burstConcurrency(context, role);
    if (need.kind === 'unknown') return { ...base, value: null, kind: 'unknown', calculation: need.reason };
    // The developer guide recommends at least 5 for a function behind a queue.
    const value = role === 'deliver' ? Math.max(5, maximumFor(need.moment)) : Math.max(1, need.moment);
    const why =
      role === 'deliver'
        ? 'as much as the event source’s maximum concurrency, so that it is never throttled, and at least 5'
        : 'so that no other function’s burst throttles it: a refused connect or webhook is not queued';
    return {
      ...base,
      value,
      kind: present !== null && present >= value ? 'keep' : 'set',
      calculation: `Little: ${figure(need.mean)} executions in the burst of ${date}, L + 3√L = ${need.moment}; ${why}.${value > reservable ? ` More than the ${whole(reservable)} that may be reserved under the concurrency in force: ask for that first.` : ''}`,
    };
  });
}

/** Enough ready environments of the connect path for its steady load, where cold starts would break the SLO. */
const durationsFrom = {
  aws: 'Measured on AWS',
  local: 'Measured on the local target, whose cold starts are a model',
  assumed: 'Durations are assumed: no run was made',
} as const;

export function provisionedConcurrency({ load, coefficients, deployment, plan }: Context): Recommendation {
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
    calculation: `p99 of connect ${figure(p99.value)} s, cold starts among it, against an SLO of ${sloSeconds} s${breaks ? `: Little ${figure(need.value)} executions in the steady load, L + 3√L = ${value}` : ': none is needed'}. ${durationsFrom[coefficients.from]}.`,
  };
}

const maximumFor = (moment: number): number =>
  Math.min(largestMaximumConcurrency, Math.max(smallestMaximumConcurrency, moment));

/** As many concurrent batches as the burst needs, so that the rest of the account keeps its concurrency. */
export function maximumConcurrency(context: Context): Recommendation {
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
  const value = maximumFor(need.moment);
  const capped =
    need.moment > largestMaximumConcurrency
      ? ' AWS takes 1,000 at most: the burst waits in the queue, or use provisioned pollers.'
      : '';
  return {
    ...base,
    value,
    kind: deployment.maximumConcurrency === value ? 'keep' : 'set',
    calculation: `Little: batches/s × duration of deliver = ${figure(need.mean)} in the burst of ${date}, L + 3√L = ${need.moment}, within AWS’s 2 to 1,000.${capped} Reserve at least as much for deliver.`,
  };
}

/** Full batches of ten while they fit an invocation's payload and the function's time. */
export function batchSize({ load, deployment, coefficients, limits }: Context): Recommendation {
  const payload = limits.find(({ id }) => id === 'lambda.payload')?.limit ?? 6 * 1_024 * 1_024;
  const byPayload = load.webhookBytes > 0 ? Math.max(1, Math.floor(payload / load.webhookBytes)) : batchWithoutWindow;
  const value = Math.min(batchWithoutWindow, byPayload);
  const batches = coefficients.invocations.deliver;
  const filled =
    batches.kind === 'value' && batches.value > 0
      ? ` The run filled ${figure(1 / batches.value)} of ${deployment.batchSize}.`
      : '';
  return {
    ...plain,
    id: 'sqs.batchSize',
    subject: 'batch size of the queue’s event source',
    unit: 'messages',
    present: deployment.batchSize,
    value,
    kind: deployment.batchSize === value ? 'keep' : 'set',
    calculation: `The smaller of 10, the most that needs no batch window and so no wait, and the payload of an invocation over a webhook’s bytes, ${figure(payload)} / ${load.webhookBytes} = ${byPayload}.${filled}`,
  };
}

/** On-demand hourly cost over provisioned: a WRU at $0.625/M against a WCU-hour at $0.00065 break even at 29% of use. */
const onDemandBreakEven = 0.00065 / ((0.625 / 1e6) * 3_600);

export function tableThroughput({ load, coefficients, limits, projection, date, plan }: Context): Recommendation[] {
  const kinds = [
    { id: 'writes', units: coefficients.writeUnits, unit: 'WRU/s', quotaId: 'dynamodb.newTableWrites' },
    { id: 'reads', units: coefficients.readUnits, unit: 'RRU/s', quotaId: 'dynamodb.newTableReads' },
  ] as const;
  const warm = kinds.map(({ id, units, unit, quotaId }): Recommendation => {
    const present = limits.find((quota) => quota.id === quotaId)?.limit ?? null;
    const base = {
      ...plain,
      id: `dynamodb.warmThroughput.${id}`,
      subject: `warm throughput of the table, ${id}`,
      unit,
      present,
    };
    const peak = tableUnitRate(burstMoment(load), units);
    if (peak.kind === 'unknown') return { ...base, value: null, kind: 'unknown', calculation: peak.reason };
    const exhausted = projection.exhaustions.find((each) => each.quotaId === quotaId);
    const needed = exhausted?.kind === 'at';
    return {
      ...base,
      value: needed ? twoFigures(peak.value / targetUtilisation) : present,
      by: exhausted?.kind === 'at' ? exhausted.date : null,
      kind: needed ? 'set' : 'keep',
      calculation: `${figure(peak.value)} ${unit} in the burst of ${date}; an on-demand table takes ${figure(present ?? 0)} at once, or twice its peak so far. ${needed ? `It is outgrown faster than that: pre-warm to the burst / ${targetUtilisation}.` : 'It grows with the load: no need to pre-warm.'}`,
    };
  });
  const mean = tableUnitRate(meanMoment(load), coefficients.writeUnits);
  const peak = tableUnitRate(burstMoment(load), coefficients.writeUnits);
  const mode: Recommendation = {
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
      calculation: `Mean over burst: ${figure((load.meanToPeak ?? 1) * mean.value)} / ${figure(peak.value)} WRU/s = ${percent(use)} of what would have to be provisioned for ${plan.name}; provisioned is cheaper above ${percent(onDemandBreakEven)} ($0.625 a million WRU against $0.00065 a WCU-hour, the latter unconfirmed).`,
    },
    ...warm,
  ];
}
