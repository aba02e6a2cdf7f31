/** From an observation to what capacity/ needs: totals by phase, invocations, durations; and the load that the run offered. */
import type { LoadKind } from '../../capacity/demand/coefficients.ts';
import { type Load, reconnectRatePerSecond } from '../../capacity/demand/load.ts';
import type { RunMeasurements, Total, Units } from '../../capacity/demand/measured-coefficients.ts';
import type { Deployment } from '../../capacity/headroom/deployment.ts';
import { type Known, mapKnown } from '../../capacity/known.ts';
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
    connectBurst:
      peakConnections === 0
        ? null
        : { ratePerSecond: connectRatePerSecond, lastsSeconds: peakConnections / connectRatePerSecond },
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

/** What the run shows of each resource that the deployment has. */
export function measurementsOf(
  run: RunRecord,
  { deployment, kinds }: { deployment: Deployment; kinds: ReadonlyMap<string, readonly LoadKind[]> },
  observation: Observation,
): RunMeasurements {
  const { client, server } = observation;
  const { totals } = client;
  const windows = phasesOf(observation);
  const kindsFor = (id: string) => kinds.get(id.split(':', 1)[0] ?? id) ?? [];
  const pushes = totals.pushesDelivered + totals.pushesDuplicate + totals.pushesUnexpected + totals.pushesMisdelivered;
  const frames = totals.messagesAnswered + pushes;
  const total = (key: string) => totalOf(observation, key, windows);
  const units = (window: Window) => unitsWithin(client.seconds, window);
  return {
    target: run.target.kind === 'aws' ? 'aws' : 'local',
    units: {
      whole: {
        connect: totals.connectsAttempted,
        disconnect: totals.closesRequested + totals.closesUnexpected,
        message: totals.messagesSent,
        webhook: totals.webhooksPosted,
        push: totals.pushesDelivered + totals.pushesLate,
      },
      connecting: units(windows.connecting),
      loaded: units(windows.loaded),
      closing: units(windows.closing),
    },
    ...(totals.pollsSent + totals.stageReadsSent > 0 && {
      asks: { stageReads: totals.stageReadsAnswered, polls: totals.pollsAnswered },
    }),
    pushesExpected: totals.pushesExpected,
    pushCalls: pushCalls(observation, deployment.webSocket?.id ?? null),
    pushBytes:
      frames > 0
        ? { kind: 'value', value: totals.bytesReceived / frames }
        : { kind: 'unknown', reason: 'No frame was received.' },
    functions: deployment.functions.map(({ id }) => ({
      ...{ id, kinds: kindsFor(id), invocations: total(`lambda.${id}.invocations.sum`) },
      meanSeconds: seconds(meanDurationMs(server, id)),
      p99Seconds: seconds(p99DurationMs(server, id)),
    })),
    tables: deployment.tables.map(({ id }) => ({
      ...{ id, kinds: kindsFor(id) },
      writeUnits: total(`dynamodb.${id}.consumedWrite.sum`),
      readUnits: total(`dynamodb.${id}.consumedRead.sum`),
    })),
    queues: deployment.queues.map(({ id }) => ({ id, kinds: kindsFor(id), sent: total(`sqs.${id}.sent.sum`) })),
    ...(deployment.topics && {
      topics: deployment.topics.map(({ id }) => ({
        ...{ id, kinds: kindsFor(id), published: total(`sns.${id}.published.sum`) },
      })),
    }),
    ...(deployment.eventBuses && {
      eventBuses: deployment.eventBuses.map(({ id }) => ({
        ...{ id, kinds: kindsFor(id), matched: total(`events.${id}.matched.sum`) },
      })),
    }),
    ...(deployment.rules && {
      rules: deployment.rules.map(({ id }) => ({
        ...{ id, kinds: kindsFor(id), invocations: total(`events.${id}.invocations.sum`) },
      })),
    }),
  };
}

type Server = Observation['server'];

/**
 * The stack's own count where it has one: sent + gone; a throttled call was retried, and each 429 counts as well. Gone and throttled may be missing: then
 * there were none to count. Else what the API counted both ways, less the messages of clients and their answers.
 */
function pushCalls({ server, client }: Observation, webSocketApi: string | null): Known<number> {
  const sent = sumOfSeries(server, 'loadline.pushesSent.sum');
  if (findSeries(server, 'loadline.pushesSent.sum') === undefined && webSocketApi !== null) {
    const { messagesSent, messagesAnswered } = client.totals;
    return mapKnown(sumOfSeries(server, `apigateway.${webSocketApi}.messageCount.sum`), (both) =>
      Math.max(0, both - messagesSent - messagesAnswered),
    );
  }
  if (sent.kind === 'unknown') return sent;
  const others = ['loadline.pushesGone.sum', 'loadline.pushesThrottled.sum'].map((key) => sumOfSeries(server, key));
  return {
    kind: 'value',
    value: others.reduce((sum, each) => sum + (each.kind === 'value' ? each.value : 0), sent.value),
  };
}

/** One figure over the whole window where CloudWatch gave it; else the periods' means, weighted by their invocations. */
function meanDurationMs(server: Server, id: string): Known<number> {
  const window = findSeries(server, `lambda.${id}.duration.avg.window`);
  if (window?.kind === 'series') return maxOfSeries(server, `lambda.${id}.duration.avg.window`);
  return weightedMean(server, `lambda.${id}.duration.avg`, `lambda.${id}.invocations.sum`);
}

/** Over the whole window; else the worst period's, an upper bound. */
function p99DurationMs(server: Server, id: string): Known<number> {
  const window = maxOfSeries(server, `lambda.${id}.duration.p99.window`);
  return window.kind === 'value' ? window : maxOfSeries(server, `lambda.${id}.duration.p99`);
}

const seconds = (ms: Known<number>): Known<number> =>
  ms.kind === 'value' ? { kind: 'value', value: ms.value / 1_000 } : ms;

/** From `from` on and before `to`, in seconds since the epoch. */
interface Window {
  from: number;
  to: number;
}

interface PhaseWindows {
  connecting: Window;
  loaded: Window;
  closing: Window;
  /** False: the run has no steady state to divide it at. */
  apart: boolean;
}

function phasesOf({ client, clock }: Observation): PhaseWindows {
  const steady = clock.steadyFirstSecond ?? clock.lastSecond + 1;
  const underWay = client.seconds.filter(({ phases }) => phases.includes('steady') || phases.includes('draining'));
  const closing = Math.max(steady, (underWay.at(-1)?.second ?? clock.lastSecond) + 1);
  return {
    connecting: { from: Number.NEGATIVE_INFINITY, to: steady },
    loaded: { from: steady, to: closing },
    closing: { from: closing, to: Number.POSITIVE_INFINITY },
    apart: clock.steadyFirstSecond !== null,
  };
}

function unitsWithin(all: readonly ClientSecond[], { from, to }: Window): Units {
  const within = all.filter(({ second }) => second >= from && second < to);
  const total = (of: (counters: ClientSecond['counters']) => number) =>
    within.reduce((sum, { counters }) => sum + of(counters), 0);
  return {
    connect: total(({ connectsOpened }) => connectsOpened),
    disconnect: total(({ closesRequested, closesUnexpected }) => closesRequested + closesUnexpected),
    message: total(({ messagesSent }) => messagesSent),
    webhook: total(({ webhooksAccepted }) => webhooksAccepted),
    push: total(({ pushesDelivered, pushesLate }) => pushesDelivered + pushesLate),
  };
}

function totalOf({ server }: Observation, key: string, { apart, ...windows }: PhaseWindows): Total {
  const series = findSeries(server, key);
  const isFine = series?.kind === 'series' && series.periodSeconds <= phasePeriodSeconds;
  const within = ({ from, to }: Window): Known<number> => {
    const some = series?.kind === 'series' && series.points.some(([second]) => second >= from && second < to);
    // A resource that did nothing in a phase reports nothing.
    return some ? sumOfSeries(server, key, { from, to }) : { kind: 'value', value: 0 };
  };
  return {
    whole: sumOfSeries(server, key),
    phases:
      isFine && apart
        ? {
            connecting: within(windows.connecting),
            loaded: within(windows.loaded),
            closing: within(windows.closing),
          }
        : null,
  };
}
