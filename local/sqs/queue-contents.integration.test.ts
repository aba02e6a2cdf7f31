import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { queueMessagesPath } from '../model.ts';
import { limitsSchema } from '../quota/limits.ts';
import { type SqsServer, startSqsServer } from './sqs-server.ts';

let sqs: SqsServer;
let client: SQSClient;
let QueueUrl: string;
beforeEach(async () => {
  const arn = 'arn:aws:sqs:us-east-1:000000000000:q';
  sqs = await startSqsServer({
    port: 0,
    region: 'us-east-1',
    queues: [{ logicalId: 'q', queueName: 'q', arn, attributes: {} }],
    limits: limitsSchema.parse({}),
  });
  QueueUrl = `${sqs.url}/000000000000/q`;
  client = new SQSClient({
    ...{ endpoint: sqs.url, region: 'us-east-1', maxAttempts: 1 },
    credentials: { accessKeyId: 'any', secretAccessKey: 'thing' },
  });
});
afterEach(async () => {
  client.destroy();
  await sqs.stop();
});

const get = (queueName: string, init?: RequestInit) => fetch(`${sqs.url}${queueMessagesPath(queueName)}`, init);
const send = (MessageBody: string, more = {}) =>
  client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));

test('lists visible, received and delayed messages, a line each, and receives none of them', async () => {
  for (const body of ['one "quoted"\nline', 'two']) await send(body);
  await send('later', { DelaySeconds: 60 });
  await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 1 }));
  const read = async () => {
    const response = await get('q');
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    const lines = (await response.text()).trimEnd().split('\n');
    return lines.map((line) => JSON.parse(line)).map(({ state, receiveCount, body }) => [state, receiveCount, body]);
  };
  const expected = [
    ['visible', 0, 'two'],
    ['notVisible', 1, 'one "quoted"\nline'],
    ['delayed', 0, 'later'],
  ];
  expect(await read()).toEqual(expected);
  expect(await read()).toEqual(expected);
});

test('an empty queue has no lines', async () => {
  const response = await get('q');
  expect([response.status, await response.text()]).toEqual([200, '']);
});

test('a queue that is not there, another method, and a page in a browser are refused with a sentence', async () => {
  const refusals = [
    await get('other'),
    await get('q', { method: 'DELETE' }),
    await get('q', { headers: { origin: 'http://x' } }),
  ];
  expect(refusals.map(({ status }) => status)).toEqual([404, 405, 403]);
  expect(await refusals[0]?.json()).toEqual({ message: 'Unknown queue "other".' });
});
