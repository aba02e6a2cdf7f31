import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

const sqs = new SQSClient({});

export async function accept({ pathParameters, body }) {
  const MessageGroupId = pathParameters.customer;
  await sqs.send(new SendMessageCommand({ QueueUrl: process.env.ORDERS, MessageGroupId, MessageBody: body }));
  return { statusCode: 202, body: MessageGroupId };
}

export async function spread({ Records }) {
  for (const { body, attributes } of Records) {
    for (const QueueUrl of process.env.QUEUES.split(',')) {
      const MessageBody = `${attributes.MessageGroupId}:${body}`;
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    }
  }
}
