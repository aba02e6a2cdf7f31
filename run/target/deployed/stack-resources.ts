/** The resources of a deployed stack and of the stacks in it. */
import { paginateListStackResources, type StackResourceSummary } from '@aws-sdk/client-cloudformation';
import { busNameOf } from '../../../graph/event-buses.ts';
import { lastPart, type ResourceNames } from '../../../graph/integrations.ts';
import { UsageError } from '../../errors.ts';
import { ask, type Clients } from './clients.ts';

export interface DeployedResource {
  /** Logical id; of a nested stack's resource with the stack's before it, as in `Orders/Handler`. */
  id: string;
  type: string;
  /** A function's or table's name, a queue's URL, an API's id, an event source mapping's UUID. */
  physicalId: string;
}

/** @throws UsageError when there is no such stack. */
export async function listResources(clients: Clients, stackName: string, region: string): Promise<DeployedResource[]> {
  const summaries = await ask(`The stack ${stackName} in ${region}`, summariesOf(clients, stackName)).catch((error) => {
    const { cause } = error;
    if (cause instanceof Error && cause.name === 'ValidationError' && /does not exist/.test(cause.message))
      throw new UsageError(
        `There is no stack ${stackName} in ${region}: name another, or another region with --region.`,
        {
          cause,
        },
      );
    throw error;
  });
  const resources: DeployedResource[] = [];
  for (const { LogicalResourceId, ResourceType, PhysicalResourceId, ResourceStatus } of summaries) {
    if (!LogicalResourceId || !ResourceType || !PhysicalResourceId || ResourceStatus?.startsWith('DELETE_')) continue;
    if (ResourceType === 'AWS::CloudFormation::Stack') {
      const nested = await listResources(clients, PhysicalResourceId, region);
      resources.push(...nested.map((resource) => ({ ...resource, id: `${LogicalResourceId}/${resource.id}` })));
    } else resources.push({ id: LogicalResourceId, type: ResourceType, physicalId: PhysicalResourceId });
  }
  return resources;
}

async function summariesOf({ cloudFormation }: Clients, StackName: string): Promise<StackResourceSummary[]> {
  const summaries: StackResourceSummary[] = [];
  for await (const page of paginateListStackResources({ client: cloudFormation }, { StackName }))
    summaries.push(...(page.StackResourceSummaries ?? []));
  return summaries;
}

export const tableTypes = ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'];

export const ofTypes = (resources: readonly DeployedResource[], ...types: string[]): DeployedResource[] =>
  resources.filter(({ type }) => types.includes(type));

const lastOfArn = (arn: string): string => arn.slice(arn.lastIndexOf(':') + 1);

export function namesOf(resources: readonly DeployedResource[]): ResourceNames {
  const byName = (some: readonly DeployedResource[]) =>
    new Map(some.map(({ id, physicalId }): [string, string] => [lastPart(physicalId), id]));
  return {
    functions: byName(ofTypes(resources, 'AWS::Lambda::Function')),
    queues: byName(ofTypes(resources, 'AWS::SQS::Queue')),
    tables: byName(ofTypes(resources, ...tableTypes)),
    eventBuses: new Map(
      ofTypes(resources, 'AWS::Events::EventBus').map(({ id, physicalId }) => [busNameOf(physicalId), id]),
    ),
    topics: new Map(ofTypes(resources, 'AWS::SNS::Topic').map(({ id, physicalId }) => [lastOfArn(physicalId), id])),
  };
}
