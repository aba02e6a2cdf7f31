import {
  BatchRequestTooLong,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  OverLimit,
  PurgeQueueCommand,
  PurgeQueueInProgress,
  ReceiptHandleIsInvalid,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { accountId, startTestQueues } from './sqs.fixture.ts';

describe('SQS', () => {
  let queues: Awaited<ReturnType<typeof startTestQueues>>;
  let client: SQSClient;
  let QueueUrl: string;
  beforeEach(async () => {
    queues = await startTestQueues();
    ({ client, queueUrl: QueueUrl } = queues);
  });
  afterEach(() => queues.stop());

  const send = (body: string, more = {}) =>
    client.send(new SendMessageCommand({ QueueUrl, MessageBody: body, ...more }));
  const receive = async (more = {}) =>
    (await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...more }))).Messages ?? [];
  const failure = (call: Promise<unknown>) =>
    call.then(
      () => expect.fail('should have failed'),
      (error: unknown) => error,
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
    expect(queues.metrics()).toMatchObject({
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
    expect(queues.metrics()).toMatchObject({ NumberOfEmptyReceives: 2, NumberOfMessagesReceived: 1 });
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
    expect(queues.metrics()).toMatchObject({ NumberOfMessagesReceived: 1 });
  });

  test('a message reappears after its visibility timeout, and a delayed one appears after its delay', async () => {
    await send('a');
    await send('b', { DelaySeconds: 2 });
    const [first] = await receive({ VisibilityTimeout: 40 });
    await client.send(
      new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle, VisibilityTimeout: 2 }),
    );
    expect(queues.metrics()).toMatchObject({
      ApproximateNumberOfMessagesDelayed: 1,
      ApproximateNumberOfMessagesNotVisible: 1,
    });
    await expect
      .poll(() => queues.metrics(), { timeout: 30_000, interval: 100 })
      .toMatchObject({ ApproximateNumberOfMessagesVisible: 2 });
  });

  test('a redrive does not count as sent to the dead-letter queue, but is visible there', async () => {
    await send('poison');
    await receive({ VisibilityTimeout: 0 });
    expect(await receive()).toEqual([]);
    expect(queues.metrics('dlq')).toMatchObject({ ApproximateNumberOfMessagesVisible: 1 });
    expect(queues.metrics('dlq')).not.toHaveProperty('NumberOfMessagesSent');
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
    expect(queues.metrics().SentMessageSize).toBe(1_048_576 + 3 + 90);
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
    expect(made.QueueUrl).toBe(`${queues.sqs.url}/${accountId}/made`);
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
    await client.send(new SendMessageCommand({ QueueUrl: `${queues.sqs.url}/${accountId}/short`, MessageBody: 'a' }));
    expect(queues.metrics('short')).toMatchObject({ ApproximateNumberOfMessagesVisible: 1 });
    queues.sqs.drainMetrics(Date.now() + 61_000);
    expect(queues.metrics('short')).toMatchObject({ ApproximateNumberOfMessagesVisible: 0 });
  });
});
