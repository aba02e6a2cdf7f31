/** Topics of SNS with what is subscribed to them, as the local target serves them. */
import type { Json } from '../../../template/template-error.ts';

export interface SubscriptionModel {
  logicalId: string;
  arn: string;
  to: { kind: 'queue'; arn: string; queueName: string } | { kind: 'function'; functionName: string };
  /** Whether a policy of the queue or function lets SNS deliver to it. */
  permitted: boolean;
  /** Without the envelope of SNS. */
  isRaw: boolean;
  /** Null: everything is delivered. */
  filter: { scope: 'attributes' | 'body'; policy: Json } | null;
  /** Name of the queue for what could not be delivered. */
  deadLetterQueue: string | null;
}

export interface TopicModel {
  logicalId: string;
  topicName: string;
  arn: string;
  subscriptions: readonly SubscriptionModel[];
}
