/** From an observation to what capacity/ needs: totals by phase, invocations, durations; and the load that the run offered. */
import { type Role, roles } from '../../capacity/demand/coefficients.ts';
import { type Load, reconnectRatePerSecond } from '../../capacity/demand/load.ts';
import type { PhaseUse, RunMeasurements } from '../../capacity/demand/measured-coefficients.ts';
import type { Known } from '../../capacity/known.ts';
import type { ClientSecond, Observation } from '../../record/observation.ts';
import type { RunRecord } from '../../record/run.ts';
import { hasBurst, type Workload } from '../../record/workload.ts';
import { findSeries, maxOfSeries, sumOfSeries, weightedMean } from './series.ts';

/** Series at least this fine can be split by the phases of the run. */
const phasePeriodSeconds = 5;

/** The load of the run itself: what it offered, not what the plan says. */
export function loadOfWorkload(workload: Workload): Load {
  const { connections: peakConnections, messageRatePerSecond, connectRatePerSecond } = workload;
  return {
    users: peakConnections / workload.tabsPerUser / Math.max(1e-9, 1 - workload.offlineShare),
    peakConnections,
    tabsPerUser: workload.tabsPerUser,
    connectRatePerSecond: reconnectRatePerSecond({ peakConnections, messageRatePerSecond }),
    connectBurst: { ratePerSecond: connectRatePerSecond, lastsSeconds: peakConnections / connectRatePerSecond },
    messageRatePerSecond,
    webhookRatePerSecond: workload.webhookRatePerSecond,
    webhookBurst: hasBurst(workload)
      ? { ratePerSecond: workload.burstRatePerSecond, lastsSeconds: workload.burstSeconds }
      : null,
    ownersOnlineShare: 1 - workload.offlineShare,
    messageBytes: workload.messageBytes,
    webhookBytes: workload.webhookBytes,
  };
}

export function measurementsOf(run: RunRecord, observation: Observation): RunMeasurements {
  const { client, server } = observation;
  const { totals } = client;
  const eachRole = (of: (role: Role) => Known<number>) =>
    Object.fromEntries(roles.map((role) => [role, of(role)])) as Record<Role, Known<number>>;
  const frames = totals.messagesAnswered + totals.pushesDelivered + totals.pushesDuplicate + totals.pushesUnexpected;
  return {
    target: run.target.kind === 'aws' ? 'aws' : 'local',
    connects: totals.connectsAttempted,
    messages: totals.messagesSent,
    webhooks: totals.webhooksPosted,
    pushesExpected: totals.pushesExpected,
    pushCalls: pushCalls(observation),
    invocations: eachRole((role) => sumOfSeries(server, `lambda.${role}.invocations.sum`)),
    meanSeconds: eachRole((role) => seconds(meanDurationMs(observation, role))),
    p99Seconds: eachRole((role) => seconds(p99DurationMs(observation, role))),
    pushBytes:
      frames > 0
        ? { kind: 'value', value: totals.bytesReceived / frames }
        : { kind: 'unknown', reason: 'No frame was received.' },
    phases: phasesOf(observation),
    whole: useOf(client.seconds, observation, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY),
  };
}

/** sent + gone; a throttled call was retried, and each 429 counts as well. Gone and throttled may be missing: then there were none to count. */
function pushCalls({ server }: Observation): Known<number> {
  const sent = sumOfSeries(server, 'loadline.pushesSent.sum');
  if (sent.kind === 'unknown') return sent;
  const others = ['loadline.pushesGone.sum', 'loadline.pushesThrottled.sum'].map((key) => sumOfSeries(server, key));
  return {
    kind: 'value',
    value: others.reduce((sum, each) => sum + (each.kind === 'value' ? each.value : 0), sent.value),
  };
}

/** One figure over the whole window where CloudWatch gave it; else the periods' means, weighted by their invocations. */
function meanDurationMs({ server }: Observation, role: Role): Known<number> {
  const window = findSeries(server, `lambda.${role}.duration.avg.window`);
  if (window?.kind === 'series') return maxOfSeries(server, `lambda.${role}.duration.avg.window`);
  return weightedMean(server, `lambda.${role}.duration.avg`, `lambda.${role}.invocations.sum`);
}

/** Over the whole window; else the worst period's, an upper bound. */
function p99DurationMs({ server }: Observation, role: Role): Known<number> {
  const window = maxOfSeries(server, `lambda.${role}.duration.p99.window`);
  return window.kind === 'value' ? window : maxOfSeries(server, `lambda.${role}.duration.p99`);
}

const seconds = (ms: Known<number>): Known<number> =>
  ms.kind === 'value' ? { kind: 'value', value: ms.value / 1_000 } : ms;

function phasesOf(observation: Observation): RunMeasurements['phases'] {
  const { client, clock } = observation;
  const table = findSeries(observation.server, 'dynamodb.table.consumedWrite.sum');
  if (table?.kind !== 'series' || table.periodSeconds > phasePeriodSeconds || clock.steadyFirstSecond === null)
    return null;
  const steady = clock.steadyFirstSecond;
  const underWay = client.seconds.filter(({ phases }) => phases.includes('steady') || phases.includes('draining'));
  const closing = (underWay.at(-1)?.second ?? clock.lastSecond) + 1;
  return {
    connecting: useOf(client.seconds, observation, Number.NEGATIVE_INFINITY, steady),
    loaded: useOf(client.seconds, observation, steady, closing),
    closing: useOf(client.seconds, observation, closing, Number.POSITIVE_INFINITY),
  };
}

function useOf(all: readonly ClientSecond[], observation: Observation, from: number, to: number): PhaseUse {
  const within = all.filter(({ second }) => second >= from && second < to);
  const total = (of: (second: ClientSecond) => number) => within.reduce((sum, second) => sum + of(second), 0);
  const table = (key: string): Known<number> => {
    const series = findSeries(observation.server, key);
    const some = series?.kind === 'series' && series.points.some(([second]) => second >= from && second < to);
    if (some || series?.kind === 'noData' || !series) return sumOfSeries(observation.server, key, { from, to });
    return { kind: 'unknown', reason: `${key} has no data in a phase of the run.` };
  };
  return {
    connects: total(({ counters }) => counters.connectsOpened),
    disconnects: total(({ counters }) => counters.closesRequested + counters.closesUnexpected),
    webhooks: total(({ counters }) => counters.webhooksAccepted),
    writeUnits: table('dynamodb.table.consumedWrite.sum'),
    readUnits: table('dynamodb.table.consumedRead.sum'),
  };
}
