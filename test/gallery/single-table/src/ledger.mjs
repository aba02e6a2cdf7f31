import { ApiGatewayManagementApiClient, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
import { DynamoDBClient, GetItemCommand, TransactWriteItemsCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';

const table = new DynamoDBClient({});
const TableName = process.env.TABLE;
const counter = process.env.COUNTER && new ApiGatewayManagementApiClient({ endpoint: process.env.COUNTER });

/** `more`: who waits for it. */
const entry = (account, id, amount, more = {}) => ({
  Put: {
    TableName,
    Item: { pk: { S: account }, sk: { S: `entry#${id}` }, amount: { N: String(amount) }, ...more },
    ConditionExpression: 'attribute_not_exists(pk)',
  },
});

export async function serve({ routeKey = '', pathParameters, requestContext, body }) {
  if (routeKey.startsWith('GET')) {
    const Key = { pk: { S: pathParameters.account }, sk: { S: 'balance' } };
    const { Item } = await table.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
    return { balance: Number(Item?.amount.N ?? 0) };
  }
  const { id, from, to, amount } = JSON.parse(body);
  const { connectionId } = requestContext;
  const waits = connectionId === undefined ? {} : { waits: { S: connectionId } };
  try {
    await table.send(
      new TransactWriteItemsCommand({ TransactItems: [entry(from, id, -amount), entry(to, id, amount, waits)] }),
    );
    return { statusCode: 201 };
  } catch (error) {
    const reasons = error.CancellationReasons?.map(({ Code }) => Code);
    return { statusCode: 409, body: JSON.stringify({ error: error.name, reasons }) };
  }
}

export async function sum({ Records }) {
  for (const { dynamodb } of Records) {
    const { pk, sk, amount, waits } = dynamodb.NewImage;
    await table.send(
      new UpdateItemCommand({
        TableName,
        Key: { pk, sk: { S: 'balance' } },
        UpdateExpression: 'ADD amount :amount',
        ExpressionAttributeValues: { ':amount': amount },
      }),
    );
    if (waits === undefined) continue;
    const Data = JSON.stringify({ done: sk.S.slice('entry#'.length) });
    await counter.send(new PostToConnectionCommand({ ConnectionId: waits.S, Data }));
  }
}
