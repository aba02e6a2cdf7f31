import { expect, test } from 'vitest';
import { referenceGraph } from '../../../graph/reference.fixture.ts';
import { exampleObservation } from '../../example-observation.fixture.ts';
import { exampleRun } from '../../example-run.fixture.ts';
import { buildReport } from '../../report.ts';
import { deliveryStages } from './delivery-stages.ts';

const report = buildReport(exampleRun(), exampleObservation());

test('from the post to the push: accepted, the parts on the way in their order, delivered', () => {
  const use = {
    ...{ webSocketApis: [], tables: [], databases: [] },
    httpApis: [{ id: 'webhook', requests: 758, clientErrors: 0, serverErrors: 0, p99Ms: 31 }],
    functions: ['deliver', 'ingest', 'message'].map((id) => ({
      ...{ id, causes: [], invocations: 100, errors: 0, throttles: 0, meanMs: 10, p99Ms: 25, maxConcurrency: 2 },
    })),
    queues: [{ id: 'queue', sent: 750, received: 750, deleted: 750, mostVisible: 12, oldestSeconds: 2 }],
  };
  const stages = deliveryStages(report.latency, use, referenceGraph());
  expect(stages.map(({ kind, id }) => [kind, id])).toEqual([
    ['accepted', null],
    ['api', 'webhook'],
    ['function', 'ingest'],
    ['queue', 'queue'],
    ['consumer', 'deliver'],
    ['delivered', null],
  ]);
  expect(stages[3]).toMatchObject({ maxMs: 2_000, meanMs: null });
  expect(Math.round(stages.at(-1)?.p99Ms ?? 0)).toBe(180);
});

test('from outside only both ends are known; without deliveries there are none', () => {
  expect(deliveryStages(report.latency, null, referenceGraph()).map(({ kind }) => kind)).toEqual([
    'accepted',
    'delivered',
  ]);
  expect(deliveryStages([], report.resources, referenceGraph())).toEqual([]);
});
