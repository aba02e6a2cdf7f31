/** What a reader of a valid report must know all the same. */
import type { Coefficient, Coefficients } from '../../capacity/demand/coefficients.ts';
import type { Observation } from '../../record/observation.ts';
import type { RunRecord } from '../../record/run.ts';
import type { LatencyRow } from './latency.ts';
import type { Ledger } from './ledger.ts';
import { localModelOf } from './local-model.ts';
import { count, milliseconds, plural } from './numbers.ts';
import { refusalsOf } from './refusals.ts';
import { sumOfSeries } from './series.ts';
import type { SloRow } from './slo.ts';
import type { Reason } from './verdict.ts';

const warning = (code: string, sentence: string, next: string): Reason => ({ code, sentence, next });
const when = (condition: boolean, make: () => Reason): Reason[] => (condition ? [make()] : []);

/** Said of a target of which only the outside was measured. */
export const endpointWarnings = (): Reason[] => [
  warning(
    'endpoint',
    'Nothing of the target’s own side was measured (no CloudWatch, no queues), so nothing is said of quotas, headroom, capacity or cost.',
    'Measure there what the target is made of, over the same window.',
  ),
];

/** `asksServer`: the target could be asked for its own counts. */
export function ledgerWarnings(
  { events, pushes, messages, fanOut, recoveries }: Ledger,
  { asksServer }: { asksServer: boolean },
): Reason[] {
  const unanswered = messages.started - (messages.outcomes.answered ?? 0);
  return [
    ...when(asksServer && !events.confirmed, () =>
      warning(
        'offlineUnconfirmed',
        `The stack’s own count of offline events is missing; the client’s (${count(events.offlineByClient)}) stands in, unconfirmed.`,
        'Check that the deliver function’s metrics (namespace Loadline) reach CloudWatch.',
      ),
    ),
    ...when(events.confirmed && events.offlineByServer !== events.offlineByClient, () =>
      warning(
        'offlineDiffers',
        `The stack counted ${plural(events.offlineByServer ?? 0, 'offline event')}, the client expected ${count(events.offlineByClient)}.`,
        'Owners who disconnect during the run, or other traffic on the target, explain a difference.',
      ),
    ),
    ...when(asksServer && (events.inFlight === null || events.deadLettered === null), () =>
      warning(
        'queuesUnknown',
        'The queues could not be asked at the end: events in flight and dead letters are counted as 0.',
        'Look in logs/ for why GetQueueAttributes failed.',
      ),
    ),
    ...when((events.deadLettered ?? 0) > 0, () =>
      warning(
        'deadLettered',
        `${plural(events.deadLettered ?? 0, 'event')} went to the dead-letter queue.`,
        'Read their bodies there, and the deliver function’s log.',
      ),
    ),
    ...when((events.inFlight ?? 0) > 0, () =>
      warning(
        'inFlight',
        `${plural(events.inFlight ?? 0, 'message')} were still in the queue at the end.`,
        'Drain for longer, or look at the deliver function’s concurrency.',
      ),
    ),
    ...when(events.waitingBefore > 0, () =>
      warning(
        'queueNotEmpty',
        `${plural(events.waitingBefore, 'message')} of an earlier load were in the queue when this one began.`,
        'Wait until the queue is empty, or purge it, before a run.',
      ),
    ),
    ...when(events.unattributed > 0, () =>
      warning(
        'unattributed',
        `${plural(events.unattributed, 'event')} came out beyond the ${count(events.accepted)} accepted: posts without an answer that were queued all the same, or second copies of delivered events (replays, messages that SQS delivered twice, retries after a failure, an earlier load’s) left in the queue or found offline.`,
        'The ledger is exact only without them: lower the load until every post is answered, and drain for longer.',
      ),
    ),
    ...when(pushes.missing !== 0, () =>
      warning(
        'pushesMissing',
        `${count(Math.abs(pushes.missing))} pushes ${pushes.missing > 0 ? 'fewer' : 'more'} arrived than the ${count(pushes.expected)} expected (one for each open connection of an owner).`,
        'Compare with the stack’s counts of pushes that were gone or throttled.',
      ),
    ),
    ...when(pushes.duplicate > 0, () =>
      warning(
        'pushesDuplicate',
        `${plural(pushes.duplicate, 'push', 'pushes')} arrived twice or more.`,
        'Delivery is at least once; clients drop what they have seen. Many of them point to retries of deliver.',
      ),
    ),
    ...when(pushes.unexpected > 0, () =>
      warning(
        'pushesUnexpected',
        `${plural(pushes.unexpected, 'push', 'pushes')} arrived on connections of someone else, or for unknown events.`,
        'Run alone on the target; if it stays, it is a fault of the stack.',
      ),
    ),
    ...when(pushes.ofUnaccepted > 0, () =>
      warning(
        'pushesOfUnaccepted',
        `${plural(pushes.ofUnaccepted, 'push', 'pushes')} arrived for posts that the client does not count as accepted.`,
        'Posts that time out at the client may be queued all the same.',
      ),
    ),
    ...when(
      fanOut !== null && fanOut.missing + fanOut.late + fanOut.duplicate + fanOut.unexpected + fanOut.reordered > 0,
      () =>
        warning(
          'fanOut',
          `Of ${count(fanOut?.expected ?? 0)} messages to subscribers ${count(fanOut?.missing ?? 0)} never came, ${count(fanOut?.late ?? 0)} came late, ${count(fanOut?.duplicate ?? 0)} twice, ${count(fanOut?.unexpected ?? 0)} to others and ${count(fanOut?.reordered ?? 0)} out of order.`,
          'Compare with the stack’s counts of pushes that were gone or throttled.',
        ),
    ),
    ...when((recoveries?.abandoned ?? 0) + (recoveries?.notBack ?? 0) > 0, () =>
      warning(
        'notRecovered',
        `Of ${plural(recoveries?.lost ?? 0, 'lost connection')} ${count(recoveries?.notBack ?? 0)} were not open again at the end, and ${plural(recoveries?.abandoned ?? 0, 'client')} gave up or had tried in vain for longer than a timeout.`,
        'Run for longer; clients that give up need more attempts or a higher quota of new connections.',
      ),
    ),
    ...when(unanswered > 0, () =>
      warning(
        'censored',
        `${plural(unanswered, 'message')} got no answer and are not in the latency percentiles, which are too low by that.`,
        'See the ledger for what became of them.',
      ),
    ),
  ];
}

export function measurementWarnings(
  { client, server }: Observation,
  latency: readonly LatencyRow[],
  slo: readonly SloRow[],
): Reason[] {
  const noData = server.series.filter(({ kind }) => kind === 'noData').map(({ key }) => key);
  const failed = server.series.filter(
    (series) => series.kind === 'noData' && /fail|error|denied|throttl/i.test(series.reason),
  );
  const few = slo.filter(({ tooFewSamples }) => tooFewSamples).map(({ name }) => name);
  return [
    ...when(few.length > 0, () =>
      warning('tooFewSamples', `Too few samples for a p99 (299 are needed): ${few.join(', ')}.`, 'Run for longer.'),
    ),
    ...when(
      latency.every(({ steady }) => steady === null),
      () =>
        warning(
          'noSteadyState',
          'The run never reached its steady state: no steady latencies.',
          'Look at the timeline for where it stopped.',
        ),
    ),
    ...slo
      .filter(({ kept }) => kept === null)
      .map(({ id, name }) =>
        warning(
          `unmeasured.${id}`,
          `${name} was not measured, so its objective was not judged.`,
          'Give the scenario the load that it needs.',
        ),
      ),
    ...when(noData.length > 0, () =>
      warning(
        'noData',
        `CloudWatch had no data for ${plural(noData.length, 'series', 'series')}${failed.length > 0 ? `, ${count(failed.length)} of them because the call failed` : ''}: ${listed(noData)}.`,
        'Missing is not zero: what depends on them is marked unknown.',
      ),
    ),
    ...when(client.unreadableLines > 0, () =>
      warning(
        'unreadableLines',
        `${plural(client.unreadableLines, 'line')} of client.ndjson could not be read.`,
        'The numbers of those seconds are missing.',
      ),
    ),
    ...when(client.totals.framesUnreadable > 0, () =>
      warning(
        'framesUnreadable',
        `${plural(client.totals.framesUnreadable, 'frame')} received could not be read.`,
        'The stack sent something outside its protocol.',
      ),
    ),
    ...machineWarning(server),
    ...['readThrottles', 'writeThrottles'].flatMap((kind) =>
      throttleWarning(server, `dynamodb.table.${kind}.sum`, 'DynamoDB'),
    ),
    ...['authorize', 'connect', 'disconnect', 'message', 'ingest', 'deliver'].flatMap((role) => [
      ...throttleWarning(server, `lambda.${role}.throttles.sum`, `Lambda ${role}`),
      ...errorWarning(server, role),
    ]),
  ];
}

export function modelWarnings(run: RunRecord, coefficients: Coefficients): Reason[] {
  const tables = [coefficients.writeUnits, coefficients.readUnits].flatMap(
    (units) => Object.values(units) as Coefficient[],
  );
  const { faults } = localModelOf(run.target.notes);
  return [
    ...when(run.target.kind === 'local', () =>
      warning(
        'local',
        'Latencies and durations are this machine’s, not AWS’s; headroom on AWS is modelled from counts and ratios that carry over, and durations that do not.',
        'Run it against the deployed stack for figures to rely on.',
      ),
    ),
    ...when(faults.length > 0, () =>
      warning(
        'faults',
        `${plural(faults.length, 'fault')} acted on the target on purpose: ${listed(faults)}. What was measured includes them.`,
        'How it was measured says what each did and how often; compare only with runs under the same faults and seed.',
      ),
    ),
    ...when(
      tables.some((each) => each.kind === 'value' && each.method === 'model'),
      () =>
        warning(
          'unitsModelled',
          'Some table units a connect, disconnect or webhook come from the code’s path, since the run does not separate them.',
          'Compare with the measured total in CloudWatch.',
        ),
    ),
  ];
}

/** On the local target: invocations that waited for this machine, where AWS would have started an environment for each. */
function machineWarning(server: Observation['server']): Reason[] {
  const waits = sumOfSeries(server, 'local.environmentWaits.sum');
  const millis = sumOfSeries(server, 'local.environmentWaitMillis.sum');
  if (waits.kind !== 'value' || waits.value === 0) return [];
  const mean = millis.kind === 'value' ? `, ${milliseconds(millis.value / waits.value)} each in the mean` : '';
  return [
    warning(
      'machineWaits',
      `${plural(waits.value, 'invocation')} waited for one of this machine’s Lambda environments${mean}; AWS would have started one for each.`,
      'Measured maxima of concurrency are bounded by this machine: trust rate × mean duration.',
    ),
  ];
}

function throttleWarning(server: Observation['server'], key: string, name: string): Reason[] {
  const throttles = sumOfSeries(server, key);
  return when(throttles.kind === 'value' && throttles.value > 0, () =>
    warning(
      `throttled.${key}`,
      `${name} was throttled ${plural(throttles.kind === 'value' ? throttles.value : 0, 'time')}.`,
      'See the headroom table for the quota.',
    ),
  );
}

function errorWarning(server: Observation['server'], role: string): Reason[] {
  const errors = sumOfSeries(server, `lambda.${role}.errors.sum`);
  return when(errors.kind === 'value' && errors.value > 0, () =>
    warning(
      `errors.${role}`,
      `Lambda ${role} failed ${plural(errors.kind === 'value' ? errors.value : 0, 'time')}.`,
      'Read its log.',
    ),
  );
}

const listed = (keys: readonly string[]): string =>
  keys.length > 6 ? `${keys.slice(0, 6).join(', ')} and ${count(keys.length - 6)} more` : keys.join(', ');

/** Throttles are part of the answer: which quota, how often. */
export function refusalWarnings(observation: Observation): Reason[] {
  return refusalsOf(observation.server).map(({ quota, scope, refusals }) =>
    warning(
      `refused.${quota}${scope === null ? '' : `.${scope}`}`,
      `${quota}${scope === null ? '' : ` of ${scope}`} refused ${plural(refusals, 'request')}.`,
      'Compare it with the headroom table; the second by second is in logs/decisions.ndjson of a local target.',
    ),
  );
}
