import { createHmac, timingSafeEqual } from 'node:crypto';
import { ApiGatewayManagementApiClient, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
import { DeleteItemCommand, DynamoDBClient, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

const { TABLE: TableName, QUEUE: QueueUrl, SECRET = '', CALLBACK: endpoint } = process.env;
const table = new DynamoDBClient({});
const queue = new SQSClient({});
// A push that fails is not tried again: the load must see what that loses.
const live = new ApiGatewayManagementApiClient({ endpoint, maxAttempts: 1 });

/** Who may connect: whoever has the token of the user, as a header. */
export async function join({ requestContext, headers, queryStringParameters }) {
  const { user = '' } = queryStringParameters ?? {};
  if (headers.Authorization !== `Bearer token-of-${user}`) return { statusCode: 401 };
  const { connectionId, domainName } = requestContext;
  const Item = { user: { S: user }, connection: { S: connectionId }, host: { S: domainName } };
  await table.send(new PutItemCommand({ TableName, Item }));
  // By which it is found when it leaves.
  await table.send(new PutItemCommand({ TableName, Item: { user: { S: connectionId }, connection: { S: user } } }));
  return { statusCode: 200 };
}

export async function leave({ requestContext: { connectionId } }) {
  const { Items = [] } = await table.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: '#u = :u',
      ExpressionAttributeNames: { '#u': 'user' },
      ExpressionAttributeValues: { ':u': { S: connectionId } },
    }),
  );
  for (const { connection: user } of Items) {
    await table.send(new DeleteItemCommand({ TableName, Key: { user, connection: { S: connectionId } } }));
    await table.send(new DeleteItemCommand({ TableName, Key: { user: { S: connectionId }, connection: user } }));
  }
  return { statusCode: 200 };
}

export const echo = async ({ body }) => ({ statusCode: 200, body: JSON.stringify({ re: JSON.parse(body).id }) });

/** A webhook, signed as GitHub does. */
export async function receive({ body = '', isBase64Encoded, headers }) {
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  const expected = Buffer.from(`sha256=${createHmac('sha256', SECRET).update(bytes).digest('hex')}`);
  const given = Buffer.from(headers['x-hub-signature-256'] ?? '');
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) return { statusCode: 401 };
  if (headers['x-github-event'] !== 'issues') return { statusCode: 204 };
  await queue.send(new SendMessageCommand({ QueueUrl, MessageBody: bytes.toString() }));
  return { statusCode: 202 };
}

/** To every browser of the user. One that cannot be reached is left out. */
export async function notify({ Records }) {
  for (const { body } of Records) {
    const { delivery, sender } = JSON.parse(body);
    const { Items = [] } = await table.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: '#u = :u',
        ExpressionAttributeNames: { '#u': 'user' },
        ExpressionAttributeValues: { ':u': { S: sender.login } },
      }),
    );
    const Data = JSON.stringify({ note: { about: 'issues', delivery } });
    for (const { connection } of Items) {
      await live.send(new PostToConnectionCommand({ ConnectionId: connection.S, Data })).catch(() => {});
    }
  }
}
