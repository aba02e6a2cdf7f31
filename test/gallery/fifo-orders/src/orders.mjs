import { ApiGatewayManagementApiClient, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

const sqs = new SQSClient({});
const desk = process.env.DESK && new ApiGatewayManagementApiClient({ endpoint: process.env.DESK });

/** Over HTTP the path names the customer; at a desk every connection is one. */
export async function accept({ pathParameters, requestContext, body }) {
  const MessageGroupId = pathParameters?.customer ?? requestContext.connectionId;
  await sqs.send(new SendMessageCommand({ QueueUrl: process.env.ORDERS, MessageGroupId, MessageBody: body }));
  return { statusCode: 202, body: MessageGroupId };
}

export async function spread({ Records }) {
  for (const { body, attributes } of Records) {
    for (const QueueUrl of process.env.QUEUES.split(',')) {
      const MessageBody = `${attributes.MessageGroupId}:${body}`;
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    }
    if (!body.startsWith('{')) continue;
    const Data = JSON.stringify({ spread: JSON.parse(body).id });
    await desk.send(new PostToConnectionCommand({ ConnectionId: attributes.MessageGroupId, Data }));
  }
}
