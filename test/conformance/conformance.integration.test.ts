import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cases } from './cases/index.ts';
import { readFacts } from './read-rows.ts';
import { type CaseResult, runCases } from './run-cases.ts';
import { localTargets, type TargetSource } from './targets.ts';

/** Slow cases run in the command and in CI. */
const fast = cases.filter(({ slow }) => !slow);

describe('conformance, on this machine', () => {
  let targets: TargetSource;
  let results: ReadonlyMap<string, CaseResult>;
  beforeAll(async () => {
    targets = await localTargets();
    const { rows } = readFacts();
    const list = await runCases({ rows, cases: fast, targets, slow: false });
    results = new Map(list.map((result) => [result.row, result]));
  }, 300_000);
  afterAll(() => targets.close());

  // One run, many cases at once; here each gets its name.
  test.each(fast.map(({ row }) => row))('%s', (row) => {
    expect(results.get(row)).toEqual({ row, kind: 'passed', tookMs: expect.any(Number) });
  });
});
