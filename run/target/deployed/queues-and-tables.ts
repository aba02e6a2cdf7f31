/** Queues and tables, as SQS and DynamoDB describe them. */
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { lastPart, type ResourceNames } from '../../../graph/integrations.ts';
import type { Queue, Table } from '../../../graph/model.ts';
import { arnName } from '../../../graph/references.ts';
import { ask, type Clients } from './clients.ts';
import type { DeployedResource } from './stack-resources.ts';

/** SQS's default, in seconds. */
const defaultVisibilityTimeoutSeconds = 30;

export async function describeQueue(
  { sqs }: Clients,
  { id, physicalId: url }: DeployedResource,
  names: ResourceNames,
): Promise<Queue> {
  const call = sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }));
  const { Attributes = {} } = await ask(`The queue ${id}`, call);
  const name = lastPart(url);
  return {
    ...{ id, name, url, isFifo: name.endsWith('.fifo') },
    ...(Attributes.FifoThroughputLimit === 'perMessageGroupId' && { isHighThroughput: true }),
    visibilityTimeoutSeconds: Number(Attributes.VisibilityTimeout ?? defaultVisibilityTimeoutSeconds),
    deadLetters: deadLettersOf(Attributes.RedrivePolicy, names),
    ...(Attributes.MessageRetentionPeriod && { retentionSeconds: Number(Attributes.MessageRetentionPeriod) }),
  };
}

const redriveSchema = z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.coerce.number() });

function deadLettersOf(policy: string | undefined, { queues }: ResourceNames): Queue['deadLetters'] {
  if (!policy) return null;
  const { deadLetterTargetArn, maxReceiveCount } = redriveSchema.parse(JSON.parse(policy));
  return { id: queues.get(arnName(deadLetterTargetArn)?.name ?? '') ?? null, maxReceiveCount };
}

export async function describeTable({ dynamoDb }: Clients, { id, physicalId }: DeployedResource): Promise<Table> {
  const call = dynamoDb.send(new DescribeTableCommand({ TableName: lastPart(physicalId) }));
  const { Table = {} } = await ask(`The table ${id}`, call);
  const { BillingModeSummary, ProvisionedThroughput, GlobalSecondaryIndexes = [], LocalSecondaryIndexes = [] } = Table;
  const isOnDemand = BillingModeSummary?.BillingMode === 'PAY_PER_REQUEST';
  return {
    ...{ id, name: lastPart(physicalId) },
    provisioned: isOnDemand
      ? null
      : {
          readUnits: ProvisionedThroughput?.ReadCapacityUnits ?? 0,
          writeUnits: ProvisionedThroughput?.WriteCapacityUnits ?? 0,
        },
    indexes: [
      ...GlobalSecondaryIndexes.map(({ IndexName = '' }) => ({ name: IndexName, kind: 'global' as const })),
      ...LocalSecondaryIndexes.map(({ IndexName = '' }) => ({ name: IndexName, kind: 'local' as const })),
    ],
    hasStream: Table.StreamSpecification?.StreamEnabled === true,
  };
}
