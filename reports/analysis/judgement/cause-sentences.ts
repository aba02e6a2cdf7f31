/** Causes as reasons of the verdict: one sentence each, the largest first. */
import type { Observation } from '../../../record/observation.ts';
import type { RunRecord } from '../../../record/run.ts';
import type { LatencyRow } from '../latency.ts';
import type { Ledger } from '../ledger.ts';
import { approx, count, milliseconds, plural } from '../numbers.ts';
import { refusalName } from '../refusals.ts';
import { numberOf, sumOfSeries } from '../series.ts';
import type { Reason } from '../warnings/reason.ts';
import { type FailedWork, type FailureCause, failureCauses } from './causes.ts';
import { type SloRow, wholeId } from './objective.ts';
import { failureOfFunction, functionFailureInWords, neverRuns, routeFailureInWords } from './own-failures.ts';
import { type SlowCause, slowCause } from './slowness.ts';
import type { Work } from './work.ts';

/** Whether a reason says what the target did, rather than what that broke. */
export const isCause = ({ code }: Pick<Reason, 'code'>): boolean => /^(cause|target)\./.test(code);

/** The work behind each objective. */
const workOfRow: Readonly<Record<string, Work>> = {
  connectP99Ms: 'connects',
  'connects.errorShare': 'connects',
  roundTripP99Ms: 'messages',
  'messages.errorShare': 'messages',
  'webhooks.errorShare': 'webhooks',
  deliveryP99Ms: 'pushes',
  'pushes.errorShare': 'pushes',
  'publishes.errorShare': 'publishes',
  'subscriptions.errorShare': 'subscriptions',
};

interface Of {
  run: RunRecord;
  observation: Observation;
  ledger: Ledger;
  latency: readonly LatencyRow[];
}

/** Why objectives were broken, one reason a cause: what failed, by its share, before what was slow. Empty where nothing explains it. */
export function causeReasons(rows: readonly SloRow[], of: Of): Reason[] {
  const broken = rows.filter(({ kept }) => kept === false);
  const works = new Set(broken.map(({ id }) => workOfRow[wholeId(id)]));
  const failed = failureCauses(of.run, of.observation, of.ledger)
    .filter(({ work }) => works.has(work))
    .toSorted((a, b) => b.cause.count / b.of - a.cause.count / a.of)
    .map(failureReason);
  const slow = broken.flatMap((row): Reason[] => {
    const id = (['connect', 'roundTrip', 'delivery'] as const).find((each) => row.id === `${each}P99Ms`);
    if (id === undefined || row.measured === null) return [];
    const { samples = 0 } = of.latency.find((each) => each.id === id)?.run ?? {};
    const cause = slowCause(id, { p99Ms: row.measured, units: samples }, of);
    return cause === null ? [] : [slowReason(row.name, cause)];
  });
  const all = [...failed, ...slow];
  return all.filter(({ code }, n) => all.findIndex((other) => other.code === code) === n);
}

/** Why no connection could be opened, as far as the target itself says it: what the client saw is said already. */
export function refusalOfConnects({ run, observation, ledger }: Omit<Of, 'latency'>): Reason[] {
  const { outcome } = run;
  if (outcome.kind !== 'crashed' || outcome.part !== 'connection') return [];
  return failureCauses(run, observation, ledger)
    .filter(({ work, cause }) => work === 'connects' && saidByTarget.includes(cause.kind))
    .map(failureReason);
}

/** Functions of which no event could succeed: why there is little to judge, whatever else is wrong with a run. */
export function notLoadedReasons({ graph }: RunRecord['target'], { server }: Observation): Reason[] {
  const { functions = [] } = graph ?? {};
  return functions.flatMap(({ id }): Reason[] => {
    const failure = failureOfFunction(server, id, functions);
    const [errors = 0, invocations = 0] = (['errors', 'invocations'] as const).map(
      (figure) => numberOf(sumOfSeries(server, `lambda.${id}.${figure}.sum`)) ?? 0,
    );
    // Those that had no end yet when the metrics were read are no errors.
    if (!neverRuns(failure) || errors === 0 || 2 * errors < invocations) return [];
    const all =
      errors < invocations
        ? `${count(errors)} of its ${count(invocations)} invocations`
        : errors === 1
          ? 'its only invocation'
          : `all of its ${count(errors)} invocations`;
    return [
      {
        code: 'cause.functions.functionNotLoaded',
        sentence: `The function ${id} ${functionFailureInWords(failure)}: ${all} failed.`,
        next: 'Read its log, and run it again when it is mended.',
      },
    ];
  });
}

const saidByTarget: readonly FailureCause['kind'][] = [
  'refused',
  'functionTimedOut',
  'functionFailed',
  'integrationFailed',
  'fault',
];

/** The cause of one objective, among all reasons. */
export const causeOfRow = ({ id }: Pick<SloRow, 'id'>, reasons: readonly Reason[]): Reason | undefined =>
  reasons.find(({ code }) => code.startsWith(`cause.${workOfRow[wholeId(id)]}.`));

const one: Record<Work, string> = {
  ...{ connects: 'connect', messages: 'message', webhooks: 'webhook', pushes: 'push' },
  ...{ publishes: 'publish', subscriptions: 'subscription' },
};

function failureReason({ work, failed, of, cause }: FailedWork): Reason {
  const some = `${count(cause.count)} of ${plural(of, one[work], work)}`;
  const was = cause.count === 1 ? 'was' : 'were';
  const isAll = failed <= cause.count || (cause.kind === 'undelivered' && !cause.isCounted);
  const rest = !isAll
    ? ` ${count(failed - cause.count)} more failed otherwise: the ledger has every outcome.`
    : ' The ledger has every outcome.';
  return {
    code: `cause.${work}.${cause.kind === 'functionFailed' && neverRuns(cause.why) ? 'functionNotLoaded' : cause.kind}`,
    sentence: `${failureInWords(cause, { some, was, work })}.`,
    next: `${adviceOn(cause)}${rest}`,
    ...(cause.kind === 'refused' && { quotaId: cause.quota }),
  };
}

function failureInWords(cause: FailureCause, { some, was, work }: { some: string; was: string; work: Work }): string {
  const failed = work === 'pushes' ? 'are missing' : 'failed';
  switch (cause.kind) {
    case 'refused':
      return work === 'pushes'
        ? `${some} are missing, and ${refusalName(cause)} refused as many requests`
        : `${some} ${was} refused by ${refusalName(cause)}`;
    case 'functionTimedOut':
      return `${some} ${failed}: the function ${cause.function} ran into its timeout of ${approx(cause.seconds)} s`;
    case 'functionFailed':
      return `${some} ${failed}: the function ${cause.function} ${functionFailureInWords(cause.why)}`;
    case 'integrationFailed':
      return `${some} ${failed}: ${routeFailureInWords(cause.failure)}`;
    case 'fault':
      return `${some} ${failed} by the injected fault “${cause.name}”`;
    case 'closed':
      if (cause.reason.startsWith(failedByClient))
        return `${some} ${failed}: the target broke the WebSocket protocol on ${plural(cause.connections, 'connection')} (${cause.reason.slice(failedByClient.length)})`;
      return `${some} ${failed}: the target closed ${plural(cause.connections, 'connection')} with ${closeInWords(cause)}`;
    case 'answered':
      return /^\d{3}$/.test(cause.answer)
        ? `${some} ${was} ${work === 'messages' ? 'not sent: connects were ' : ''}answered with HTTP ${cause.answer}`
        : `${some} ${failed} with ${cause.answer}`;
    case 'droppedOnPurpose':
      return `${some} ${failed}: the load had dropped its connections on purpose`;
    case 'errorFrame':
      return `${some} ${was} answered with the error “${cause.code}”`;
    case 'timedOut':
      return `${some} had no answer within ${approx(cause.seconds)} s${insteadInWords(cause.frames)}`;
    case 'gone':
      return `${some} are missing, and the stack counted ${count(cause.counted)} answered with 410 (gone)`;
    case 'undelivered':
      return `${some} are missing${cause.isCounted ? ':' : ', and'} ${undeliveredInWords(cause)} at the end`;
    case 'unanswered':
      return `${some} could not be posted: all others were waiting for the target’s answer`;
  }
}

function undeliveredInWords({ inQueue, deadLettered }: { inQueue: number; deadLettered: number }): string {
  const parts = [
    ...(inQueue > 0 ? [`${plural(inQueue, 'event')} ${inQueue === 1 ? 'was' : 'were'} in the queue`] : []),
    ...(deadLettered > 0
      ? [`${plural(deadLettered, 'event')} ${deadLettered === 1 ? 'was' : 'were'} dead-lettered`]
      : []),
  ];
  return parts.join(' and ');
}

const insteadInWords = (frames: { count: number; first: string } | null): string =>
  frames === null
    ? ''
    : `; the target sent ${plural(frames.count, 'frame')} that were not expected, the first: ${frames.first}`;

/** As the engine notes a connection that the client had to fail (RFC 6455, 7.1.7). */
const failedByClient = 'failed by the client: ';

/** `4401 “Unauthorized”`; 1006 is what a client notes when there was no close frame. */
export const closeInWords = ({ code, reason }: { code: string; reason: string }): string =>
  `${code}${reason === '' ? '' : ` “${reason}”`}${code === '1006' ? ' (no close frame)' : ''}`;

function adviceOn(cause: FailureCause): string {
  switch (cause.kind) {
    case 'refused':
      return 'Compare it with the headroom table; on a local target, per-second counts are in logs/decisions.ndjson.';
    case 'functionTimedOut':
    case 'functionFailed':
      return 'Read its log.';
    case 'integrationFailed':
      return 'Read the log of what it calls.';
    case 'fault':
      return 'Run it without the fault to see the target alone.';
    case 'closed':
      return 'Check what the target expects of a client: a login, a subprotocol, other messages, fewer of them.';
    case 'answered':
      return 'Check URL, token and headers, and the target’s own limits.';
    case 'droppedOnPurpose':
      return 'Judge the messages of such a scenario apart.';
    case 'errorFrame':
      return 'Read the target’s log for it.';
    case 'gone':
      return 'A connection that is open is not gone: compare with when connects and closes were.';
    case 'undelivered':
      return 'Read the log of the function that delivers; drain for longer to see whether they arrive.';
    case 'timedOut':
    case 'unanswered':
      return 'Look at the timeline for when it began, and at the target’s own resources.';
  }
}

function slowReason(name: string, cause: SlowCause): Reason {
  const next = 'See the timeline for when it began, and the headroom table for quotas near their limit.';
  const quotaId = cause.kind === 'refused' ? { quotaId: cause.quota } : {};
  return { code: `cause.slow.${cause.kind}`, sentence: `${slowInWords(name, cause)}.`, next, ...quotaId };
}

function slowInWords(name: string, cause: SlowCause): string {
  switch (cause.kind) {
    case 'refused':
      return `${refusalName(cause)} refused ${plural(cause.refusals, 'request')}, which had to be made again`;
    case 'standstill':
      return `A process of the local target stood still for ${milliseconds(cause.ms)}`;
    case 'fault':
      return cause.how === 'delayed'
        ? `The injected fault “${cause.name}” delayed ${plural(cause.fired, 'call')}`
        : `The injected fault “${cause.name}” failed ${plural(cause.fired, 'call')}, which had to be made again`;
    case 'machine':
      return `${plural(cause.waits, 'invocation')} waited for one of this machine’s Lambda environments`;
    case 'queue':
      return `Messages waited in the queue for up to ${approx(cause.oldestAgeSeconds)} s`;
    case 'function':
      return `The function ${cause.function} takes ${milliseconds(cause.p99Ms)} (p99), which is most of the ${name}`;
  }
}
