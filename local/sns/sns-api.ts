/** SNS's API, as far as stacks publish and tools look, over the Query protocol. Source: SNS API reference, read November 2026. */
import { failure, type ServiceAnswer, success, unknownAction } from '../services/answers.ts';
import type { SubscriptionModel, TopicModel } from '../template/topics/topic.ts';
import { batchInputOf, type PublishInput, publishInputOf } from './publish-form.ts';
import type { TopicService } from './topic-service.ts';

export const snsSpace = 'http://sns.amazonaws.com/doc/2010-03-31/';

/** Of a message, and of all of a batch (SNS quotas, read November 2026). */
export const mostMessageBytes = 262_144;
const mostEntries = 10;

const actions = [
  'GetSubscriptionAttributes',
  'GetTopicAttributes',
  'ListSubscriptions',
  'ListSubscriptionsByTopic',
  'ListTopics',
  'Publish',
  'PublishBatch',
];

export function answerSns(action: string, form: URLSearchParams, service: TopicService): ServiceAnswer {
  switch (action) {
    case 'Publish':
      return publish(form, service);
    case 'PublishBatch':
      return publishBatch(form, service);
    case 'ListTopics':
      return success({ Topics: service.topics.map(({ arn }) => ({ TopicArn: arn })) });
    case 'ListSubscriptions':
      return success({ Subscriptions: service.topics.flatMap(subscriptionsOf) });
    case 'ListSubscriptionsByTopic':
      return withTopic(form.get('TopicArn'), service, (topic) => success({ Subscriptions: subscriptionsOf(topic) }));
    case 'GetTopicAttributes':
      return withTopic(form.get('TopicArn'), service, (topic) =>
        success({ Attributes: entriesOf(topicAttributes(topic)) }),
      );
    case 'GetSubscriptionAttributes': {
      const wanted = form.get('SubscriptionArn');
      const found = service.topics
        .flatMap((topic) => topic.subscriptions.map((subscription) => ({ topic, subscription })))
        .find(({ subscription }) => subscription.arn === wanted);
      return found === undefined
        ? failure(404, 'NotFound', 'Subscription does not exist')
        : success({ Attributes: entriesOf(subscriptionAttributes(found.subscription, found.topic)) });
    }
    default:
      return unknownAction('SNS', action, actions);
  }
}

function publish(form: URLSearchParams, service: TopicService): ServiceAnswer {
  const topicArn = form.get('TopicArn') ?? form.get('TargetArn');
  if (topicArn === null)
    return form.has('PhoneNumber')
      ? failure(
          400,
          'InvalidParameter',
          'Invalid parameter: PhoneNumber Reason: the local target sends no text messages',
        )
      : failure(
          400,
          'InvalidParameter',
          'Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter',
        );
  return withTopic(topicArn, service, (topic) => {
    const input = publishInputOf(form);
    const refusal = refusalOf(input);
    if (refusal !== null) return failure(400, 'InvalidParameter', refusal);
    return success({ MessageId: service.publish(topic, input, input) });
  });
}

function publishBatch(form: URLSearchParams, service: TopicService): ServiceAnswer {
  return withTopic(form.get('TopicArn'), service, (topic) => {
    const entries = batchInputOf(form);
    if (entries.length === 0)
      return failure(400, 'EmptyBatchRequest', "The batch request doesn't contain any entries.");
    if (entries.length > mostEntries)
      return failure(
        400,
        'TooManyEntriesInBatchRequest',
        `The batch request contains more entries than permissible: ${mostEntries}.`,
      );
    if (new Set(entries.map(({ id }) => id)).size < entries.length)
      return failure(400, 'BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.');
    if (entries.reduce((sum, { message }) => sum + Buffer.byteLength(message), 0) > mostMessageBytes)
      return failure(
        400,
        'BatchRequestTooLong',
        `The length of all the batch messages put together is more than ${mostMessageBytes} bytes.`,
      );
    const outcomes = entries.map((entry) => ({ entry, refusal: refusalOf(entry) }));
    return success({
      Successful: outcomes.flatMap(({ entry, refusal }) =>
        refusal === null ? [{ Id: entry.id, MessageId: service.publish(topic, entry, entry) }] : [],
      ),
      Failed: outcomes.flatMap(({ entry, refusal }) =>
        refusal === null ? [] : [{ Id: entry.id, Code: 'InvalidParameter', Message: refusal, SenderFault: true }],
      ),
    });
  });
}

/** Null: it is accepted. */
function refusalOf({ message, isByProtocol }: PublishInput): string | null {
  if (message === '') return 'Invalid parameter: Empty message';
  if (Buffer.byteLength(message) > mostMessageBytes) return 'Invalid parameter: Message too long';
  if (isByProtocol && !hasDefault(message))
    return 'Invalid parameter: Message Structure - JSON message body failed to parse, or has no default entry';
  return null;
}

function hasDefault(message: string): boolean {
  try {
    const texts: unknown = JSON.parse(message);
    return typeof texts === 'object' && texts !== null && typeof Reflect.get(texts, 'default') === 'string';
  } catch {
    return false;
  }
}

function withTopic(
  arn: string | null,
  service: TopicService,
  answer: (topic: TopicModel) => ServiceAnswer,
): ServiceAnswer {
  const topic = service.topic(arn ?? '');
  return topic === null ? failure(404, 'NotFound', 'Topic does not exist') : answer(topic);
}

const ownerOf = (arn: string): string => arn.split(':')[4] ?? '';

const subscriptionsOf = ({ arn: TopicArn, subscriptions }: TopicModel) =>
  subscriptions.map(({ arn: SubscriptionArn, to }) => ({
    ...{ SubscriptionArn, TopicArn, Owner: ownerOf(TopicArn) },
    ...{ Protocol: protocolOf(to), Endpoint: endpointOf(to, TopicArn) },
  }));

const protocolOf = ({ kind }: SubscriptionModel['to']): string => (kind === 'queue' ? 'sqs' : 'lambda');

const endpointOf = (to: SubscriptionModel['to'], topicArn: string): string =>
  to.kind === 'queue'
    ? to.arn
    : `arn:aws:lambda:${topicArn.split(':').slice(3, 5).join(':')}:function:${to.functionName}`;

const topicAttributes = ({ arn, subscriptions }: TopicModel): Record<string, string> => ({
  ...{ TopicArn: arn, Owner: ownerOf(arn), DisplayName: '' },
  ...{ SubscriptionsConfirmed: String(subscriptions.length), SubscriptionsPending: '0', SubscriptionsDeleted: '0' },
});

function subscriptionAttributes(
  subscription: SubscriptionModel,
  { arn: TopicArn }: TopicModel,
): Record<string, string> {
  const { arn, to, isRaw, filter, deadLetterQueue } = subscription;
  const [region, account] = TopicArn.split(':').slice(3);
  return {
    ...{ SubscriptionArn: arn, TopicArn, Owner: ownerOf(TopicArn), PendingConfirmation: 'false' },
    ...{ Protocol: protocolOf(to), Endpoint: endpointOf(to, TopicArn), RawMessageDelivery: String(isRaw) },
    ...(filter && {
      FilterPolicy: JSON.stringify(filter.policy),
      FilterPolicyScope: filter.scope === 'body' ? 'MessageBody' : 'MessageAttributes',
    }),
    ...(deadLetterQueue !== null && {
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: `arn:aws:sqs:${region}:${account}:${deadLetterQueue}` }),
    }),
  };
}

/** A map, as the Query protocol has it. */
const entriesOf = (map: Readonly<Record<string, string>>) => new Map(Object.entries(map));
