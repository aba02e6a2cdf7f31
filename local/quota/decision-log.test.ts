import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { MetricValue } from '../cloudwatch/store/metric-sink.ts';
import { openDecisionLog, withDecisions } from './decision-log.ts';
import { Refusals } from './refusals.ts';

test('refusals end up in the file, other metrics do not, and all metrics are passed on', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'loadline-decisions-'));
  const nowMs = () => 7_000;
  const log = openDecisionLog(folder, 1_000_000, nowMs);
  const passed: MetricValue[] = [];
  const sink = withDecisions({ put: (metric) => passed.push(metric) }, log);
  const refusals = new Refusals(nowMs);
  for (let index = 0; index < 3; index++) refusals.count('dynamodbTableWrite', 'Store');
  refusals.publish(sink);
  refusals.publish(sink);
  sink.put({ namespace: 'AWS/Lambda', name: 'Throttles', dimensions: {}, unit: 'Count', value: 9, timestampMs: 7_000 });
  await log.close();
  expect(readFileSync(join(folder, 'decisions.ndjson'), 'utf8')).toBe(
    '{"second":7,"quota":"dynamodbTableWrite","scope":"Store","refusals":3}\n',
  );
  expect(passed.map(({ value }) => value)).toEqual([3, 0, 9]);
  rmSync(folder, { recursive: true });
});

test('a missing folder loses the lines, and nothing else', async () => {
  const log = openDecisionLog(join(tmpdir(), 'loadline-no-such-folder', 'x'), 1_000, () => 0);
  new Refusals(() => 0).publish(log);
  await expect(log.close()).resolves.toBeUndefined();
});
