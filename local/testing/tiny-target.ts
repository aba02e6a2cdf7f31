/** The smallest stack that starts every process of a target: both APIs, a queue, a table and one function. */
import { dirname, join } from 'node:path';
import { type ServeOptions, serveStack } from '../start.ts';
import { type SmallStackOptions, writeSmallStack } from './small-stack.ts';

/** @param own in place of its function and route, or beside its queue and table. */
export async function startTinyTarget(options: Partial<ServeOptions> = {}, own: Partial<SmallStackOptions> = {}) {
  const { remove, ...assembly } = writeSmallStack({
    functions: { Echo: 'export const handler = async ({ body }) => ({ statusCode: 200, body });' },
    webSocketRoutes: { '$default (two-way)': 'Echo' },
    ...own,
    resources: {
      ...own.resources,
      Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: namesOf.queueName } },
      Table: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          TableName: namesOf.tableName,
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        },
      },
    },
  });
  try {
    const served = await serveStack({ ...assembly, stackName: 'Tiny', region: 'us-east-1', ...options });
    void served.exited.then(remove);
    return { ...served, ...namesOf, codeFolder: join(dirname(assembly.choice.path), 'Echo') };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Of its queue and table, as the template makes them. */
const namesOf = { queueName: 'tiny-queue', tableName: 'tiny-table' };

export function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}
