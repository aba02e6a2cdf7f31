import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';

const table = new DynamoDBClient({});
const TableName = process.env.TABLE;

export const count = async ({ pathParameters }) => {
  const Key = { choice: { S: pathParameters.choice } };
  const { Item } = await table.send(new GetItemCommand({ TableName, Key }));
  return { votes: Number(Item?.votes.N ?? 0) };
};

export const vote = async ({ body, requestContext }) => {
  if (requestContext.eventType !== 'MESSAGE') return { statusCode: 200 };
  await table.send(
    new UpdateItemCommand({
      TableName,
      Key: { choice: { S: JSON.parse(body).choice } },
      UpdateExpression: 'ADD votes :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    }),
  );
  return { statusCode: 200, body: 'counted' };
};
