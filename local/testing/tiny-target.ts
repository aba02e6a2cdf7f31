/** The smallest stack that starts every process of a target: both APIs, a queue, a table and one function. */
import { type ServeOptions, serveStack } from '../start.ts';
import { writeSmallStack } from './small-stack.ts';

export async function startTinyTarget(options: Partial<ServeOptions> = {}) {
  const { remove, ...assembly } = writeSmallStack({
    functions: { Echo: 'export const handler = async ({ body }) => ({ statusCode: 200, body });' },
    webSocketRoutes: { '$default (two-way)': 'Echo' },
    resources: {
      Queue: { Type: 'AWS::SQS::Queue', Properties: {} },
      Table: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
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
    return served;
  } catch (error) {
    remove();
    throw error;
  }
}

export function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}
