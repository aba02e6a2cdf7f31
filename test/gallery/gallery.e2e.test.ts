/** Shapes of public stacks, in templates and handlers of our own, each served with its handlers unchanged. */
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { type Message, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, test, vi } from 'vitest';
import { type Shape, withShape } from './served-shape.fixture.ts';

const waitMs = 60_000;

async function receiveAll({ client }: Shape, QueueUrl: string, count: number) {
  const sqs = new SQSClient(client);
  const messages: Message[] = [];
  await vi.waitFor(async () => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All'] }),
    );
    messages.push(...Messages);
    expect(messages.length).toBeGreaterThanOrEqual(count);
  }, waitMs);
  sqs.destroy();
  return messages;
}

test('orders over HTTP keep their order for each customer through a FIFO queue, and reach every department', async () => {
  await withShape('fifo-orders', {}, async (shape) => {
    const url = `${shape.output('Url')}/orders`;
    const preflight = await fetch(`${url}/ann`, {
      method: 'OPTIONS',
      headers: { origin: 'https://shop.example', 'access-control-request-method': 'POST' },
    });
    expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([204, 'POST']);
    for (const order of [1, 2, 3, 4, 5]) {
      const posted = await fetch(`${url}/ann%20b`, { method: 'POST', body: `order ${order}` });
      expect([posted.status, await posted.text()]).toEqual([202, 'ann b']);
    }
    for (const department of ['Packing', 'Billing']) {
      const messages = await receiveAll(shape, shape.output(department), 5);
      expect(messages.map(({ Body }) => Body)).toEqual([1, 2, 3, 4, 5].map((order) => `ann b:order ${order}`));
    }
  });
});

test('a transfer is one transaction, and the stream of the table keeps the balances', async () => {
  await withShape('single-table', {}, async ({ output }) => {
    const url = output('Url');
    const transfer = (id: string, amount: number) =>
      fetch(`${url}/transfers`, { method: 'POST', body: JSON.stringify({ id, from: 'ann', to: 'bob', amount }) });
    const balance = async (account: string) => {
      const answer = await fetch(`${url}/balance/${account}`);
      return ((await answer.json()) as { balance: number }).balance;
    };
    expect((await transfer('1', 20)).status).toBe(201);
    expect((await transfer('2', 5)).status).toBe(201);
    const again = await transfer('1', 100);
    expect([again.status, await again.json()]).toEqual([
      409,
      { error: 'TransactionCanceledException', reasons: ['ConditionalCheckFailed', 'ConditionalCheckFailed'] },
    ]);
    await vi.waitFor(async () => expect([await balance('ann'), await balance('bob')]).toEqual([-25, 25]), waitMs);
  });
});

test('messages of a batch that failed twice are kept, with the queue that they come from', async () => {
  await withShape('failing-worker', {}, async (shape) => {
    expect(shape.stack.leftOut.inert).toEqual({ 'AWS::CloudWatch::Alarm': 1 });
    const sqs = new SQSClient(shape.client);
    for (const MessageBody of ['good', 'bad', 'fine'])
      await sqs.send(new SendMessageCommand({ QueueUrl: shape.output('Work'), MessageBody }));
    sqs.destroy();
    const [message] = await receiveAll(shape, shape.output('Failed'), 1);
    expect(message?.Body).toBe('bad');
    expect(message?.Attributes?.DeadLetterQueueSourceArn).toBe(shape.output('WorkArn'));
  });
});

test('one template for every stage: parameters, mappings, conditions, imports', async () => {
  const given = { ssm: { '/greeting': 'Good day' }, imports: { 'network-name': 'inner' } };
  await withShape('sized-by-stage', { given }, async ({ output, stack, client }) => {
    expect(await (await fetch(`${output('Url')}/any%20path`)).json()).toEqual({
      said: 'Good day ann',
      rawPath: '/any path',
      SHARED: 'inner',
      DEBUG: 'yes',
      LIMITS: 'b',
      memory: '128',
    });
    expect(stack.leftOut.byCondition).toEqual(['Audit']);
    const cloudFormation = new CloudFormationClient(client);
    const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: 'sized-by-stage' }));
    expect(Stacks?.[0]?.Outputs).toEqual([{ OutputKey: 'Url', OutputValue: output('Url') }]);
    cloudFormation.destroy();
  });
  const prod = { ...given, parameters: { Stage: 'prod', Names: 'eve' } };
  await withShape('sized-by-stage', { given: prod }, async ({ output }) => {
    expect(await (await fetch(output('Url'))).json()).toMatchObject({ said: 'Good day eve', memory: '512' });
    expect(output('Audit')).toContain('Audit');
  });
});
