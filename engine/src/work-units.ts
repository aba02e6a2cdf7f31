/** How the outcomes of a unit of work add up. */
import type { CounterName } from './counters.ts';

/** Counters of one kind of work: begun = succeeded + all of failed + given up + still under way; intended = begun + dropped. */
export interface WorkUnit {
  begun: CounterName;
  succeeded: CounterName;
  failed: readonly CounterName[];
  /** Ended by whoever began it. Absent: nobody does. */
  givenUp?: CounterName;
  /** Absent where nothing has its own schedule. */
  intended?: CounterName;
  dropped?: CounterName;
}

/** Each unit of work ends in exactly one outcome. */
export const workUnits = {
  connects: {
    intended: 'connectsIntended',
    begun: 'connectsAttempted',
    succeeded: 'connectsOpened',
    failed: ['connectsRefused', 'connectsThrottled', 'connectsTimedOut', 'connectsFailed'],
  },
  messages: {
    intended: 'messagesIntended',
    dropped: 'messagesDropped',
    begun: 'messagesSent',
    succeeded: 'messagesAnswered',
    failed: ['messagesTimedOut', 'messagesErrorFrame', 'messagesConnectionClosed'],
  },
  webhooks: {
    intended: 'webhooksIntended',
    dropped: 'webhooksDropped',
    begun: 'webhooksPosted',
    succeeded: 'webhooksAccepted',
    failed: ['webhooksThrottled', 'webhooksRejected', 'webhooksTimedOut', 'webhooksFailed'],
  },
  polls: {
    begun: 'pollsSent',
    succeeded: 'pollsAnswered',
    failed: ['pollsThrottled', 'pollsRejected', 'pollsTimedOut', 'pollsFailed'],
    givenUp: 'pollsGivenUp',
  },
  stageReads: {
    begun: 'stageReadsSent',
    succeeded: 'stageReadsAnswered',
    failed: ['stageReadsThrottled', 'stageReadsRejected', 'stageReadsTimedOut', 'stageReadsFailed'],
    givenUp: 'stageReadsGivenUp',
  },
  subscribes: {
    begun: 'subscribesSent',
    succeeded: 'subscribesAnswered',
    failed: ['subscribesTimedOut', 'subscribesErrorFrame', 'subscribesConnectionClosed'],
  },
  publishes: {
    intended: 'publishesIntended',
    dropped: 'publishesDropped',
    begun: 'publishesSent',
    succeeded: 'publishesAnswered',
    failed: ['publishesTimedOut', 'publishesErrorFrame', 'publishesConnectionClosed'],
  },
} as const satisfies Record<string, WorkUnit>;

const units: readonly WorkUnit[] = Object.values(workUnits);
/** Of each unit of work: every outcome but success. */
export const failureCounters: readonly CounterName[] = units.flatMap(({ failed }) => failed);
/** Of each unit of work: due, but never begun. */
export const droppedCounters: readonly CounterName[] = units.flatMap(({ dropped }) => dropped ?? []);
