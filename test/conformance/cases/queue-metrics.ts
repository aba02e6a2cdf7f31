/** D3: SQS's metrics, from the actions of the case. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { ConformanceCase } from '../conformance-case.ts';
import { maxOf, sumNow, sumOf } from '../metrics.ts';
import type { Subject } from '../subject.ts';
import { awaitDeadLetter } from './dead-letters.ts';
import { queueMetric } from './metric-names.ts';

const send = (subject: Subject, body: string) =>
  subject.sqs.send(new SendMessageCommand({ QueueUrl: subject.queueUrl('metered'), MessageBody: body }));

/** Receives until a message arrives, at most five times. */
async function receive(subject: Subject): Promise<void> {
  const QueueUrl = subject.queueUrl('metered');
  for (let attempt = 0; attempt < 5; attempt++) {
    const { Messages = [] } = await subject.sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 2 }));
    for (const { ReceiptHandle } of Messages)
      await subject.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    if (Messages.length > 0) return;
  }
  throw new Error('a sent message could not be received');
}

export const queueMetricCases: readonly ConformanceCase[] = [
  {
    row: 'D3.dimension',
    check: async (subject) => {
      await send(subject, 'x');
      await sumOf(subject, queueMetric(subject, 'metered', 'NumberOfMessagesSent'), 1);
    },
  },
  {
    row: 'D3.age',
    check: async (subject) => {
      await subject.sqs.send(new SendMessageCommand({ QueueUrl: subject.queueUrl('idle'), MessageBody: 'old' }));
      await maxOf(subject, queueMetric(subject, 'idle', 'ApproximateAgeOfOldestMessage'), 2);
    },
  },
  {
    row: 'D3.messages',
    check: async (subject) => {
      const QueueUrl = subject.queueUrl('idle');
      const body = { QueueUrl, MessageBody: 'x' };
      await subject.sqs.send(new SendMessageCommand({ ...body, DelaySeconds: 5 }));
      await maxOf(subject, queueMetric(subject, 'idle', 'ApproximateNumberOfMessagesDelayed'), 1);
      await subject.sqs.send(new SendMessageCommand(body));
      await maxOf(subject, queueMetric(subject, 'idle', 'ApproximateNumberOfMessagesVisible'), 1);
      await subject.sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 2, VisibilityTimeout: 5 }));
      await maxOf(subject, queueMetric(subject, 'idle', 'ApproximateNumberOfMessagesNotVisible'), 1);
    },
  },
  {
    row: 'D3.traffic',
    check: async (subject) => {
      const metric = (name: string) => queueMetric(subject, 'metered', name);
      const names = ['NumberOfMessagesSent', 'NumberOfMessagesReceived', 'NumberOfMessagesDeleted'];
      const before = await Promise.all(names.map((name) => sumNow(subject, metric(name))));
      await send(subject, 'x');
      await receive(subject);
      for (const [index, name] of names.entries()) await sumOf(subject, metric(name), (before[index] ?? 0) + 1);
    },
  },
  {
    row: 'D3.empty-receives',
    check: async (subject) => {
      const QueueUrl = subject.queueUrl('empty');
      await subject.sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 0 }));
      await sumOf(subject, queueMetric(subject, 'empty', 'NumberOfEmptyReceives'), 1);
    },
  },
  {
    row: 'D3.size',
    check: async (subject) => {
      await send(subject, 'x'.repeat(5_000));
      assert.ok((await maxOf(subject, queueMetric(subject, 'metered', 'SentMessageSize'), 5_000)) < 6_000);
    },
  },
  {
    row: 'D3.redriven',
    check: async (subject) => {
      const key = randomUUID();
      const QueueUrl = subject.description.resources.queueUrl;
      await subject.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify({ key, fail: true }) }));
      await awaitDeadLetter(subject, key);
      await sumOf(subject, queueMetric(subject, 'dead', 'NumberOfMessagesReceived'), 1);
      assert.equal(await sumNow(subject, queueMetric(subject, 'dead', 'NumberOfMessagesSent')), 0);
    },
  },
];
