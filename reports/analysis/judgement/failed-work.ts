/** Work that failed or never came, which is in no histogram: counted with the latency that it would have had. Pure. */
import { type CounterName, counterNames, workUnits } from '../../../engine/src/records.ts';
import type { ClientSecond, Observation } from '../../../record/observation.ts';

type Counters = Readonly<Record<CounterName, number>>;
export type LatencyId =
  | 'connect'
  | 'roundTrip'
  | 'webhook'
  | 'delivery'
  | 'service'
  | 'publish'
  | 'fanOut'
  | 'fanOutLast'
  | 'recovery';
type Failed = Record<LatencyId, number>;

/**
 * Of each latency: what failed in the whole run, and of what was due in the steady state. Messages, webhooks and publishes fall due in the
 * steady state alone, so what fails in the drain belongs to it; what failed before it does not.
 */
export function failedWork({
  client,
  clock,
}: Pick<Observation, 'client' | 'clock'>): Record<LatencyId, { run: number; steady: number }> {
  const first = clock.steadyFirstSecond ?? Number.POSITIVE_INFINITY;
  const retries = clientsRetry(client.totals);
  const run = failedOf(client.totals, client, retries);
  const before = endedFailures(sumOf(client.seconds.filter(({ second }) => second < first)), retries);
  const steady = (id: LatencyId) => (clock.steadyFirstSecond === null ? 0 : Math.max(0, run[id] - (before[id] ?? 0)));
  const both = (id: LatencyId) => ({ run: run[id], steady: steady(id) });
  return {
    connect: both('connect'),
    roundTrip: both('roundTrip'),
    webhook: both('webhook'),
    delivery: both('delivery'),
    service: both('service'),
    publish: both('publish'),
    fanOut: both('fanOut'),
    fanOutLast: both('fanOutLast'),
    recovery: both('recovery'),
  };
}

/** Where clients retry, a refused attempt is not a failed connect; a client that gave up is. */
export const clientsRetry = (totals: Counters): boolean =>
  totals.closesUnexpected + totals.connectionsDropped > 0 &&
  totals.connectionsRecovered + totals.connectionsAbandoned > 0;

/** Messages that could not be sent, through no fault of the generator: to who waits for the answer they failed. */
export const unsendableMessages = (c: Counters): number => c.messagesDroppedNoConnection + c.messagesDroppedNotRead;
export const unsendablePublishes = (c: Counters): number => c.publishesDroppedNoConnection + c.publishesDroppedNotRead;

const sumCounters = (counters: Counters, names: readonly CounterName[]): number =>
  names.reduce((sum, name) => sum + counters[name], 0);

/** Failures that are counted in the second in which they end. */
export function endedFailures(c: Counters, retries: boolean): Partial<Failed> {
  const messages = sumCounters(c, workUnits.messages.failed);
  return {
    connect: retries ? c.connectionsAbandoned : sumCounters(c, workUnits.connects.failed),
    roundTrip: messages + unsendableMessages(c),
    service: messages,
    webhook: sumCounters(c, workUnits.webhooks.failed) + c.webhooksDroppedUnanswered,
    publish: sumCounters(c, workUnits.publishes.failed) + unsendablePublishes(c),
  };
}

/** Failures that the target declared itself, by an answer or a close: no wait of the generator's makes them, but for a stall in which the target gives up on it. */
export function declaredFailures(c: Counters, retries: boolean): Partial<Failed> {
  const ended = endedFailures(c, retries);
  return {
    connect: retries ? 0 : (ended.connect ?? 0) - c.connectsTimedOut,
    roundTrip: (ended.roundTrip ?? 0) - c.messagesTimedOut,
    webhook: (ended.webhook ?? 0) - c.webhooksTimedOut - c.webhooksDroppedUnanswered,
    publish: (ended.publish ?? 0) - c.publishesTimedOut,
  };
}

/** With what is only known at the end: what is still missing then. */
function failedOf(c: Counters, { histograms }: Observation['client'], retries: boolean): Failed {
  const ended = endedFailures(c, retries);
  const unended = (begun: number, succeeded: number, failed: number) => Math.max(0, begun - succeeded - failed);
  const messages = unended(c.messagesSent, c.messagesAnswered, ended.service ?? 0);
  const lost = c.closesUnexpected + c.connectionsDropped;
  return {
    connect: ended.connect ?? 0,
    roundTrip: (ended.roundTrip ?? 0) + messages,
    service: (ended.service ?? 0) + messages,
    webhook: ended.webhook ?? 0,
    publish: ended.publish ?? 0,
    delivery: Math.max(0, c.pushesExpected - c.pushesDelivered - c.pushesLate),
    fanOut: Math.max(0, c.fanOutExpected - c.fanOutDelivered - c.fanOutLate),
    // Answered publishes of which the last subscriber was never reached.
    fanOutLast: Math.max(0, c.publishesAnswered - countOf(histograms.fanOutLastMicros)),
    recovery: lost > 0 ? Math.max(c.connectionsAbandoned, lost - c.connectionsRecovered) : 0,
  };
}

const countOf = (counts: Readonly<Record<string, number>> = {}): number =>
  Object.values(counts).reduce((sum, n) => sum + n, 0);

function sumOf(seconds: readonly ClientSecond[]): Counters {
  const sum = Object.fromEntries(counterNames.map((name) => [name, 0])) as Record<CounterName, number>;
  for (const { counters } of seconds) for (const name of counterNames) sum[name] += counters[name];
  return sum;
}
