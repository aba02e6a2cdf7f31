import { expect, test } from 'vitest';
import { localTarget } from '../../metrics/target.fixture.ts';
import type { ConformanceCase } from './conformance-case.ts';
import type { Check, Row } from './row.ts';
import { runCases } from './run-cases.ts';
import type { TargetNeed } from './target-need.ts';
import type { TargetSource } from './targets.ts';

const row = (id: string, check: Check = { kind: 'both' }): Row => ({
  ...{ id, check, area: 'A1', row: id, expectation: 'it holds', source: 'guide', confidence: 'H' },
});
const passes = async () => {};

/** Targets that only record starts and stops. */
function targetSource(kind: TargetSource['kind'] = 'local') {
  const started: TargetNeed[] = [];
  let running = 0;
  const targets: TargetSource = {
    kind,
    close: async () => {},
    start: async (need) => {
      started.push(need);
      running += 1;
      return {
        description: { ...localTarget({ cloudwatch: 'http://127.0.0.1:1', sqs: 'http://127.0.0.1:1' }), kind },
        stop: async () => {
          running -= 1;
        },
      };
    },
  };
  return { targets, started, running: () => running };
}

const run = (cases: ConformanceCase[], targets: TargetSource, rows = cases.map(({ row: id }) => row(id))) =>
  runCases({ rows, cases, targets, slow: false }).then((results) => new Map(results.map((one) => [one.row, one])));

test('reports how each case ended', async () => {
  const { targets, running } = targetSource();
  const fails = async () => {
    throw new Error('expected 101,\n  got 403');
  };
  const results = await run(
    [
      { row: 'A1.good', check: passes },
      { row: 'A1.bad', check: fails },
      { row: 'A1.slow', slow: true, check: fails },
    ],
    targets,
  );
  expect(results.get('A1.good')).toMatchObject({ kind: 'passed' });
  expect(results.get('A1.bad')).toMatchObject({ kind: 'failed', reason: 'expected 101, got 403' });
  expect(results.get('A1.slow')).toMatchObject({ kind: 'notRun' });
  expect(running()).toBe(0);
});

test('cases with the same need share a target', async () => {
  const { targets, started } = targetSource();
  const limits = { accountThrottle: { ratePerSecond: 1, burst: 4 } };
  await run(
    [
      { row: 'A1.a', check: passes },
      { row: 'A1.b', target: { variant: 'main', limits }, check: passes },
      { row: 'A1.c', check: passes },
    ],
    targets,
  );
  expect(started).toEqual([{ variant: 'main' }, { variant: 'main', limits }]);
});

test('a case marked alone runs exclusively', async () => {
  const { targets } = targetSource();
  let atOnce = 0;
  const seen: number[] = [];
  const check = async () => {
    atOnce += 1;
    await new Promise((resolve) => setImmediate(resolve));
    seen.push(atOnce);
    atOnce -= 1;
  };
  await run(
    [
      { row: 'A1.alone', alone: true, check },
      { row: 'A1.a', check },
      { row: 'A1.b', check },
    ],
    targets,
  );
  expect(seen).toEqual([2, 1, 1]);
});

test('on AWS, cases about this machine or that need other limits are not run', async () => {
  const { targets, started } = targetSource('aws');
  const limits = { webSocketIdleMs: 1_000 };
  const results = await run(
    [
      { row: 'A1.here', check: passes },
      { row: 'A1.limits', target: { variant: 'main', limits }, check: passes },
    ],
    targets,
    [row('A1.here', { kind: 'localOnly', why: 'AWS hides it' }), row('A1.limits')],
  );
  expect(results.get('A1.here')).toEqual({ row: 'A1.here', kind: 'notRun', reason: 'AWS hides it' });
  expect(results.get('A1.limits')).toMatchObject({ kind: 'notRun', reason: "needs limits other than AWS's" });
  expect(started).toEqual([]);
});

test('a target that does not start fails its cases with the reason', async () => {
  const { targets } = targetSource();
  targets.start = async () => {
    throw new Error('no port');
  };
  const results = await run([{ row: 'A1.a', check: passes }], targets);
  expect(results.get('A1.a')).toMatchObject({ kind: 'failed', reason: 'no target: no port' });
});
