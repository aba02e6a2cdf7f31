/** D2: Lambda's metrics, from the actions of the case. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { ConformanceCase } from '../conformance-case.ts';
import { maxOf, sumNow, sumOf } from '../metrics.ts';
import type { Subject } from '../subject.ts';
import { grows } from './grows.ts';
import { accountMetric, functionMetric } from './metric-names.ts';

const invoke = (subject: Subject, name: string, options: object = {}) =>
  subject.lambda.send(new InvokeCommand({ FunctionName: subject.nameOf(name), ...options }));

export const lambdaMetricCases: readonly ConformanceCase[] = [
  {
    row: 'D2.dimensions',
    check: async (subject) => {
      await subject.http('/plain');
      await sumOf(subject, functionMetric(subject, 'http')('Invocations'), 1);
      await sumOf(subject, accountMetric('Invocations'), 1);
    },
  },
  {
    row: 'D2.invocations',
    check: async (subject) => {
      await assert.rejects(invoke(subject, 'never'));
      const metric = functionMetric(subject, 'slowInit')('Invocations');
      const before = await sumNow(subject, metric);
      await invoke(subject, 'slowInit');
      // Other cases invoke it too.
      await sumOf(subject, metric, before + 1);
      assert.equal(await sumNow(subject, functionMetric(subject, 'never')('Invocations')), 0);
    },
  },
  grows('D2.errors', (subject) => functionMetric(subject, 'http')('Errors'), {
    by: 1,
    act: (subject) => subject.http('/throw'),
  }),
  {
    row: 'D2.throttles',
    check: async (subject) => {
      const metric = functionMetric(subject, 'never');
      const before = await sumNow(subject, metric('Throttles'));
      await assert.rejects(invoke(subject, 'never'));
      await sumOf(subject, metric('Throttles'), before + 1);
      assert.equal(await sumNow(subject, metric('Errors')), 0);
    },
  },
  {
    row: 'D2.duration',
    check: async (subject) => {
      const metric = functionMetric(subject, 'slowInit')('Duration');
      await invoke(subject, 'slowInit');
      const longest = await maxOf(subject, metric, 80);
      assert.ok(longest < 600, `a handler of 85 ms with an init of 800 took ${longest} ms`);
    },
  },
  {
    row: 'D2.concurrent',
    check: async (subject) => {
      await Promise.all([1, 2, 3].map(() => invoke(subject, 'paced')));
      await maxOf(subject, functionMetric(subject, 'paced')('ConcurrentExecutions'), 1);
      await maxOf(subject, accountMetric('ConcurrentExecutions'), 1);
    },
  },
  {
    row: 'D2.unreserved',
    check: async (subject) => {
      await invoke(subject, 'message');
      await maxOf(subject, accountMetric('UnreservedConcurrentExecutions'), 1);
    },
  },
  {
    row: 'D2.claimed',
    check: async (subject) => {
      await invoke(subject, 'message');
      // 4 are reserved; the rest run unreserved.
      await maxOf(subject, accountMetric('ClaimedAccountConcurrency'), 5);
    },
  },
  grows('D2.async', (subject) => functionMetric(subject, 'message')('AsyncEventsReceived'), {
    by: 1,
    act: (subject) => invoke(subject, 'message', { InvocationType: 'Event' }),
  }),
  {
    row: 'D2.event-source',
    check: async (subject) => {
      const QueueUrl = subject.description.resources.queueUrl;
      await subject.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify({ key: randomUUID() }) }));
      await subject.measured(async () => {
        const { Metrics = [] } = await subject.cloudwatch.send(
          new ListMetricsCommand({ Namespace: 'AWS/Lambda', MetricName: 'PolledEventCount' }),
        );
        const names = Metrics.flatMap(({ Dimensions = [] }) => Dimensions.map(({ Name }) => Name));
        assert.ok(names.length > 0, 'no metric PolledEventCount is listed');
        assert.deepEqual(new Set(names), new Set(['EventSourceMappingUUID']));
      });
    },
  },
  {
    row: 'D2.init-duration',
    check: async (subject) => {
      // Its environment was initialized for it, or for an earlier one.
      await subject.http('/plain');
      await sumOf(subject, functionMetric(subject, 'http')('Invocations'), 1);
      const { Metrics = [] } = await subject.cloudwatch.send(
        new ListMetricsCommand({ Namespace: 'AWS/Lambda', MetricName: 'InitDuration' }),
      );
      assert.deepEqual(Metrics, []);
    },
  },
];
