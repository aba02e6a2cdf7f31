/** A6 and C: the SQS event source. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import type { ConformanceCase } from '../conformance-case.ts';
import { maxOf, sumNow, sumOf, valuesOf } from '../metrics.ts';
import { holdMs, maximumConcurrency, queueVisibilitySeconds, windowed } from '../stack/settings.ts';
import type { Subject } from '../subject.ts';
import { awaitDeadLetter } from './dead-letters.ts';
import { functionMetric } from './metric-names.ts';

async function sendAll(subject: Subject, QueueUrl: string, bodies: readonly object[]): Promise<void> {
  for (let from = 0; from < bodies.length; from += 10) {
    const Entries = bodies
      .slice(from, from + 10)
      .map((body, index) => ({ Id: String(index), MessageBody: JSON.stringify(body) }));
    await subject.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  }
}

const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);
const recordsOf = (seen: unknown) => (seen as { Records: Record<string, unknown>[] }).Records;

/** How often each message of a key was delivered, after this many deliveries and a quiet period. */
async function deliveries(subject: Subject, key: string, atLeast: number): Promise<number> {
  await subject.observedWithin(key, subject.onAws ? 60_000 : 15_000, atLeast);
  await new Promise((resolve) => setTimeout(resolve, (queueVisibilitySeconds + 1) * 1_000));
  return (await subject.observed(key)).length;
}

/** Alone: a failed batch fails for the messages of other cases in it as well. */
const consumed = (row: string, order: object, expected: number): ConformanceCase => ({
  row,
  slow: true,
  alone: true,
  check: async (subject) => {
    const key = randomUUID();
    await sendAll(subject, subject.description.resources.queueUrl, [{ key, ...order }]);
    assert.equal(await deliveries(subject, key, expected), expected);
  },
});

export const eventSourceCases: readonly ConformanceCase[] = [
  {
    row: 'A6.ramp',
    slow: true,
    target: {
      variant: 'main',
      limits: {
        pollerInitialConcurrency: 1,
        pollerIdleConcurrency: 1,
        pollerGrowthPerMinute: 60,
        pollerMaxConcurrency: 3,
        environmentPatienceMs: 0,
      },
    },
    check: async (subject) => {
      const concurrent = functionMetric(subject, 'deliver')('ConcurrentExecutions');
      const key = randomUUID();
      // 40 batches of 10, each 300 ms: 12 s for one poller, time for it to become three.
      await sendAll(subject, subject.description.resources.queueUrl, times(400, { key, waitMs: 300 }));
      const peak = await maxOf(subject, concurrent, 3);
      assert.equal(peak, 3);
      const values = await valuesOf(subject, concurrent, 'Maximum');
      assert.equal(
        values.find((value) => value > 0),
        1,
        'one batch at the start',
      );
    },
  },
  {
    row: 'A6.scale-in',
    slow: true,
    target: { variant: 'main', limits: { environmentPatienceMs: 0, maxEnvironments: 20 } },
    check: async (subject) => {
      // Not scaled in: from idle, five batches run concurrently.
      const key = randomUUID();
      await sendAll(subject, subject.description.resources.queueUrl, times(100, { key, waitMs: 1_000 }));
      const peak = await maxOf(subject, functionMetric(subject, 'deliver')('ConcurrentExecutions'), 5);
      assert.ok(peak >= 5, `${peak} concurrent batches`);
    },
  },
  {
    row: 'A6.maximum-concurrency',
    alone: true,
    check: async (subject) => {
      const metric = functionMetric(subject, 'pacedConsumer');
      const started = performance.now();
      const messages = 20;
      await sendAll(subject, subject.queueUrl('paced'), times(messages, { any: 'thing' }));
      const peak = await maxOf(subject, metric('ConcurrentExecutions'), maximumConcurrency);
      assert.equal(peak, maximumConcurrency);
      const done = await sumOf(subject, metric('Invocations'), messages);
      assert.equal(done, messages);
      const leastMs = (messages / maximumConcurrency) * holdMs.pacedConsumer;
      assert.ok(performance.now() - started >= leastMs, `${messages} messages in less than ${leastMs} ms`);
      assert.equal(await maxOf(subject, metric('ConcurrentExecutions'), 1), maximumConcurrency);
    },
  },
  {
    row: 'A6.batch-size',
    check: async (subject) => {
      const key = randomUUID();
      await sendAll(subject, subject.description.resources.queueUrl, times(60, { key }));
      const seen = await subject.observedWithin(key, 20_000, 60);
      const sizes = seen.map((one) => recordsOf(one.seen).length);
      assert.ok(Math.max(...sizes) <= 10, `a batch of ${Math.max(...sizes)}`);
      assert.ok(Math.max(...sizes) > 1, 'no batch of more than one message');
    },
  },
  {
    row: 'A6.batch-window',
    alone: true,
    check: async (subject) => {
      const key = randomUUID();
      const url = subject.queueUrl('windowed');
      const started = performance.now();
      for (let index = 0; index < 3; index++) {
        await sendAll(subject, url, [{ key }]);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      const seen = await subject.observed(key, 3);
      const tookMs = performance.now() - started;
      assert.ok(tookMs >= windowed.windowSeconds * 1_000 - 200, `the batch arrived after ${tookMs} ms`);
      // Several pollers share the queue, so three messages are in one to three batches: each waits for its window.
      assert.ok(seen.every((one) => recordsOf(one.seen).length <= windowed.batchSize));
    },
  },
  {
    row: 'A6.batch-fires',
    slow: true,
    alone: true,
    // One poller, so that one batch gets all.
    target: {
      variant: 'main',
      limits: { pollerInitialConcurrency: 1, pollerIdleConcurrency: 1, pollerMaxConcurrency: 1 },
    },
    check: async (subject) => {
      const url = subject.queueUrl('windowed');
      await sendAll(subject, url, [{ key: randomUUID() }]);
      await new Promise((resolve) => setTimeout(resolve, 4_000));
      const key = randomUUID();
      const started = performance.now();
      await sendAll(subject, url, times(windowed.batchSize, { key }));
      const seen = await subject.observed(key, windowed.batchSize);
      const tookMs = performance.now() - started;
      assert.ok(tookMs < windowed.windowSeconds * 1_000, `a full batch arrived after ${tookMs} ms`);
      assert.deepEqual(new Set(seen.map((one) => recordsOf(one.seen).length)), new Set([windowed.batchSize]));
    },
  },
  consumed('C.poller-error', { end: 'throw' }, 2),
  {
    row: 'C.poller-throttled',
    slow: true,
    check: async (subject) => {
      const key = randomUUID();
      await sendAll(subject, subject.queueUrl('never'), [{ key }]);
      // Visible again after 5 s, a second time after 10: then it is dead-lettered without any function having received it.
      await awaitDeadLetter(subject, key);
      const metric = functionMetric(subject, 'never');
      assert.equal(await sumNow(subject, metric('Invocations')), 0);
      assert.ok((await sumOf(subject, metric('Throttles'), 2)) >= 2);
    },
  },
  {
    row: 'C.partial-batch',
    check: async (subject) => {
      const [bad, good] = [randomUUID(), randomUUID()];
      const { queueUrl } = subject.description.resources;
      await sendAll(subject, queueUrl, [{ key: good }, { key: bad, fail: true }, { key: good }]);
      assert.equal(await deliveries(subject, bad, 2), 2);
      assert.equal((await subject.observed(good)).length, 2);
    },
  },
  consumed('C.partial-success', { end: 'noList' }, 1),
  {
    row: 'C.partial-failure',
    slow: true,
    alone: true,
    check: async (subject) => {
      for (const end of ['unknownId', 'emptyId']) {
        const key = randomUUID();
        await sendAll(subject, subject.description.resources.queueUrl, [{ key, end }]);
        assert.equal((await subject.observedWithin(key, subject.onAws ? 60_000 : 15_000, 2)).length, 2, end);
      }
    },
  },
  {
    row: 'C.sqs-record',
    check: async (subject) => {
      const key = randomUUID();
      await sendAll(subject, subject.description.resources.queueUrl, [{ key }]);
      const [one] = await subject.observed(key);
      const record = recordsOf(one?.seen).find(({ body }) => String(body).includes(key));
      assert.ok(record !== undefined);
      const fields = [
        'messageId',
        'receiptHandle',
        'body',
        'attributes',
        'messageAttributes',
        'md5OfBody',
        'eventSource',
        'eventSourceARN',
        'awsRegion',
      ];
      for (const name of fields) assert.ok(name in record, `${name} is missing`);
      const attributes = record.attributes as Record<string, unknown>;
      for (const name of ['ApproximateReceiveCount', 'SentTimestamp', 'SenderId', 'ApproximateFirstReceiveTimestamp']) {
        assert.equal(typeof attributes[name], 'string', name);
      }
      const { region, accountId, resources } = subject.description;
      assert.deepEqual(
        { eventSource: record.eventSource, awsRegion: record.awsRegion, arn: record.eventSourceARN },
        { eventSource: 'aws:sqs', awsRegion: region, arn: `arn:aws:sqs:${region}:${accountId}:${resources.queueName}` },
      );
    },
  },
];
