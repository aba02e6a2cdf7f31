/** Topics of SNS with what is subscribed to them. Sources: SNS developer guide; CloudFormation's AWS::SNS::Subscription, read November 2026. Pure. */
import { type PropertyReader, propertiesOf } from '../../../template/properties.ts';
import type { StackTemplate } from '../../../template/template.ts';
import { isObject, type Json, type Problems } from '../../../template/template-error.ts';
import { toPeople } from '../inert-types.ts';
import type { QueueModel, TemplateWarning } from '../model.ts';
import { mayInvoke, type Permission } from '../permissions.ts';
import { allowsDelivery, queuePoliciesOf, type ResourcePolicy } from '../resource-policies.ts';
import type { TemplateResource } from '../resources.ts';
import type { SubscriptionModel, TopicModel } from './topic.ts';

export interface TopicSource {
  template: StackTemplate;
  resources: readonly TemplateResource[];
  queues: readonly QueueModel[];
  /** Function name or ARN → function name. */
  functionNames: ReadonlyMap<string, string>;
  permissions: readonly Permission[];
  problems: Problems;
  warnings: TemplateWarning[];
}

export function topicsOf(source: TopicSource): TopicModel[] {
  const { resources, problems, template } = source;
  const policies = queuePoliciesOf(source);
  const declared = resources.filter(({ kind }) => kind === 'topic').map(propertiesOf);
  const subscriptions = resources.filter(({ kind }) => kind === 'subscription').map(propertiesOf);
  const arns = new Set(declared.map(({ logicalId }) => String(template.resolver.ref(logicalId))));
  const all = subscriptions.flatMap((read) => {
    const found = problems.attempt(() => {
      const topic = read.neededText('TopicArn');
      if (!arns.has(topic)) throw read.error('TopicArn', `the stack has no topic ${topic}`);
      return { topic, subscription: subscriptionOf(read, topic, { source, policies }) };
    });
    return found ? [found] : [];
  });
  return declared.flatMap((read) => {
    const made = problems.attempt((): TopicModel => {
      if (read.flag('FifoTopic') === true)
        throw read.error('FifoTopic', 'FIFO topics are not served: standard ones only');
      const arn = String(template.resolver.ref(read.logicalId));
      const own = all.flatMap(({ topic, subscription }) => (topic === arn ? [subscription] : []));
      const inline = inlineOf(read).filter((each) => !isToPeople(each));
      return {
        ...{ logicalId: read.logicalId, topicName: arn.slice(arn.lastIndexOf(':') + 1), arn },
        subscriptions: [...own, ...inline.map((each) => subscriptionOf(each, arn, { source, policies }))],
      };
    });
    return made ? [made] : [];
  });
}

const isToPeople = (read: PropertyReader): boolean => toPeople.includes(read.neededText('Protocol'));

/** Of the topic's own property, each as if it were a resource of its own. */
function inlineOf(topic: PropertyReader): PropertyReader[] {
  const given = topic.json('Subscription');
  return (Array.isArray(given) ? given : []).map((properties, n) =>
    propertiesOf({
      logicalId: `${topic.logicalId}.Subscription.${n}`,
      properties: isObject(properties) ? properties : {},
    }),
  );
}

function subscriptionOf(
  read: PropertyReader,
  topicArn: string,
  { source, policies }: { source: TopicSource; policies: readonly ResourcePolicy[] },
): SubscriptionModel {
  const to = endpointOf(read, source);
  const permitted =
    to.kind === 'queue'
      ? allowsDelivery(policies, { resourceArn: to.arn, sourceArn: topicArn, principal: 'sns.amazonaws.com' })
      : mayInvoke(source.permissions, to.functionName, topicArn, 'sns.amazonaws.com');
  if (!permitted)
    source.warnings.push({
      ...{ kind: 'subscriptionNotPermitted', subscription: read.logicalId, topic: topicArn },
      to: to.kind === 'queue' ? { kind: 'queue', name: to.queueName } : { kind: 'function', name: to.functionName },
    });
  return {
    logicalId: read.logicalId,
    arn: `${topicArn}:${read.logicalId}`,
    to,
    permitted,
    isRaw: read.flag('RawMessageDelivery') ?? false,
    filter: filterOf(read),
    deadLetterQueue: deadLetterQueueOf(read, source.queues),
  };
}

function endpointOf(read: PropertyReader, { queues, functionNames }: TopicSource): SubscriptionModel['to'] {
  const protocol = read.neededText('Protocol');
  const endpoint = read.neededText('Endpoint');
  switch (protocol) {
    case 'sqs': {
      const queue = queues.find(({ arn }) => arn === endpoint);
      if (queue === undefined) throw read.error('Endpoint', `the stack has no queue ${endpoint}`);
      if (queue.queueName.endsWith('.fifo'))
        throw read.error('Endpoint', `${endpoint} is a FIFO queue, which takes messages of FIFO topics only`);
      return { kind: 'queue', arn: endpoint, queueName: queue.queueName };
    }
    case 'lambda': {
      const functionName = functionNames.get(endpoint);
      if (functionName === undefined) throw read.error('Endpoint', `the stack has no function ${endpoint}`);
      return { kind: 'function', functionName };
    }
    default:
      throw read.error('Protocol', `${protocol} is not served: sqs and lambda only`);
  }
}

function filterOf(read: PropertyReader): SubscriptionModel['filter'] {
  const given = read.json('FilterPolicy');
  const policy = typeof given === 'string' ? parsed(read, 'FilterPolicy', given) : given;
  if (policy === undefined || policy === null) return null;
  const scope = read.text('FilterPolicyScope') ?? 'MessageAttributes';
  return { scope: scope === 'MessageBody' ? 'body' : 'attributes', policy };
}

function deadLetterQueueOf(read: PropertyReader, queues: readonly QueueModel[]): string | null {
  const given = read.json('RedrivePolicy');
  const policy = typeof given === 'string' ? parsed(read, 'RedrivePolicy', given) : given;
  if (!isObject(policy)) return null;
  const arn = String(policy.deadLetterTargetArn);
  const queue = queues.find((each) => each.arn === arn);
  if (queue === undefined) throw read.error('RedrivePolicy', `the stack has no queue ${arn}`);
  return queue.queueName;
}

function parsed(read: PropertyReader, property: string, text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw read.error(property, 'is not JSON');
  }
}
