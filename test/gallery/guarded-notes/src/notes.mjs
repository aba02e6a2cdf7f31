import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';

const { TABLE: TableName, KEY } = process.env;
const pages = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export const know = async ({ identitySource: [key] }) => ({ isAuthorized: key === KEY, context: { writer: 'ann' } });

/** Of both HTTP APIs, and of the WebSocket. */
export async function note({ requestContext, pathParameters, body }) {
  if (requestContext.eventType === 'MESSAGE') {
    const { id } = JSON.parse(body);
    await pages.send(new PutCommand({ TableName, Item: { name: `message ${id}`, text: body } }));
    return { statusCode: 200, body: JSON.stringify({ noted: id }) };
  }
  const { name } = pathParameters;
  const { authorizer, http } = requestContext;
  if (http.method === 'PUT') {
    await pages.send(new PutCommand({ TableName, Item: { name, text: body, by: authorizer.lambda.writer } }));
    return { statusCode: 204 };
  }
  const { Item } = await pages.send(new GetCommand({ TableName, Key: { name } }));
  return { text: Item?.text, by: Item?.by, reader: authorizer.jwt.claims.sub };
}
