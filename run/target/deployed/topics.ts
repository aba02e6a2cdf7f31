/** Topics and what is subscribed to them, as SNS describes them. */
import { GetSubscriptionAttributesCommand, paginateListSubscriptionsByTopic } from '@aws-sdk/client-sns';
import { z } from 'zod';
import { originOf, type ResourceNames } from '../../../graph/integrations.ts';
import type { Subscription, Topic } from '../../../graph/model.ts';
import { arnName } from '../../../graph/references.ts';
import { ask, askEach, type Clients } from './clients.ts';
import type { DeployedResource } from './stack-resources.ts';

export interface DescribedTopic {
  node: Topic;
  subscriptions: Subscription[];
}

/** `declared`: the stack's own subscriptions, whose logical ids are kept. People's addresses, and whatever waits to be confirmed, are left out: they take nothing that is measured. */
export async function describeTopic(
  clients: Clients,
  { id, physicalId: TopicArn }: DeployedResource,
  { names, declared }: { names: ResourceNames; declared: readonly DeployedResource[] },
): Promise<DescribedTopic> {
  const idsOfDeclared = new Map(declared.map((each) => [each.physicalId, each.id]));
  const listed = await ask(
    `The subscriptions of the topic ${id}`,
    subscribersOf(clients, TopicArn, (arn) => idsOfDeclared.has(arn)),
  );
  const subscriptions = await askEach(listed, async ({ arn, place, protocol, endpoint }): Promise<Subscription> => {
    const own = idsOfDeclared.get(arn) ?? `${id}.Subscription.${place}`;
    const { Attributes = {} } = await ask(
      `The subscription ${own}`,
      clients.sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: arn })),
    );
    // One that was taken off again is empty.
    const isFiltered = !['', '{}'].includes(Attributes.FilterPolicy ?? '');
    return {
      ...{ id: own, topic: id, to: endpointOf(protocol, endpoint, names) },
      isRaw: Attributes.RawMessageDelivery === 'true',
      filteredBy: isFiltered ? (Attributes.FilterPolicyScope === 'MessageBody' ? 'body' : 'attributes') : null,
      deadLetters: deadLettersOf(Attributes.RedrivePolicy, names),
    };
  });
  return { node: { id, name: TopicArn.slice(TopicArn.lastIndexOf(':') + 1) }, subscriptions };
}

const protocols = ['sqs', 'lambda', 'http', 'https'] as const;
type Protocol = (typeof protocols)[number];

interface Subscriber {
  arn: string;
  /** Among those that are not declared: as in the topic's own list. */
  place: number;
  protocol: Protocol;
  endpoint: string;
}

async function subscribersOf(
  { sns }: Clients,
  TopicArn: string,
  isDeclared: (arn: string) => boolean,
): Promise<Subscriber[]> {
  const all: Subscriber[] = [];
  let place = -1;
  for await (const page of paginateListSubscriptionsByTopic({ client: sns }, { TopicArn }))
    for (const { SubscriptionArn: arn = '', Protocol, Endpoint: endpoint = '' } of page.Subscriptions ?? []) {
      if (!isDeclared(arn)) place += 1;
      const protocol = protocols.find((each) => each === Protocol);
      if (arn.startsWith('arn:') && protocol !== undefined) all.push({ arn, place, protocol, endpoint });
    }
  return all;
}

function endpointOf(protocol: Protocol, endpoint: string, { queues, functions }: ResourceNames): Subscription['to'] {
  if (protocol === 'http' || protocol === 'https') return { kind: 'outside', what: originOf(endpoint) };
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
