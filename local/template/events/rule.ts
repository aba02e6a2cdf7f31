/** Event buses of EventBridge, and rules with their targets, as the local target serves them. */
import type { Json } from '../../../template/template-error.ts';
import type { CronFields } from './cron.ts';

export interface EventBusModel {
  logicalId: string;
  name: string;
  arn: string;
}

export type RuleTargetTo =
  | { kind: 'function'; functionName: string }
  /** `messageGroupId`: of a FIFO queue. */
  | { kind: 'queue'; queueName: string; messageGroupId: string | null }
  | { kind: 'topic'; topicArn: string };

/** What a target gets: the event, a text whatever the event, a part of it, or a text that is made of parts of it. */
export type TargetInput =
  | { kind: 'event' }
  | { kind: 'constant'; text: string }
  | { kind: 'path'; path: string }
  | { kind: 'transformer'; paths: Readonly<Record<string, string>>; template: string };

export interface RuleTargetModel {
  id: string;
  arn: string;
  to: RuleTargetTo;
  /** Whether a policy of the target, or a role of the rule's, lets EventBridge deliver to it. */
  permitted: boolean;
  input: TargetInput;
  /** RetryPolicy. */
  maximumRetries: number;
  maximumAgeMs: number;
  /** The queue for what could not be delivered. */
  deadLetters: { queueName: string; permitted: boolean } | null;
}

type ScheduleModel = { kind: 'rate'; everyMs: number } | { kind: 'cron'; fields: CronFields };

export interface RuleModel {
  logicalId: string;
  name: string;
  arn: string;
  busName: string;
  isEnabled: boolean;
  /** Null: no event matches it. */
  pattern: Json | null;
  /** With its expression, as `rate(5 minutes)`. Null: it has none. */
  schedule: (ScheduleModel & { expression: string }) | null;
  targets: readonly RuleTargetModel[];
}
