import { DynamoDBClient, GetItemCommand, TransactWriteItemsCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';

const table = new DynamoDBClient({});
const TableName = process.env.TABLE;

const entry = (account, id, amount) => ({
  Put: {
    TableName,
    Item: { pk: { S: account }, sk: { S: `entry#${id}` }, amount: { N: String(amount) } },
    ConditionExpression: 'attribute_not_exists(pk)',
  },
});

export async function serve({ routeKey, pathParameters, body }) {
  if (routeKey.startsWith('GET')) {
    const Key = { pk: { S: pathParameters.account }, sk: { S: 'balance' } };
    const { Item } = await table.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
    return { balance: Number(Item?.amount.N ?? 0) };
  }
  const { id, from, to, amount } = JSON.parse(body);
  try {
    await table.send(
      new TransactWriteItemsCommand({ TransactItems: [entry(from, id, -amount), entry(to, id, amount)] }),
    );
    return { statusCode: 201 };
  } catch (error) {
    const reasons = error.CancellationReasons?.map(({ Code }) => Code);
    return { statusCode: 409, body: JSON.stringify({ error: error.name, reasons }) };
  }
}

export async function sum({ Records }) {
  for (const { dynamodb } of Records) {
    const { pk, amount } = dynamodb.NewImage;
    await table.send(
      new UpdateItemCommand({
        TableName,
        Key: { pk, sk: { S: 'balance' } },
        UpdateExpression: 'ADD amount :amount',
        ExpressionAttributeValues: { ':amount': amount },
      }),
    );
  }
}
