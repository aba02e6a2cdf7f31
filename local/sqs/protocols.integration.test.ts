/** The two protocols in which SQS’s clients speak, as they are on the wire. */
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { accountId, startTestQueues } from './sqs.fixture.ts';

let queues: Awaited<ReturnType<typeof startTestQueues>>;
beforeEach(async () => {
  queues = await startTestQueues();
});
afterEach(() => queues.stop());

describe('AWS JSON', () => {
  const post = async (target: string, body: string) => {
    const answer = await fetch(queues.sqs.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': target,
        authorization:
          'AWS4-HMAC-SHA256 Credential=any/20261126/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0',
      },
      body,
    });
    const { status, headers } = answer;
    return { status, headers, text: await answer.text() };
  };

  test('answers with the type that was asked for, and an id of the request', async () => {
    const { status, headers, text } = await post('AmazonSQS.ListQueues', '{}');
    expect(status).toBe(200);
    expect(JSON.parse(text).QueueUrls).toContain(queues.queueUrl);
    expect(headers.get('content-type')).toBe('application/x-amz-json-1.0');
    expect(headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('names an unknown action, and refuses what is no JSON object or longer than any request', async () => {
    const unknown = await post('AmazonSQS.StartMessageMoveTask', '{}');
    expect(unknown).toMatchObject({ status: 400 });
    expect(unknown.text).toContain('#InvalidAction","message":"Unknown action: StartMessageMoveTask"');
    for (const body of ['', '[]', '{']) {
      const refused = await post('AmazonSQS.ListQueues', body);
      expect(refused).toMatchObject({ status: 400, text: expect.stringContaining('#SerializationException') });
    }
    const long = JSON.stringify({ QueueNamePrefix: 'x'.repeat(11 * 1_024 * 1_024) });
    expect(await post('AmazonSQS.ListQueues', long)).toMatchObject({ status: 413 });
  });
});

describe('the Query protocol of older SDKs', () => {
  const query = async (fields: Record<string, string>, path = '/') => {
    const body = new URLSearchParams({ Version: '2012-11-05', ...fields });
    const authorization =
      'AWS4-HMAC-SHA256 Credential=any/20261126/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0';
    const answer = await fetch(`${queues.sqs.url}${path}`, { method: 'POST', headers: { authorization }, body });
    return { status: answer.status, text: await answer.text(), type: answer.headers.get('content-type') };
  };
  const path = `/${accountId}/q`;

  test('sends, receives and deletes at the URL of the queue', async () => {
    const sent = await query(
      {
        Action: 'SendMessage',
        MessageBody: '<a & b>',
        'MessageAttribute.1.Name': 'kind',
        'MessageAttribute.1.Value.DataType': 'String',
        'MessageAttribute.1.Value.StringValue': 'x',
      },
      path,
    );
    expect(sent).toMatchObject({ status: 200, type: 'text/xml' });
    expect(sent.text).toMatch(/<SendMessageResponse .*<SendMessageResult><MessageId>[0-9a-f-]{36}<\/MessageId>/);
    const received = await query(
      {
        Action: 'ReceiveMessage',
        'AttributeName.1': 'All',
        'MessageAttributeName.1': 'All',
        MaxNumberOfMessages: '1',
      },
      path,
    );
    expect(received.text).toContain('<Body>&lt;a &amp; b&gt;</Body>');
    expect(received.text).toContain('<Attribute><Name>ApproximateReceiveCount</Name><Value>1</Value></Attribute>');
    expect(received.text).toMatch(
      /<MessageAttribute><Name>kind<\/Name><Value><DataType>String<\/DataType><StringValue>x<\/StringValue><\/Value>/,
    );
    const ReceiptHandle = /<ReceiptHandle>(.*?)<\/ReceiptHandle>/.exec(received.text)?.[1] ?? '';
    const deleted = await query({ Action: 'DeleteMessage', QueueUrl: queues.queueUrl, ReceiptHandle });
    expect(deleted.text).toMatch(/<DeleteMessageResponse .*<ResponseMetadata><RequestId>/);
    expect(queues.metrics()).toMatchObject({
      NumberOfMessagesSent: 1,
      NumberOfMessagesReceived: 1,
      NumberOfMessagesDeleted: 1,
    });
  });

  test('batches, attributes and errors', async () => {
    const batch = await query({
      Action: 'SendMessageBatch',
      QueueUrl: queues.queueUrl,
      'SendMessageBatchRequestEntry.1.Id': 'one',
      'SendMessageBatchRequestEntry.1.MessageBody': 'a',
      'SendMessageBatchRequestEntry.2.Id': 'two',
      'SendMessageBatchRequestEntry.2.MessageBody': 'b',
    });
    expect(batch.text.match(/<SendMessageBatchResultEntry><Id>/g)).toHaveLength(2);
    const attributes = await query({
      Action: 'GetQueueAttributes',
      QueueUrl: queues.queueUrl,
      'AttributeName.1': 'All',
    });
    expect(attributes.text).toContain('<Name>ApproximateNumberOfMessages</Name><Value>2</Value>');
    const missing = await query({ Action: 'GetQueueUrl', QueueName: 'none' });
    expect(missing.status).toBe(400);
    expect(missing.text).toContain('<Type>Sender</Type><Code>AWS.SimpleQueueService.NonExistentQueue</Code>');
    const sdk = await queues.client.send(
      new GetQueueAttributesCommand({ QueueUrl: queues.queueUrl, AttributeNames: ['All'] }),
    );
    expect(sdk.Attributes?.ApproximateNumberOfMessages).toBe('2');
  });
});
