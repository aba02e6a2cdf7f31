/** A8: limits of CloudWatch's and Service Quotas' own calls. */
import assert from 'node:assert/strict';
import {
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  type MetricDatum,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { GetServiceQuotaCommand } from '@aws-sdk/client-service-quotas';
import type { ConformanceCase } from '../conformance-case.ts';
import type { Subject } from '../subject.ts';

const Namespace = 'Loadline/Conformance';
const hourMs = 3_600_000;

function getMetricData(subject: Subject, queries: number, { hours, Period }: { hours: number; Period: number }) {
  const EndTime = new Date(Math.floor(Date.now() / 60_000) * 60_000);
  const MetricStat = { Metric: { Namespace, MetricName: 'm' }, Period, Stat: 'Sum' };
  return subject.cloudwatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(EndTime.getTime() - hours * hourMs),
      EndTime,
      MetricDataQueries: Array.from({ length: queries }, (_, index) => ({ Id: `q${index}`, MetricStat })),
    }),
  );
}

const put = (subject: Subject, MetricData: MetricDatum[]) =>
  subject.cloudwatch.send(new PutMetricDataCommand({ Namespace, MetricData }));

export const cloudWatchCases: readonly ConformanceCase[] = [
  {
    row: 'A8.queries',
    check: async (subject) => {
      await getMetricData(subject, 500, { hours: 1, Period: 60 });
      await assert.rejects(getMetricData(subject, 501, { hours: 1, Period: 60 }), /./);
    },
  },
  {
    row: 'A8.datapoints',
    check: async (subject) => {
      // 200 series of 600 points each, more than one response may hold.
      const now = Math.floor(Date.now() / 1_000);
      const data = Array.from({ length: 600 }, (_, index) => ({
        MetricName: 'many',
        Value: 1,
        Timestamp: new Date((now - 700 + index) * 1_000),
      }));
      await put(subject, data);
      const MetricStat = { Metric: { Namespace, MetricName: 'many' }, Period: 1, Stat: 'Sum' };
      const StartTime = new Date((now - 720) * 1_000);
      const MetricDataQueries = Array.from({ length: 200 }, (_, index) => ({ Id: `q${index}`, MetricStat }));
      const input = { StartTime, EndTime: new Date(now * 1_000), MetricDataQueries };
      const counts: number[] = [];
      let NextToken: string | undefined;
      do {
        const page = await subject.cloudwatch.send(
          new GetMetricDataCommand({ ...input, ...(NextToken !== undefined && { NextToken }) }),
        );
        counts.push((page.MetricDataResults ?? []).reduce((sum, { Values = [] }) => sum + Values.length, 0));
        NextToken = page.NextToken;
      } while (NextToken !== undefined);
      assert.equal(
        counts.reduce((sum, count) => sum + count, 0),
        120_000,
      );
      assert.ok(Math.max(...counts) <= 100_800, `a page of ${Math.max(...counts)} data points`);
    },
  },
  {
    row: 'A8.get-metric-statistics',
    check: async (subject) => {
      const statistics = (hours: number) => {
        const EndTime = new Date(Math.floor(Date.now() / 60_000) * 60_000);
        return subject.cloudwatch.send(
          new GetMetricStatisticsCommand({
            Namespace,
            MetricName: 'm',
            StartTime: new Date(EndTime.getTime() - hours * hourMs),
            EndTime,
            Period: 60,
            Statistics: ['Sum'],
          }),
        );
      };
      await statistics(24);
      await assert.rejects(statistics(25), /./);
    },
  },
  {
    row: 'A8.put-metric-data',
    check: async (subject) => {
      const one = { MetricName: 'm', Value: 1 };
      await put(
        subject,
        Array.from({ length: 1_000 }, () => one),
      );
      await assert.rejects(
        put(
          subject,
          Array.from({ length: 1_001 }, () => one),
        ),
        /./,
      );
      const values = (count: number) => [
        { MetricName: 'v', Values: Array.from({ length: count }, (_, index) => index) },
      ];
      await put(subject, values(150));
      await assert.rejects(put(subject, values(151)), /./);
      const dimensions = (count: number) => [
        { ...one, Dimensions: Array.from({ length: count }, (_, index) => ({ Name: `d${index}`, Value: 'x' })) },
      ];
      await put(subject, dimensions(30));
      await assert.rejects(put(subject, dimensions(31)), /./);
    },
  },
  {
    row: 'A8.service-quotas-api',
    check: async (subject) => {
      const { Quota } = await subject.serviceQuotas.send(
        new GetServiceQuotaCommand({ ServiceCode: 'apigateway', QuotaCode: 'L-8A5B8E43' }),
      );
      const { QuotaCode, Value, Adjustable } = Quota ?? {};
      assert.deepEqual({ QuotaCode, Value, Adjustable }, { QuotaCode: 'L-8A5B8E43', Value: 10_000, Adjustable: true });
    },
  },
];
