import {
  BatchRequestTooLong,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  OverLimit,
  PurgeQueueCommand,
  PurgeQueueInProgress,
  ReceiptHandleIsInvalid,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { limitsSchema } from '../quota/limits.ts';
import { type SqsServer, startSqsServer } from './sqs-server.ts';

const accountId = '000000000000';
const arnOf = (name: string) => `arn:aws:sqs:us-east-1:${accountId}:${name}`;
const queue = (queueName: string, attributes = {}) => ({
  logicalId: queueName,
  queueName,
  arn: arnOf(queueName),
  attributes,
});

describe('SQS', () => {
  let sqs: SqsServer;
  let client: SQSClient;
  let QueueUrl: string;
  beforeEach(async () => {
    sqs = await startSqsServer({
      port: 0,
      region: 'us-east-1',
      queues: [
        queue('q', { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf('dlq'), maxReceiveCount: 1 }) }),
        queue('dlq'),
        queue('short', { MessageRetentionPeriod: '60' }),
      ],
      limits: limitsSchema.parse({ sqsInFlightMessages: 3 }),
    });
    QueueUrl = `${sqs.url}/${accountId}/q`;
    client = new SQSClient({
      endpoint: sqs.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'any', secretAccessKey: 'thing' },
      maxAttempts: 1,
    });
  });
  afterEach(async () => {
    client.destroy();
    await sqs.stop();
  });
  const send = (body: string, more = {}) =>
    client.send(new SendMessageCommand({ QueueUrl, MessageBody: body, ...more }));
  const receive = async (more = {}) =>
    (await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...more }))).Messages ?? [];
  const failure = (call: Promise<unknown>) =>
    call.then(
      () => expect.fail('should have failed'),
      (error: unknown) => error,
    );
  /** Sums of the counts, and the current gauges, of one queue. */
  const metrics = (queueName = 'q') =>
    Object.fromEntries(
      sqs
        .drainMetrics(Date.now())
        .filter(({ dimensions }) => Object.values(dimensions).join().split(' ').at(-1) === queueName)
        .map(({ name, values }) => [name, values.reduce((sum, value) => sum + value, 0)]),
    );

  test('takes every character that SQS takes, in one message and in a batch, and returns it', async () => {
    const text = '\t\n\r ~\u007f\ud7ff\ue000\ufffd😀\u{1fffe}\u{10ffff}';
    await send(text);
    await client.send(new SendMessageBatchCommand({ QueueUrl, Entries: [{ Id: 'a', MessageBody: text }] }));
    expect((await receive()).map(({ Body }) => Body)).toEqual([text, text]);
  });

  test.each(['\u0000', '\u000b', '\u001f', '\ufffe', '\uffff'])('refuses the character %j', async (character) => {
    expect(await failure(send(`a${character}`))).toMatchObject({ name: 'InvalidMessageContents' });
    const Entries = [
      { Id: 'a', MessageBody: 'good' },
      { Id: 'b', MessageBody: character },
    ];
    const { Failed } = await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    expect(Failed).toMatchObject([{ Id: 'b', Code: 'InvalidMessageContents', SenderFault: true }]);
    const attribute = { DataType: 'String', StringValue: character };
    const refused = await failure(send('a', { MessageAttributes: { attribute } }));
    expect(refused).toMatchObject({ name: 'InvalidParameterValue' });
  });

  test('at the in-flight limit a short poll is an error, and a long poll returns nothing', async () => {
    for (const body of ['a', 'b', 'c', 'd', 'e']) await send(body);
    const messages = await receive();
    expect(messages).toHaveLength(3);
    const error = await failure(receive());
    expect(error).toBeInstanceOf(OverLimit);
    expect((error as OverLimit).$metadata.httpStatusCode).toBe(403);
    expect(await receive({ WaitTimeSeconds: 1 })).toEqual([]);
    expect(metrics()).toMatchObject({
      QuotaRefusals: 2,
      NumberOfMessagesSent: 5,
      NumberOfMessagesReceived: 3,
      NumberOfEmptyReceives: 1,
      ApproximateNumberOfMessagesVisible: 2,
      ApproximateNumberOfMessagesNotVisible: 3,
    });
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: messages[0]?.ReceiptHandle }));
    expect(await receive()).toHaveLength(1);
  });

  test('a waiting long poll gets the message that arrives, and no other long poll is woken needlessly', async () => {
    const polls = [1, 2, 3].map(() => receive({ WaitTimeSeconds: 1 }));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await send('a');
    const answers = await Promise.all(polls);
    expect(answers.flat().map(({ Body }) => Body)).toEqual(['a']);
    expect(metrics()).toMatchObject({ NumberOfEmptyReceives: 2, NumberOfMessagesReceived: 1 });
  });

  test('a long poll whose client has disconnected takes no message', async () => {
    const gone = new AbortController();
    const poll = client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }), { abortSignal: gone.signal });
    await new Promise((resolve) => setTimeout(resolve, 100));
    gone.abort();
    await failure(poll);
    // Two round trips: the end of the connection came before them, and the server has seen it by the second.
    await receive();
    await receive();
    await send('a');
    const [message] = await receive({ WaitTimeSeconds: 1, MessageSystemAttributeNames: ['ApproximateReceiveCount'] });
    expect(message).toMatchObject({ Body: 'a', Attributes: { ApproximateReceiveCount: '1' } });
    expect(metrics()).toMatchObject({ NumberOfMessagesReceived: 1 });
  });

  test('a message reappears after its visibility timeout, and a delayed one appears after its delay', async () => {
    await send('a');
    await send('b', { DelaySeconds: 2 });
    const [first] = await receive({ VisibilityTimeout: 40 });
    await client.send(
      new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle, VisibilityTimeout: 2 }),
    );
    expect(metrics()).toMatchObject({
      ApproximateNumberOfMessagesDelayed: 1,
      ApproximateNumberOfMessagesNotVisible: 1,
    });
    await expect
      .poll(() => metrics(), { timeout: 30_000, interval: 100 })
      .toMatchObject({ ApproximateNumberOfMessagesVisible: 2 });
  });

  test('a redrive does not count as sent to the dead-letter queue, but is visible there', async () => {
    await send('poison');
    await receive({ VisibilityTimeout: 0 });
    expect(await receive()).toEqual([]);
    expect(metrics('dlq')).toMatchObject({ ApproximateNumberOfMessagesVisible: 1 });
    expect(metrics('dlq')).not.toHaveProperty('NumberOfMessagesSent');
  });

  test('messages and batches over 1 MiB, and ten attributes', async () => {
    const mebibyte = 'x'.repeat(1_048_576);
    await send(mebibyte);
    expect(await failure(send(`${mebibyte}x`))).toMatchObject({ name: 'InvalidParameterValue' });
    const Entries = ['1', '2'].map((Id) => ({ Id, MessageBody: 'x'.repeat(524_289) }));
    expect(await failure(client.send(new SendMessageBatchCommand({ QueueUrl, Entries })))).toBeInstanceOf(
      BatchRequestTooLong,
    );
    const attributes = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, index) => [`a${index}`, { DataType: 'String', StringValue: 'v' }]),
      );
    await send('ten', { MessageAttributes: attributes(10) });
    expect(await failure(send('eleven', { MessageAttributes: attributes(11) }))).toMatchObject({
      message: 'Number of message attributes [11] exceeds the allowed maximum [10].',
    });
    expect(await failure(send('x', { DelaySeconds: 901 }))).toMatchObject({ name: 'InvalidParameterValue' });
    // 1 MiB, and `ten` with 10 × (2 + 6 + 1) bytes of attributes.
    expect(metrics().SentMessageSize).toBe(1_048_576 + 3 + 90);
  });

  test('a purge empties the queue, and another within a minute is refused', async () => {
    await send('a');
    await client.send(new PurgeQueueCommand({ QueueUrl }));
    expect(await receive()).toEqual([]);
    expect(await failure(client.send(new PurgeQueueCommand({ QueueUrl })))).toBeInstanceOf(PurgeQueueInProgress);
    await send('b');
    expect(await receive()).toHaveLength(1);
  });

  test('a queue created by a client has a URL that the client can reach, and the same limits', async () => {
    const made = await client.send(new CreateQueueCommand({ QueueName: 'made' }));
    expect(made.QueueUrl).toBe(`${sqs.url}/${accountId}/made`);
    QueueUrl = made.QueueUrl ?? '';
    for (const body of ['a', 'b', 'c', 'd']) await send(body);
    expect(await receive()).toHaveLength(3);
    expect(await failure(receive())).toBeInstanceOf(OverLimit);
  });

  test('a receipt handle that was never issued is refused', async () => {
    const call = client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: 'x' }));
    expect(await failure(call)).toBeInstanceOf(ReceiptHandleIsInvalid);
  });

  test('messages older than the retention are dropped', async () => {
    await client.send(new SendMessageCommand({ QueueUrl: `${sqs.url}/${accountId}/short`, MessageBody: 'a' }));
    expect(metrics('short')).toMatchObject({ ApproximateNumberOfMessagesVisible: 1 });
    sqs.drainMetrics(Date.now() + 61_000);
    expect(metrics('short')).toMatchObject({ ApproximateNumberOfMessagesVisible: 0 });
  });

  describe('AWS JSON', () => {
    const post = async (target: string, body: string) => {
      const answer = await fetch(sqs.url, {
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
      expect(JSON.parse(text).QueueUrls).toContain(QueueUrl);
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
      const answer = await fetch(`${sqs.url}${path}`, { method: 'POST', headers: { authorization }, body });
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
      const deleted = await query({ Action: 'DeleteMessage', QueueUrl, ReceiptHandle });
      expect(deleted.text).toMatch(/<DeleteMessageResponse .*<ResponseMetadata><RequestId>/);
      expect(metrics()).toMatchObject({
        NumberOfMessagesSent: 1,
        NumberOfMessagesReceived: 1,
        NumberOfMessagesDeleted: 1,
      });
    });

    test('batches, attributes and errors', async () => {
      const batch = await query({
        Action: 'SendMessageBatch',
        QueueUrl,
        'SendMessageBatchRequestEntry.1.Id': 'one',
        'SendMessageBatchRequestEntry.1.MessageBody': 'a',
        'SendMessageBatchRequestEntry.2.Id': 'two',
        'SendMessageBatchRequestEntry.2.MessageBody': 'b',
      });
      expect(batch.text.match(/<SendMessageBatchResultEntry><Id>/g)).toHaveLength(2);
      const attributes = await query({ Action: 'GetQueueAttributes', QueueUrl, 'AttributeName.1': 'All' });
      expect(attributes.text).toContain('<Name>ApproximateNumberOfMessages</Name><Value>2</Value>');
      const missing = await query({ Action: 'GetQueueUrl', QueueName: 'none' });
      expect(missing.status).toBe(400);
      expect(missing.text).toContain('<Type>Sender</Type><Code>AWS.SimpleQueueService.NonExistentQueue</Code>');
      const sdk = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
      expect(sdk.Attributes?.ApproximateNumberOfMessages).toBe('2');
    });
  });
});
