import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  MessageNotInflight,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { limitsSchema } from '../quota/limits.ts';
import { type SqsServer, startSqsServer } from './sqs-server.ts';

const accountId = '000000000000';
const arnOf = (name: string) => `arn:aws:sqs:us-east-1:${accountId}:${name}`;
const fifo = { FifoQueue: 'true', ContentBasedDeduplication: 'true' };
const redrive = (name: string) => JSON.stringify({ deadLetterTargetArn: arnOf(name), maxReceiveCount: 1 });

let sqs: SqsServer;
let client: SQSClient;
beforeEach(async () => {
  const queue = (queueName: string, attributes = {}) => ({
    logicalId: queueName,
    queueName,
    arn: arnOf(queueName),
    attributes,
  });
  sqs = await startSqsServer({
    port: 0,
    region: 'us-east-1',
    queues: [
      queue('orders.fifo', fifo),
      queue('q', { RedrivePolicy: redrive('dlq') }),
      queue('dlq'),
      queue('r.fifo', { ...fifo, RedrivePolicy: redrive('dlq.fifo') }),
      queue('dlq.fifo', fifo),
    ],
    limits: limitsSchema.parse({ sqsFifoRequests: 20 }),
  });
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

const urlOf = (name: string) => `${sqs.url}/${accountId}/${name}`;
const send = (name: string, MessageBody: string, MessageGroupId?: string) =>
  client.send(
    new SendMessageCommand({ QueueUrl: urlOf(name), MessageBody, ...(MessageGroupId && { MessageGroupId }) }),
  );
const receive = async (name: string, more = {}) => {
  const input = {
    QueueUrl: urlOf(name),
    MaxNumberOfMessages: 10,
    MessageSystemAttributeNames: ['All' as const],
    ...more,
  };
  return (await client.send(new ReceiveMessageCommand(input))).Messages ?? [];
};
const bodies = (messages: readonly { Body?: string | undefined }[]) => messages.map(({ Body }) => Body);

describe('a FIFO queue', () => {
  test('gives messages of one group together and in order, and none while some are in flight', async () => {
    for (const body of ['1', '2', '3', '4']) await send('orders.fifo', body, 'ann');
    await send('orders.fifo', 'other', 'bob');
    const first = await receive('orders.fifo', { MaxNumberOfMessages: 3 });
    expect(bodies(first.filter(({ Attributes }) => Attributes?.MessageGroupId === 'ann'))).toEqual(
      ['1', '2', '3'].slice(0, first.filter(({ Attributes }) => Attributes?.MessageGroupId === 'ann').length),
    );
    expect(first).toHaveLength(3);
    expect(bodies(await receive('orders.fifo')).filter((body) => body !== 'other')).toEqual([]);
    for (const { ReceiptHandle } of first)
      await client.send(new DeleteMessageCommand({ QueueUrl: urlOf('orders.fifo'), ReceiptHandle }));
    const rest = [...bodies(first), ...bodies(await receive('orders.fifo'))].filter((body) => body !== 'other');
    expect(rest).toEqual(['1', '2', '3', '4']);
  });

  test('keeps the order of messages that become visible again together', async () => {
    for (const body of ['1', '2', '3']) await send('orders.fifo', body, 'ann');
    expect(bodies(await receive('orders.fifo', { VisibilityTimeout: 1 }))).toEqual(['1', '2', '3']);
    const again = await vi.waitFor(async () => {
      const messages = await receive('orders.fifo');
      expect(messages).not.toEqual([]);
      return messages;
    }, 20_000);
    expect(bodies(again)).toEqual(['1', '2', '3']);
  });

  test('refuses what is more than its requests a second, and counts it by its quota', async () => {
    const sends = await Promise.allSettled(
      Array.from({ length: 200 }, (_, n) => send('orders.fifo', String(n), `group-${n}`)),
    );
    const refused = sends.flatMap((each) => (each.status === 'rejected' ? [String(each.reason.name)] : []));
    expect(new Set(refused)).toEqual(new Set(['RequestThrottled']));
    const counted = sqs
      .drainMetrics(Date.now())
      .filter(({ dimensions }) => dimensions.Quota === 'sqsFifoRequests orders.fifo')
      .flatMap(({ values }) => values);
    expect(counted).toEqual([refused.length]);
  });

  test('keeps the order of messages that become visible again one after the other', async () => {
    for (const body of ['1', '2', '3']) await send('orders.fifo', body, 'ann');
    const all = await receive('orders.fifo');
    expect(bodies(all)).toEqual(['1', '2', '3']);
    for (const { ReceiptHandle } of all) {
      expect(await receive('orders.fifo')).toEqual([]);
      const QueueUrl = urlOf('orders.fifo');
      await client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
    }
    expect(bodies(await receive('orders.fifo'))).toEqual(['1', '2', '3']);
  });

  test('takes the same content once within five minutes', async () => {
    await send('orders.fifo', 'same', 'ann');
    await send('orders.fifo', 'same', 'ann');
    expect(bodies(await receive('orders.fifo'))).toEqual(['same']);
  });
});

test.each([
  ['q', 'dlq', undefined],
  ['r.fifo', 'dlq.fifo', 'ann'],
])('a dead letter of %s says which queue it comes from', async (name, deadLetters, group) => {
  await send(name, 'bad', group);
  await receive(name, { VisibilityTimeout: 0 });
  expect(await receive(name)).toEqual([]);
  const [letter] = await receive(deadLetters);
  expect(letter).toMatchObject({ Body: 'bad', Attributes: { DeadLetterQueueSourceArn: arnOf(name) } });
});

test('the visibility of a message that has just become visible again cannot be changed', async () => {
  await send('dlq', 'a');
  const [message] = await receive('dlq', { VisibilityTimeout: 1 });
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  const change = { QueueUrl: urlOf('dlq'), ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout: 60 };
  await expect(client.send(new ChangeMessageVisibilityCommand(change))).rejects.toThrow(MessageNotInflight);
  expect(bodies(await receive('dlq'))).toEqual(['a']);
});
