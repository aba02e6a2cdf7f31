import { expect, test } from 'vitest';
import type { LocalModel, RunRecord } from '../../record/run.ts';
import { exampleObservation } from '../../reports/example-observation.fixture.ts';
import { exampleRun } from '../../reports/example-run.fixture.ts';
import { buildReport } from '../../reports/report.ts';
import { sustainedBy } from './lent-burst.ts';
import { variedWorkload } from './varied-workload.ts';

/** A local target at a tenth of AWS's size, with limits of its own. */
function runWith(limits: LocalModel['limits']): RunRecord {
  const { target } = exampleRun();
  const model: LocalModel = {
    ...{ seed: 1, quotaScale: 0.1, timeScale: 1, webSocketIdleSeconds: 600, webSocketLifetimeSeconds: 7_200 },
    ...{ latencyProfile: { name: 'none', latencies: [] }, limits, faults: [] },
  };
  return exampleRun({ target: { ...target, model } });
}

const sustained = (run: RunRecord, variable: 'connections' | 'messages', load: number) =>
  sustainedBy(buildReport(run, exampleObservation()), {
    run,
    load,
    workloadAt: (at) => variedWorkload(run.workload, { variable, load: at, fixedConnectRate: false }),
  });

test('a limit that was set: 110 connections in a ramp of 5 s are 22/s, and 20/s open 100', () => {
  const limit = { name: 'newConnections.ratePerSecond', value: 20, byDefault: 50 };
  const found = sustained(runWith([limit]), 'connections', 110);
  expect(found).toMatchObject({ kind: 'less', quota: 'newConnections', ratePerSecond: 20 });
  expect(found.kind === 'less' && found.load).toBeCloseTo(100, 9);
  expect(sustained(runWith([{ ...limit, value: 30 }]), 'connections', 110)).toEqual({ kind: 'same' });
});

test('the stack’s own throttle at the target’s scale: 5,000/s are 500/s, a ramp before it does not count', () => {
  const found = sustained(runWith([]), 'messages', 510);
  expect(found).toMatchObject({ kind: 'less', quota: 'webSocketApiThrottle', ratePerSecond: 500 });
  expect(found.kind === 'less' && found.load).toBeCloseTo(500, 0);
});

test('the table’s write units count as well: 2 a connect, 22 connects/s of 40 units/s', () => {
  const limits = [
    { name: 'newConnections.ratePerSecond', value: 30, byDefault: 50 },
    { name: 'dynamodbOnDemandWrite.ratePerSecond', value: 40, byDefault: 400 },
  ];
  const found = sustained(runWith(limits), 'connections', 110);
  expect(found).toMatchObject({ kind: 'less', quota: 'dynamodbOnDemandWrite', demandPerSecond: 44 });
  expect(found.kind === 'less' && found.load).toBeCloseTo(100, 9);
});

test('an invalid trial’s coefficients are none', () => {
  const run = runWith([]);
  const report = { ...buildReport(run, exampleObservation()), coefficients: null };
  expect(sustainedBy(report, { run, load: 1, workloadAt: () => run.workload }).kind).toBe('unknown');
});
