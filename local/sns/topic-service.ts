/**
 * Topics of SNS: what is published goes to each subscription by itself, at once and in no order. What cannot be delivered is tried again where the service
 * failed, and goes to the subscription's dead letters where it may not be delivered at all. Source: SNS developer guide, "Message delivery retries", read November 2026.
 * Deliveries that wait when the target stops are lost.
 */
import { randomUUID } from 'node:crypto';
import type { MetricSink } from '../cloudwatch/store/metric-sink.ts';
import type { AsyncInvocations } from '../lambda/async-invocations.ts';
import { AwsJsonError } from '../process/aws-json-client.ts';
import { sleep } from '../process/sleep.ts';
import type { SqsClient } from '../sqs/sqs-client.ts';
import type { SubscriptionModel, TopicModel } from '../template/topics/topic.ts';
import {
  functionEventOf,
  mostRawAttributes,
  type Notification,
  type Publication,
  queueMessageOf,
  textFor,
} from './message.ts';
import { type FilterOutcome, filtered } from './subscription-filter.ts';

export interface TopicServiceSettings {
  topics: readonly TopicModel[];
  accountId: string;
  sqs: Pick<SqsClient, 'call'>;
  sqsUrl: string;
  asynchronous: Pick<AsyncInvocations, 'accept'>;
  metrics: MetricSink;
  /** Milliseconds since the epoch. */
  nowMs: () => number;
}

/** Three tries at once, two after a second, and then less and less often, up to every 20 s. */
const pausesMs = [0, 0, 0, 1_000, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000];

const outcomeMetrics: Readonly<Record<Exclude<FilterOutcome, 'passes'>, string>> = {
  noMessageAttributes: 'NumberOfNotificationsFilteredOut-NoMessageAttributes',
  messageAttributes: 'NumberOfNotificationsFilteredOut-MessageAttributes',
  messageBody: 'NumberOfNotificationsFilteredOut-MessageBody',
  invalidMessageBody: 'NumberOfNotificationsFilteredOut-InvalidMessageBody',
};

export class TopicService {
  #settings: TopicServiceSettings;
  #stop = new AbortController();

  constructor(settings: TopicServiceSettings) {
    this.#settings = settings;
  }

  topic(arn: string): TopicModel | null {
    return this.#settings.topics.find((topic) => topic.arn === arn) ?? null;
  }

  get topics(): readonly TopicModel[] {
    return this.#settings.topics;
  }

  /** Accepts it, and delivers it afterwards. `isByProtocol`: the message has a text for each protocol. @returns the message's id. */
  publish(topic: TopicModel, publication: Publication, { isByProtocol = false } = {}): string {
    const { nowMs } = this.#settings;
    const notification = {
      ...publication,
      ...{ messageId: randomUUID(), topicArn: topic.arn, timestamp: new Date(nowMs()).toISOString() },
    };
    this.#put(topic, 'NumberOfMessagesPublished', 1);
    this.#put(topic, 'PublishSize', Buffer.byteLength(publication.message), 'Bytes');
    for (const subscription of topic.subscriptions) {
      const protocol = subscription.to.kind === 'queue' ? 'sqs' : 'lambda';
      const own = isByProtocol ? { ...notification, message: textFor(protocol, publication.message) } : notification;
      const outcome = filtered(subscription.filter, own);
      if (outcome === 'passes') void this.#deliver(topic, subscription, own);
      else {
        this.#put(topic, 'NumberOfNotificationsFilteredOut', 1);
        this.#put(topic, outcomeMetrics[outcome], 1);
      }
    }
    return notification.messageId;
  }

  close(): void {
    this.#stop.abort();
  }

  async #deliver(topic: TopicModel, subscription: SubscriptionModel, notification: Notification): Promise<void> {
    for (let attempt = 0; !this.#stop.signal.aborted; attempt += 1) {
      const outcome = await this.#try(subscription, notification);
      if (outcome === 'delivered') return this.#put(topic, 'NumberOfNotificationsDelivered', 1);
      if (outcome === 'refused') break;
      await sleep(pausesMs[attempt] ?? pausesMs.at(-1) ?? 0, this.#stop.signal);
    }
    if (this.#stop.signal.aborted) return;
    this.#put(topic, 'NumberOfNotificationsFailed', 1);
    await this.#redrive(topic, subscription, notification);
  }

  /** `refused`: it would be again. */
  async #try(
    { to, permitted, isRaw, arn: subscriptionArn }: SubscriptionModel,
    notification: Notification,
  ): Promise<'delivered' | 'refused' | 'failed'> {
    const { asynchronous } = this.#settings;
    if (!permitted) return 'refused';
    if (to.kind === 'function')
      return asynchronous.accept(to.functionName, functionEventOf(notification, subscriptionArn))
        ? 'delivered'
        : 'failed';
    if (isRaw && Object.keys(notification.attributes).length > mostRawAttributes) return 'refused';
    return await this.#send(to.queueName, queueMessageOf(notification, { isRaw, subscriptionArn }));
  }

  async #redrive(topic: TopicModel, subscription: SubscriptionModel, notification: Notification): Promise<void> {
    const { deadLetterQueue, to, isRaw, arn: subscriptionArn } = subscription;
    if (deadLetterQueue === null) return;
    const letter =
      to.kind === 'queue'
        ? queueMessageOf(notification, { isRaw, subscriptionArn })
        : { MessageBody: functionEventOf(notification, subscriptionArn) };
    const outcome = await this.#send(deadLetterQueue, letter);
    this.#put(topic, `NumberOfNotifications${outcome === 'delivered' ? 'RedrivenToDlq' : 'FailedToRedriveToDlq'}`, 1);
  }

  async #send(queueName: string, message: object): Promise<'delivered' | 'refused' | 'failed'> {
    const { sqs, sqsUrl, accountId } = this.#settings;
    try {
      await sqs.call('SendMessage', { QueueUrl: `${sqsUrl}/${accountId}/${queueName}`, ...message }, this.#stop.signal);
      return 'delivered';
    } catch (error) {
      const isClients = error instanceof AwsJsonError && error.status < 500 && !/Throttl/.test(error.type);
      return isClients ? 'refused' : 'failed';
    }
  }

  #put({ topicName }: TopicModel, name: string, value: number, unit = 'Count'): void {
    const { metrics, nowMs } = this.#settings;
    metrics.put({
      ...{ namespace: 'AWS/SNS', name, dimensions: { TopicName: topicName }, unit, value },
      timestampMs: nowMs(),
    });
  }
}
