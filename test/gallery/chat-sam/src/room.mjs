import { ApiGatewayManagementApiClient, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
import { DeleteItemCommand, DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';

const table = new DynamoDBClient({});
const TableName = process.env.TABLE;

export async function join({ requestContext }) {
  await table.send(new PutItemCommand({ TableName, Item: { id: { S: requestContext.connectionId } } }));
  return { statusCode: 200 };
}

export async function leave({ requestContext }) {
  await table.send(new DeleteItemCommand({ TableName, Key: { id: { S: requestContext.connectionId } } }));
  return { statusCode: 200 };
}

export async function say({ requestContext, body }) {
  const { domainName, stage } = requestContext;
  const api = new ApiGatewayManagementApiClient({ endpoint: `https://${domainName}/${stage}` });
  const { Items = [] } = await table.send(new ScanCommand({ TableName }));
  const Data = JSON.parse(body).text;
  await Promise.all(Items.map(({ id }) => api.send(new PostToConnectionCommand({ ConnectionId: id.S, Data }))));
  return { statusCode: 200 };
}
