/** Why work failed or was slow, from what the target counted and what the client saw. Pure; sentences are in cause-sentences.ts. */
import type { Observation } from '../../../record/observation.ts';
import type { RunRecord } from '../../../record/run.ts';
import { awaitedPushes } from '../events/awaited-pushes.ts';
import type { Ledger } from '../ledger.ts';
import { maxOfSeries, sumOfSeries } from '../series.ts';
import { unsendableMessages, unsendablePublishes } from './failed-work.ts';
import { endedBy, failedMeanwhile, fails } from './fault-effects.ts';
import { type FunctionFailure, failureOfFunction, neverRuns, type RouteFailure } from './own-failures.ts';
import type { Work } from './work.ts';
import { functionsOfWork, refusalsOfWork, routeFailuresOfWork } from './work-of-target.ts';

/** What made work fail. `count` of it, at most. */
export type FailureCause = { count: number } & (
  | { kind: 'refused'; quota: string; scope: string | null }
  /** The function ran into its timeout, or failed otherwise. */
  | { kind: 'functionTimedOut'; function: string; seconds: number }
  | { kind: 'functionFailed'; function: string; why: FunctionFailure | null }
  /** The integration of a route, otherwise than by an error of its function. */
  | { kind: 'integrationFailed'; failure: RouteFailure }
  /** A fault that was injected on purpose. */
  | { kind: 'fault'; name: string }
  /** The target closed the connection, so that answers never came and nothing more could be sent. `reason` may be empty. */
  | { kind: 'closed'; code: string; reason: string; connections: number }
  /** An HTTP status in answer to an upgrade or a post, or an error code of the network. */
  | { kind: 'answered'; answer: string }
  /** The load itself dropped every connection, as the scenario says. */
  | { kind: 'droppedOnPurpose' }
  | { kind: 'errorFrame'; code: string }
  /** `frames`: what the target sent instead, as far as it was not expected; null: nothing. */
  | { kind: 'timedOut'; seconds: number; frames: { count: number; first: string } | null }
  /** `counted`: pushes that the stack itself counted as answered with 410, to whichever connection. */
  | { kind: 'gone'; counted: number }
  /** Events whose pushes had not gone out by the end. `isCounted`: `count` is their pushes; otherwise it is all that is missing, since nothing says how many they had. */
  | { kind: 'undelivered'; inQueue: number; deadLettered: number; isCounted: boolean }
  /** As many posts as the generator makes at a time were waiting for an answer. */
  | { kind: 'unanswered' }
);

/** Failed work and the largest of its causes. */
export interface FailedWork {
  work: Work;
  failed: number;
  of: number;
  cause: FailureCause;
}

/** Of each kind of work that failed: how much, and the cause that explains most of it. Work that failed for no known cause is left out. */
export function failureCauses(run: RunRecord, observation: Observation, ledger: Ledger): FailedWork[] {
  const { totals } = observation.client;
  const { connects, messages, webhooks, pushes, fanOut, subscriptions } = ledger;
  const unsendable = unsendableMessages(totals);
  const unposted = totals.webhooksDroppedUnanswered;
  const missed = ({ started, outcomes }: Ledger['messages'], success: string) => started - (outcomes[success] ?? 0);
  const unpublished = unsendablePublishes(totals);
  const all: Omit<FailedWork, 'cause'>[] = [
    { work: 'connects', failed: missed(connects, 'opened'), of: connects.started },
    { work: 'messages', failed: missed(messages, 'answered') + unsendable, of: messages.started + unsendable },
    { work: 'webhooks', failed: missed(webhooks, 'accepted') + unposted, of: webhooks.started + unposted },
    { work: 'pushes', failed: Math.max(0, pushes.missing) + pushes.late, of: pushes.expected },
    ...(fanOut === null
      ? []
      : [
          {
            work: 'publishes' as const,
            failed: missed(fanOut.publishes, 'answered') + unpublished,
            of: fanOut.publishes.started + unpublished,
          },
        ]),
    ...(subscriptions === null ? [] : [{ work: 'subscriptions' as const, ...subscriptions }]),
  ];
  return all.flatMap((each) => {
    if (each.failed <= 0) return [];
    const limited = (causes: readonly FailureCause[], most: number) =>
      causes
        .filter(({ count }) => Math.min(count, most) > 0)
        // Of two that explain as much, what also did something else is the less likely one.
        .toSorted((a, b) => Math.min(b.count, most) - Math.min(a.count, most) || a.count - b.count)
        .map((cause) => ({ ...cause, count: Math.min(cause.count, most) }));
    // A quota of the whole account may have refused something else: at most what the target answered badly, or not at all, is its work.
    const unanswered = Math.min(each.failed, badlyAnswered(each.work, totals));
    const [byTarget] = limited(countedByTarget(each.work, run, observation), unanswered);
    const [byClient] = limited(seenByClient(each.work, run, observation, ledger), each.failed);
    // What the target says about itself explains what the client sees, unless it explains only a small part of it.
    const cause = byTarget && byTarget.count >= each.failed / 2 ? byTarget : largerOf(byClient, byTarget);
    return cause === undefined ? [] : [{ ...each, cause }];
  });
}

/** Work that reached the target and was refused, failed or left without an answer there. */
function badlyAnswered(work: Work, c: Observation['client']['totals']): number {
  switch (work) {
    case 'connects':
      return c.connectsRefused + c.connectsThrottled + c.connectsTimedOut;
    case 'messages':
      return c.messagesErrorFrame + c.messagesTimedOut;
    case 'webhooks':
      return c.webhooksThrottled + c.webhooksRejected + c.webhooksTimedOut;
    case 'publishes':
      return c.publishesErrorFrame + c.publishesTimedOut;
    case 'subscriptions':
      return c.subscribesErrorFrame + c.subscribesTimedOut;
    case 'pushes':
      return Number.POSITIVE_INFINITY;
  }
}

const largerOf = (a: FailureCause | undefined, b: FailureCause | undefined): FailureCause | undefined =>
  (a?.count ?? 0) >= (b?.count ?? 0) ? a : b;

function countedByTarget(work: Work, run: RunRecord, observation: Observation): FailureCause[] {
  const refused = refusalsOfWork(work, run, observation).map(
    ({ quota, scope, refusals }): FailureCause => ({ kind: 'refused', quota, scope, count: refusals }),
  );
  const failed = functionsOfWork(work, run.target).map((id) => failedFunction(id, work, run, observation));
  const integrations = routeFailuresOfWork(work, run, observation).map(
    (failure): FailureCause => ({ kind: 'integrationFailed', failure, count: failure.count }),
  );
  // A fault says more than the refusal or the error that it caused. Which work it hit is known where its service has no other, and where functions failed as often.
  const faults = (run.target.model?.faults ?? []).flatMap((fault): FailureCause[] => {
    const { kind, name, fired = 0 } = fault;
    // A push whose answer was lost has arrived.
    const isHarmless = work === 'pushes' && kind === 'lostAnswer';
    if (fails(fault, work) && !isHarmless) return [{ kind: 'fault', name, count: fired }];
    const meanwhile = failedMeanwhile(fault, work, { observation, timeoutSeconds: run.workload.timeoutSeconds });
    if (meanwhile > 0) return [{ kind: 'fault', name, count: meanwhile }];
    const [first] = failed.toSorted((a, b) => b.count - a.count);
    const explains = kind !== 'latency' && first !== undefined && first.count > 0 && fired >= first.count;
    return explains ? [{ kind: 'fault', name, count: first.count }] : [];
  });
  return [...faults, ...refused, ...failed, ...integrations];
}

function failedFunction(id: string, work: Work, run: RunRecord, { server }: Observation): FailureCause {
  const { functions = [] } = run.target.graph ?? {};
  const errors = numberOf(sumOfSeries(server, `lambda.${id}.errors.sum`));
  const { timeoutSeconds } = functions.find((each) => each.id === id) ?? {};
  const longestMs = numberOf(maxOfSeries(server, `lambda.${id}.duration.max`));
  const why = failureOfFunction(server, id, functions);
  const isTimeout = why === null || why.kind === 'timeout';
  if (isTimeout && timeoutSeconds !== undefined && longestMs >= timeoutSeconds * 1_000)
    return { kind: 'functionTimedOut', function: id, seconds: timeoutSeconds, count: errors };
  // It takes events in batches, and each again and again: of the pushes that it never made, few show as errors.
  const pushesNothing = work === 'pushes' && neverRuns(why) && errors > 0;
  return { kind: 'functionFailed', function: id, why, count: pushesNothing ? Number.MAX_SAFE_INTEGER : errors };
}

function seenByClient(
  work: Work,
  run: RunRecord,
  observation: Observation,
  { events: { outcomes }, pushes }: Ledger,
): FailureCause[] {
  const { client, server } = observation;
  const { totals } = client;
  const seconds = run.workload.timeoutSeconds;
  const connectionless = (count: number) => withoutConnection(client, count, run.target.model?.faults ?? []);
  switch (work) {
    case 'connects':
      return [
        ...answersOf(client, 'connect'),
        { kind: 'timedOut', seconds, frames: null, count: totals.connectsTimedOut },
      ];
    case 'messages': {
      const unsent = totals.messagesDroppedNoConnection;
      const [error] = mostFrequent(client, 'message');
      return [
        ...connectionless(totals.messagesConnectionClosed + unsent),
        ...(error ? [{ kind: 'errorFrame', code: error.answer, count: totals.messagesErrorFrame } as const] : []),
        { kind: 'timedOut', seconds, frames: framesOf(client), count: totals.messagesTimedOut },
      ];
    }
    case 'webhooks':
      return [
        ...answersOf(client, 'webhook'),
        { kind: 'timedOut', seconds, frames: null, count: totals.webhooksTimedOut },
        { kind: 'unanswered', count: totals.webhooksDroppedUnanswered },
      ];
    case 'publishes': {
      const [error] = mostFrequent(client, 'publish');
      return [
        ...connectionless(totals.publishesConnectionClosed + totals.publishesDroppedNoConnection),
        ...(error ? [{ kind: 'errorFrame', code: error.answer, count: totals.publishesErrorFrame } as const] : []),
        { kind: 'timedOut', seconds, frames: framesOf(client), count: totals.publishesTimedOut },
      ];
    }
    case 'subscriptions': {
      const [error] = mostFrequent(client, 'subscribe');
      return [
        ...(error ? [{ kind: 'errorFrame', code: error.answer, count: totals.subscribesErrorFrame } as const] : []),
        { kind: 'timedOut', seconds, frames: framesOf(client), count: totals.subscribesTimedOut },
      ];
    }
    case 'pushes': {
      const { inQueue, deadLettered } = outcomes;
      const missing = Math.max(0, pushes.missing);
      const counted = awaitedPushes(observation);
      const undelivered = inQueue + deadLettered === 0 ? 0 : (counted ?? missing);
      const gone = numberOf(sumOfSeries(server, 'loadline.pushesGone.sum'));
      return [
        { kind: 'undelivered', inQueue, deadLettered, isCounted: counted !== null, count: undelivered },
        ...connectionless(missing),
        // Pushes to a tab that was closed are gone as well, and none of those that are missing.
        ...(hasClosed(totals)
          ? []
          : [{ kind: 'gone', counted: gone, count: Math.min(gone, missing - undelivered) } as const]),
      ];
    }
  }
}

/** Whether connections ended while the load ran, so that a 410 is what a stack that is well gets. */
const hasClosed = (c: Observation['client']['totals']): boolean =>
  c.connectionsChurned + c.connectionsDropped + c.closesUnexpected > 0;

/** Why there was no connection for `count` of the work: the target closed it (the code that it used most), by itself or by a fault, the load dropped it, or it never opened. */
function withoutConnection(
  client: Observation['client'],
  count: number,
  faults: NonNullable<RunRecord['target']['model']>['faults'],
): FailureCause[] {
  const { closesByServer = {}, totals } = client;
  const [most] = mostFirst(closesByServer);
  if (most !== undefined && totals.closesUnexpected > 0) {
    const [code = '', ...reason] = most[0].split(' ');
    const fault = endedBy(faults, code);
    if (fault !== undefined) return [{ kind: 'fault', name: fault.name, count }];
    return [{ kind: 'closed', code, reason: reason.join(' '), connections: most[1], count }];
  }
  if (totals.connectionsDropped > 0) return [{ kind: 'droppedOnPurpose', count }];
  return answersOf(client, 'connect').map((cause) => ({ ...cause, count }));
}

function framesOf({ totals, unexpectedFrames = {} }: Observation['client']) {
  const [first] = Object.keys(unexpectedFrames);
  const count = totals.framesUnreadable + totals.framesUnexpected;
  return first === undefined || count === 0 ? null : { count, first };
}

const answersOf = (client: Observation['client'], what: 'connect' | 'webhook'): FailureCause[] =>
  mostFrequent(client, what).map(({ answer, count }) => ({ kind: 'answered', answer, count }));

/** Answers of one kind (`connect 401`, `webhook 503`, `message Forbidden`), most frequent first, without timeouts, which are counted apart. */
export function mostFrequent(
  { failures }: Pick<Observation['client'], 'failures'>,
  what: 'connect' | 'webhook' | 'message' | 'publish' | 'subscribe',
): { answer: string; count: number }[] {
  return mostFirst(failures).flatMap(([failure, count]) =>
    failure.startsWith(`${what} `) && !failure.endsWith(' timed out')
      ? [{ answer: failure.slice(what.length + 1), count }]
      : [],
  );
}

export const mostFirst = (counts: Readonly<Record<string, number>>): [string, number][] =>
  Object.entries(counts).toSorted(([, a], [, b]) => b - a);

const numberOf = (answer: { kind: string; value?: number }): number => answer.value ?? 0;
