/** Topics and what is subscribed to them, as SNS describes them. */
import { GetSubscriptionAttributesCommand, paginateListSubscriptionsByTopic } from '@aws-sdk/client-sns';
import { z } from 'zod';
import type { ResourceNames } from '../../../graph/integrations.ts';
import type { Subscription, Topic } from '../../../graph/model.ts';
import { arnName } from '../../../graph/references.ts';
import { ask, askEach, type Clients } from './clients.ts';
import type { DeployedResource } from './stack-resources.ts';

export interface DescribedTopic {
  node: Topic;
  subscriptions: Subscription[];
}

/** `declared`: the stack's own subscriptions, whose logical ids are kept. People's addresses, and whatever waits to be confirmed, are left out. */
export async function describeTopic(
  clients: Clients,
  { id, physicalId: TopicArn }: DeployedResource,
  { names, declared }: { names: ResourceNames; declared: readonly DeployedResource[] },
): Promise<DescribedTopic> {
  const listed = await ask(`The subscriptions of the topic ${id}`, subscribersOf(clients, TopicArn));
  const subscriptions = await askEach(listed, async ({ arn, protocol, endpoint }, n): Promise<Subscription> => {
    const own = declared.find(({ physicalId }) => physicalId === arn)?.id ?? `${id}.Subscription.${n}`;
    const { Attributes = {} } = await ask(
      `The subscription ${own}`,
      clients.sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: arn })),
    );
    const filters = Attributes.FilterPolicy !== undefined && Attributes.FilterPolicy !== '{}';
    return {
      ...{ id: own, topic: id, to: endpointOf(protocol, endpoint, names) },
      isRaw: Attributes.RawMessageDelivery === 'true',
      filteredBy: filters ? (Attributes.FilterPolicyScope === 'MessageBody' ? 'body' : 'attributes') : null,
      deadLetters: deadLettersOf(Attributes.RedrivePolicy, names),
    };
  });
  return { node: { id, name: TopicArn.slice(TopicArn.lastIndexOf(':') + 1) }, subscriptions };
}

interface Subscriber {
  arn: string;
  protocol: 'sqs' | 'lambda';
  endpoint: string;
}

async function subscribersOf({ sns }: Clients, TopicArn: string): Promise<Subscriber[]> {
  const all: Subscriber[] = [];
  for await (const page of paginateListSubscriptionsByTopic({ client: sns }, { TopicArn }))
    for (const { SubscriptionArn: arn = '', Protocol: protocol, Endpoint: endpoint = '' } of page.Subscriptions ?? [])
      if (arn.startsWith('arn:') && (protocol === 'sqs' || protocol === 'lambda'))
        all.push({ arn, protocol, endpoint });
  return all;
}

function endpointOf(
  protocol: Subscriber['protocol'],
  endpoint: string,
  { queues, functions }: ResourceNames,
): Subscription['to'] {
  const name = arnName(endpoint)?.name ?? endpoint;
  const id = (protocol === 'sqs' ? queues : functions).get(name);
  if (id === undefined) return { kind: 'outside', what: name };
  return { kind: protocol === 'sqs' ? 'queue' : 'function', id };
}

const redriveSchema = z.object({ deadLetterTargetArn: z.string() });

function deadLettersOf(policy: string | undefined, { queues }: ResourceNames): Subscription['deadLetters'] {
  if (!policy) return null;
  const { deadLetterTargetArn } = redriveSchema.parse(JSON.parse(policy));
  return { id: queues.get(arnName(deadLetterTargetArn)?.name ?? '') ?? null };
}
