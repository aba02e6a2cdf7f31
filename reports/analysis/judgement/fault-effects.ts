/** Which work an injected fault fails. Pure. */
import type { CounterName } from '../../../engine/src/records.ts';
import type { Observation } from '../../../record/observation.ts';
import type { RunRecord } from '../../../record/run.ts';
import { likeOf, type Work } from './work.ts';

type InjectedFault = NonNullable<RunRecord['target']['model']>['faults'][number];

/** Whether each firing of a fault fails one of this work, or has it made again. */
export function fails({ kind, service, operation }: InjectedFault, work: Work): boolean {
  if (!['error', 'throttle', 'partition', 'lostAnswer'].includes(kind)) return false;
  const hits = (name: string) => operation.some((pattern) => matches(pattern, name));
  switch (likeOf(work)) {
    case 'pushes':
      return service === 'connectionsApi' && hits('PostToConnection');
    case 'webhooks':
      return service === 'httpApi';
    case 'connects':
      return service === 'webSocketApi' && hits('$connect');
    case 'messages':
      return service === 'webSocketApi' && operation.some((each) => !each.startsWith('$') || matches(each, '$default'));
  }
}

/** What a target answered badly, or not at all. Of pushes nobody waits for the answer. */
const badAnswers: Readonly<Record<Work, readonly CounterName[]>> = {
  connects: ['connectsRefused', 'connectsThrottled', 'connectsTimedOut'],
  messages: ['messagesErrorFrame', 'messagesTimedOut'],
  webhooks: ['webhooksThrottled', 'webhooksRejected', 'webhooksTimedOut'],
  publishes: ['publishesErrorFrame', 'publishesTimedOut'],
  subscriptions: ['subscribesErrorFrame', 'subscribesTimedOut'],
  pushes: [],
};

/** How much of this work failed while the store was failing over, or until what was due then has ended. 0 for any other fault: it fires as often as it fails something. */
export function failedMeanwhile(
  fault: InjectedFault,
  work: Work,
  { observation, timeoutSeconds }: { observation: Observation; timeoutSeconds: number },
): number {
  const { kind, setAtMs, startSeconds, durationSeconds, fired = 0 } = fault;
  if (kind !== 'failover' || fired === 0) return 0;
  const from = Math.floor(setAtMs / 1_000 + startSeconds);
  const to = durationSeconds === undefined ? Number.POSITIVE_INFINITY : from + durationSeconds + timeoutSeconds;
  return observation.client.seconds
    .filter(({ second }) => second >= from && second <= to)
    .reduce((sum, { counters }) => sum + badAnswers[work].reduce((all, name) => all + counters[name], 0), 0);
}

/** The fault that ended connections with this code, as a client notes it: 1006 without a close frame, 1012 by a task that was told to end. */
export const endedBy = (faults: readonly InjectedFault[], code: string): InjectedFault | undefined =>
  faults.find((fault) => (fault.fired ?? 0) > 0 && codeOf(fault) === code);

function codeOf(fault: InjectedFault): string | null {
  if (fault.kind === 'taskStop') return fault.way === 'kill' ? '1006' : '1012';
  if (fault.kind === 'disconnect') return fault.way === 'reset' ? '1006' : String(fault.code);
  return null;
}

/** As faults name operations: `*` is any text, case is ignored. */
const matches = (pattern: string, name: string): boolean =>
  new RegExp(`^${pattern.replaceAll(/[.+^${}()|[\]\\?]/g, '\\$&').replaceAll('*', '.*')}$`, 'i').test(name);
