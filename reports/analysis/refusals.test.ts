import { expect, test } from 'vitest';
import type { Series } from '../../record/observation.ts';
import { refusalsOf } from './refusals.ts';

const series = (key: string, ...values: number[]): Series => ({
  ...{ kind: 'series', key, namespace: 'n', metric: 'm', dimensions: {}, statistic: 'Sum', unit: 'Count' },
  periodSeconds: 1,
  points: [[100, values[0] ?? 0], ...values.slice(1).map((value, i): [number, number] => [101 + i, value])],
});
const server = (...all: Series[]) => ({ series: all }) as Parameters<typeof refusalsOf>[0];

test('a local target names each quota and what it belongs to; those that refused nothing are left out', () => {
  const refused = refusalsOf(
    server(
      series('local.quotaRefusals newConnections.sum', 1, 2),
      series('local.quotaRefusals webSocketApiThrottle abc123 $connect.sum', 40),
      series('local.quotaRefusals accountThrottle.sum', 0, 0),
      series('lambda.deliver.throttles.sum', 7),
    ),
  );
  expect(refused).toEqual([
    { quota: 'webSocketApiThrottle', scope: 'abc123 $connect', refusals: 40 },
    { quota: 'newConnections', scope: null, refusals: 3 },
  ]);
});

test('on AWS the throttles that services count stand in for the quotas', () => {
  const refused = refusalsOf(
    server(series('lambda.deliver.throttles.sum', 7, 1), series('dynamodb.table.writeThrottles.sum', 9)),
  );
  expect(refused).toEqual([
    { quota: 'dynamodbWriteThrottles', scope: null, refusals: 9 },
    { quota: 'lambdaThrottles', scope: 'deliver', refusals: 8 },
  ]);
});
