import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { attributeBottleneck } from '../../capacity/search/bottleneck.ts';
import { referenceGraph } from '../../graph/reference.fixture.ts';
import type { Observation } from '../../record/observation.ts';
import { writeObservation } from '../../record/observation-file.ts';
import { exampleObservation, seriesOf } from '../../reports/example-observation.fixture.ts';
import type { Report } from '../../reports/report.ts';
import { clientThrottles, readEvidence } from './evidence.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-evidence-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Evidence of the example run, with more series and counts; the report only as far as it is looked at. */
async function evidenceOf(kind: 'local' | 'aws', observation: Observation) {
  await writeObservation(folder, observation);
  const report = {
    generator: null,
    verdict: { reasons: [{ code: 'slo.deliveryP99Ms', sentence: 'Delivery p99 was 2,100 ms.' }] },
    latency: [{ id: 'roundTrip', steady: { p99: { ms: 90 } } }],
    run: { target: { kind } },
  } as unknown as Report;
  return await readEvidence(folder, report, referenceGraph({ maximumConcurrency: 4 }));
}

const withSeries = (...series: ReturnType<typeof seriesOf>[]) => exampleObservation({ series });

describe('what a trial on AWS shows', () => {
  test('what broke, the functions as CloudWatch has them, and nothing that was not measured', async () => {
    const evidence = await evidenceOf('aws', withSeries(seriesOf('lambda.deliver.duration.avg', [[30, 10]])));
    expect(evidence).toMatchObject({
      broken: ['Delivery p99 was 2,100 ms.'],
      refusals: [],
      queues: [{ id: 'queue', function: 'deliver', pollerConcurrency: 4, oldestAgeSeconds: null, growing: false }],
      roundTripP99Ms: 90,
      machineWaitShare: null,
    });
    expect(evidence.functions.find(({ id }) => id === 'deliver')).toEqual({
      ...{ id: 'deliver', serves: 'queue' },
      maxConcurrency: 4,
      meanMs: 10,
      p99Ms: 25,
    });
  });

  test('throttles: those that services count, and the 429s that only the client sees', async () => {
    const evidence = await evidenceOf(
      'aws',
      exampleObservation({
        series: [seriesOf('lambda.connect.throttles.sum', [[3, 20]])],
        totals: { connectsThrottled: 300 },
      }),
    );
    expect(evidence.refusals).toEqual([
      { quota: 'lambdaThrottles', scope: 'connect', refusals: 20 },
      { quota: 'apiGatewayThrottles', scope: 'new connections', refusals: 300 },
    ]);
    expect(attributeBottleneck([evidence], [{ ...evidence, refusals: [] }])).toMatchObject({
      kind: 'quota',
      ...{ quota: 'apiGatewayThrottles', scope: 'new connections', refusals: 300 },
      refusalsBelow: 0,
    });
  });

  test('a queue that grows while every allowed batch is running points to the pollers', async () => {
    const growing = withSeries(
      // Minutes, as CloudWatch gives them: 5 messages in the first third of the steady state, 800 in the last.
      seriesOf('sqs.queue.visible.max', [
        [5, 5],
        [35, 300],
        [60, 800],
      ]),
      seriesOf('sqs.queue.oldestAgeSeconds.max', [[60, 31]]),
    );
    const evidence = await evidenceOf('aws', growing);
    expect(evidence.queues).toMatchObject([{ oldestAgeSeconds: 31, growing: true }]);
    expect(attributeBottleneck([evidence], [])).toMatchObject({
      kind: 'poller',
      oldestAgeSeconds: 31,
      broken: ['Delivery p99 was 2,100 ms.'],
    });
  });

  test('too few points of the queue to compare: unknown, and not taken for a bottleneck', async () => {
    const evidence = await evidenceOf('aws', withSeries(seriesOf('sqs.queue.visible.max', [[60, 800]])));
    expect(evidence.queues).toMatchObject([{ growing: null }]);
    expect(attributeBottleneck([evidence], []).kind).not.toBe('poller');
  });
});

test('on a local target the quotas name themselves: the client’s 429s are the same refusals, not more of them', async () => {
  const evidence = await evidenceOf('local', exampleObservation({ totals: { connectsThrottled: 300 } }));
  expect(evidence.refusals).toEqual([]);
});

test('refusals that the client never saw are left out', () => {
  expect(clientThrottles({ connectsThrottled: 0, webhooksThrottled: 2 })).toEqual([
    { quota: 'apiGatewayThrottles', scope: 'webhook posts', refusals: 2 },
  ]);
});
