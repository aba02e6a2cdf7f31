/** Tells a function's destinations and dead letters of the end of an asynchronous invocation: each once. What cannot be told is counted, as on AWS. */
import type { MetricSink } from '../../cloudwatch/store/metric-sink.ts';
import type { Limits } from '../../quota/limits.ts';
import type { MessageAttribute } from '../../sns/message.ts';
import { mostMessageBytes } from '../../sns/sns-api.ts';
import type { TopicService } from '../../sns/topic-service.ts';
import type { SqsClient } from '../../sqs/sqs-client.ts';
import type { DestinationModel, StackModel } from '../../template/model.ts';
import type { AsyncInvocations, EndedInvocation } from '../async-invocations.ts';
import { deadLetterOf } from './dead-letter.ts';
import { recordOf } from './invocation-record.ts';

export interface OutcomeServices {
  sqs: Pick<SqsClient, 'call'>;
  sqsUrl: string;
  topics: Pick<TopicService, 'topic' | 'publish'>;
  asynchronous: Pick<AsyncInvocations, 'accept'>;
  limits: Pick<Limits, 'asyncPayloadBytes'>;
  metrics: MetricSink;
  /** Milliseconds since the epoch. */
  nowMs: () => number;
}

interface Message {
  body: string;
  attributes?: Readonly<Record<string, MessageAttribute>>;
}

/** Resolves once it has been told, or could not be. */
export function outcomeSender(
  { functions, accountId }: Pick<StackModel, 'functions' | 'accountId'>,
  services: OutcomeServices,
): (ended: EndedInvocation) => Promise<void> {
  const byName = new Map(functions.map((model) => [model.functionName, model]));
  return async (ended) => {
    const { functionName, condition } = ended;
    const model = byName.get(functionName);
    if (model?.asynchronous === undefined) return;
    const { invokeConfig, deadLetters } = model.asynchronous;
    const hasFailed = condition !== 'Success';
    const destination = hasFailed ? invokeConfig?.onFailure : invokeConfig?.onSuccess;
    const told = async (to: DestinationModel, message: Message, metric: string) => {
      try {
        await send(to, message);
      } catch (error) {
        services.metrics.put({
          ...{ namespace: 'AWS/Lambda', name: metric, dimensions: { FunctionName: functionName }, unit: 'Count' },
          ...{ value: 1, timestampMs: services.nowMs() },
        });
        console.error(`The end of an asynchronous invocation of ${functionName} could not be told:`, error);
      }
    };
    const record = () => recordOf(ended, { functionArn: model.arn, nowMs: services.nowMs() });
    await Promise.all([
      destination && told(destination, { body: record() }, 'DestinationDeliveryFailures'),
      hasFailed && deadLetters && told(deadLetters, deadLetterOf(ended), 'DeadLetterErrors'),
    ]);
  };

  /** @throws where it cannot be sent. */
  async function send(to: DestinationModel, { body, attributes = {} }: Message): Promise<void> {
    const { sqs, sqsUrl, topics, asynchronous, limits } = services;
    switch (to.kind) {
      case 'queue': {
        const QueueUrl = `${sqsUrl}/${accountId}/${to.queueName}`;
        const hasAttributes = Object.keys(attributes).length > 0;
        const message = { MessageBody: body, ...(hasAttributes && { MessageAttributes: attributes }) };
        await sqs.call('SendMessage', { QueueUrl, ...message });
        return;
      }
      case 'topic': {
        const topic = topics.topic(to.arn);
        if (topic === null) throw new Error(`There is no topic ${to.arn}.`);
        refuseOver(body, mostMessageBytes);
        topics.publish(topic, { message: body, subject: null, attributes });
        return;
      }
      case 'function':
        refuseOver(body, limits.asyncPayloadBytes);
        if (!asynchronous.accept(to.functionName, body)) throw new Error('Too many events wait for functions.');
    }
  }
}

function refuseOver(body: string, most: number): void {
  const bytes = Buffer.byteLength(body);
  if (bytes > most) throw new Error(`It has ${bytes} bytes, of which ${most} are taken.`);
}
