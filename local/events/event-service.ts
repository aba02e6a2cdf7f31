/**
 * EventBridge's buses: each event goes to the targets of every rule that it matches, each by itself and in no order. What fails is tried again with growing pauses, for as long as the
 * target's RetryPolicy says; what may not be delivered at all is not, and both end in the target's dead letters. Sources: EventBridge user guide, "Retrying
 * event delivery" and "Using dead-letter queues", read November 2026. AWS documents no pauses: these are such that 185 retries last a day. Deliveries that
 * wait when the target stops are lost.
 */

import { randomUUID } from 'node:crypto';
import { TokenBucket } from '../../aws/token-bucket.ts';
import { defaultBus } from '../../graph/event-buses.ts';
import type { MetricSink } from '../cloudwatch/store/metric-sink.ts';
import type { AsyncInvocations } from '../lambda/async-invocations.ts';
import { AwsJsonError } from '../process/aws-json-client.ts';
import { sleep } from '../process/sleep.ts';
import type { Limits } from '../quota/limits.ts';
import type { Refusals } from '../quota/refusals.ts';
import type { TopicService } from '../sns/topic-service.ts';
import type { SqsClient } from '../sqs/sqs-client.ts';
import { sqsTextOf } from '../sqs/sqs-text.ts';
import type { EventBusModel, RuleModel, RuleTargetModel } from '../template/events/rule.ts';
import { type BusEvent, eventTime } from './event.ts';
import { matchesPattern } from './event-pattern.ts';
import { targetText } from './target-input.ts';

export interface EventServiceSettings {
  buses: readonly EventBusModel[];
  rules: readonly RuleModel[];
  region: string;
  accountId: string;
  sqs: Pick<SqsClient, 'call'>;
  sqsUrl: string;
  asynchronous: Pick<AsyncInvocations, 'accept'>;
  topics: Pick<TopicService, 'topic' | 'publish'>;
  limits: Pick<Limits, 'eventBridgePutEvents' | 'eventBridgeInvocations'>;
  refusals: Pick<Refusals, 'count'>;
  metrics: MetricSink;
  /** Milliseconds since the epoch. */
  nowMs: () => number;
}

/** Of one attempt. `refused`: it would be again. The codes are EventBridge's own for dead letters. */
type Attempt = { kind: 'delivered' } | { kind: 'refused' | 'failed'; code: string; message: string };
type Failure = Exclude<Attempt, { kind: 'delivered' }>;

const pauseMs = { first: 1_000, most: 480_000 };
const pauseAfter = (attempts: number): number =>
  Math.min(pauseMs.most, pauseMs.first * 2 ** Math.min(attempts - 1, 20));

export class EventService {
  #settings: EventServiceSettings;
  #stop = new AbortController();
  #requests: TokenBucket;
  #invocations: TokenBucket;

  constructor(settings: EventServiceSettings) {
    this.#settings = settings;
    this.#requests = new TokenBucket(settings.limits.eventBridgePutEvents, settings.nowMs());
    this.#invocations = new TokenBucket(settings.limits.eventBridgeInvocations, settings.nowMs());
  }

  get buses(): readonly EventBusModel[] {
    const { buses, region, accountId } = this.#settings;
    const arn = `arn:aws:events:${region}:${accountId}:event-bus/${defaultBus}`;
    return [{ logicalId: defaultBus, name: defaultBus, arn }, ...buses];
  }

  get rules(): readonly RuleModel[] {
    return this.#settings.rules;
  }

  /** Whether the account's quota has a request of PutEvents left. */
  admits(): boolean {
    const { refusals, nowMs } = this.#settings;
    this.count('PutEventsApproximateCallCount', 1);
    if (this.#requests.take(nowMs())) return true;
    refusals.count('eventBridgePutEvents');
    this.count('PutEventsApproximateThrottledCount', 1);
    return false;
  }

  /** To all rules of the bus that it matches; to none of a bus that the stack does not have, as on AWS, which does not say so either. */
  put(busName: string, event: BusEvent): void {
    const { rules } = this.#settings;
    const matched = rules.filter(
      (rule) =>
        rule.busName === busName && rule.isEnabled && rule.pattern !== null && matchesPattern(rule.pattern, event),
    );
    if (matched.length === 0) return;
    this.#put('MatchedEvents', { EventBusName: busName });
    for (const rule of matched) this.#trigger(rule, event);
  }

  /** As a schedule does it, whatever the pattern. */
  fire(rule: RuleModel): void {
    const { region, accountId, nowMs } = this.#settings;
    this.#trigger(rule, {
      ...{ version: '0', id: randomUUID(), 'detail-type': 'Scheduled Event', source: 'aws.events' },
      ...{ account: accountId, time: eventTime(nowMs()), region, resources: [rule.arn], detail: {} },
    });
  }

  count(metric: string, value: number): void {
    if (value > 0) this.#put(metric, {}, value);
  }

  close(): void {
    this.#stop.abort();
  }

  #trigger(rule: RuleModel, event: BusEvent): void {
    const ingestedAt = eventTime(this.#settings.nowMs());
    this.#put('MatchedEvents', dimensionsOf(rule));
    this.#put('TriggeredRules', dimensionsOf(rule));
    this.count('InvocationsCreated', rule.targets.length);
    for (const target of rule.targets)
      void this.#deliver(rule, target, { event, text: targetText(target.input, event, { rule, ingestedAt }) });
  }

  async #deliver(rule: RuleModel, target: RuleTargetModel, what: { event: BusEvent; text: string }): Promise<void> {
    const { nowMs } = this.#settings;
    const sinceMs = nowMs();
    const { signal } = this.#stop;
    await this.#waitForQuota(rule);
    for (let attempts = 1; !signal.aborted; attempts += 1) {
      const outcome = await this.#try(target, what.text);
      if (outcome.kind === 'delivered') return this.#put('Invocations', dimensionsOf(rule));
      const isLast = attempts > target.maximumRetries;
      const isOld = nowMs() + pauseAfter(attempts) - sinceMs > target.maximumAgeMs;
      if (outcome.kind === 'refused' || isLast || isOld) {
        const exhausted =
          outcome.kind === 'refused' ? null : isLast ? 'MaximumRetryAttempts' : 'MaximumEventAgeInSeconds';
        return await this.#giveUp(rule, target, {
          event: what.event,
          failure: outcome,
          retries: attempts - 1,
          exhausted,
        });
      }
      await sleep(pauseAfter(attempts), signal);
    }
  }

  /** An invocation over the account's quota is not refused, but comes later. */
  async #waitForQuota(rule: RuleModel): Promise<void> {
    const { refusals, nowMs } = this.#settings;
    this.#invocations.charge(nowMs(), 1);
    const waitMs = this.#invocations.waitMs(nowMs(), 0);
    if (waitMs === 0) return;
    refusals.count('eventBridgeInvocations');
    this.#put('ThrottledRules', dimensionsOf(rule));
    await sleep(waitMs, this.#stop.signal);
  }

  async #try({ to, arn, permitted }: RuleTargetModel, text: string): Promise<Attempt> {
    const { asynchronous, topics } = this.#settings;
    if (!permitted)
      return {
        kind: 'refused',
        code: 'NO_PERMISSIONS',
        message: `EventBridge is not authorized to deliver to ${arn}.`,
      };
    switch (to.kind) {
      case 'function':
        return asynchronous.accept(to.functionName, text)
          ? { kind: 'delivered' }
          : { kind: 'failed', code: 'THROTTLING', message: 'Too many events wait for functions.' };
      case 'topic': {
        const topic = topics.topic(to.topicArn);
        if (topic === null) return { kind: 'refused', code: 'NO_RESOURCE', message: 'Topic does not exist' };
        topics.publish(topic, { message: text, subject: null, attributes: {} });
        return { kind: 'delivered' };
      }
      case 'queue':
        return await this.#send(to.queueName, {
          MessageBody: text,
          ...(to.messageGroupId !== null && { MessageGroupId: to.messageGroupId }),
        });
    }
  }

  async #giveUp(
    rule: RuleModel,
    target: RuleTargetModel,
    {
      event,
      failure,
      retries,
      exhausted,
    }: { event: BusEvent; failure: Failure; retries: number; exhausted: string | null },
  ): Promise<void> {
    this.#put('Invocations', dimensionsOf(rule));
    this.#put('FailedInvocations', dimensionsOf(rule));
    const { deadLetters } = target;
    if (deadLetters === null) return;
    const text = (StringValue: string) => ({ DataType: 'String', StringValue });
    const attributes = {
      ...{ RULE_ARN: text(rule.arn), TARGET_ARN: text(target.arn), ERROR_CODE: text(failure.code) },
      ...{ ERROR_MESSAGE: text(sqsTextOf(failure.message) || failure.code), RETRY_ATTEMPTS: text(String(retries)) },
      ...(exhausted !== null && { EXHAUSTED_RETRY_CONDITION: text(exhausted) }),
    };
    const outcome = deadLetters.permitted
      ? await this.#send(deadLetters.queueName, { MessageBody: JSON.stringify(event), MessageAttributes: attributes })
      : { kind: 'refused' };
    this.#put(
      outcome.kind === 'delivered' ? 'InvocationsSentToDlq' : 'InvocationsFailedToBeSentToDlq',
      dimensionsOf(rule),
    );
  }

  async #send(queueName: string, message: object): Promise<Attempt> {
    const { sqs, sqsUrl, accountId } = this.#settings;
    try {
      await sqs.call('SendMessage', { QueueUrl: `${sqsUrl}/${accountId}/${queueName}`, ...message }, this.#stop.signal);
      return { kind: 'delivered' };
    } catch (error) {
      if (!(error instanceof AwsJsonError))
        return { kind: 'failed', code: 'ERROR_FROM_TARGET', message: 'The queue could not be reached.' };
      const isThrottled = /Throttl/.test(error.type);
      const kind = error.status < 500 && !isThrottled ? 'refused' : 'failed';
      return { kind, code: isThrottled ? 'THROTTLING' : 'ERROR_FROM_TARGET', message: error.message };
    }
  }

  #put(name: string, dimensions: Readonly<Record<string, string>>, value = 1): void {
    const { metrics, nowMs } = this.#settings;
    metrics.put({ namespace: 'AWS/Events', name, dimensions, unit: 'Count', value, timestampMs: nowMs() });
  }
}

/** Rules of the default bus by their name alone (EventBridge user guide, "Monitoring", read November 2026). */
const dimensionsOf = ({ name, busName }: RuleModel): Record<string, string> =>
  busName === defaultBus ? { RuleName: name } : { EventBusName: busName, RuleName: name };
