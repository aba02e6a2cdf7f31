/** A run whose target loses a part: a real local target, and a load that says what it is told to. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RunRecord } from '../record/run.ts';
import { exampleRun } from '../reports/example-run.fixture.ts';
import type { Report } from '../reports/report.ts';
import { parseSettings } from '../stack/settings/settings.ts';
import { type BenchmarkRequest, runBenchmark } from './benchmark.ts';
import type { LoadOutcome } from './load/load.ts';
import { packageRoot } from './package-root.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-benchmark-'));
  mkdirSync(join(folder, 'logs'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const settings = parseSettings();
const notStarted: Partial<RunRecord> = {
  ...{ settings, loadStartedAt: null, loadEndedAt: null, endedAt: null, outcome: { kind: 'running' } },
  target: { kind: 'local', region: 'us-east-1', webSocketUrl: null, webhookUrl: null, resources: null, model: null },
};

function run(applyLoad: NonNullable<BenchmarkRequest['applyLoad']>, signal = new AbortController().signal) {
  return runBenchmark({
    ...{ folder, fleets: 1, signal, applyLoad, scenarioFile: join(packageRoot, 'scenarios/sync.yml'), say: () => {} },
    run: exampleRun(notStarted),
    target: { kind: 'local', settings },
  });
}
const written = (): Report => JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));
const crashed: LoadOutcome = { kind: 'crashed', part: 'artillery', reason: 'everything failed' };

/** Ends or suspends a process of the target: 0 supervisor, 1 DynamoDB, 2 SQS, 3 gateway. */
const losing =
  (index: number, signal: NodeJS.Signals, outcome: LoadOutcome): NonNullable<BenchmarkRequest['applyLoad']> =>
  async ({ target: { description } }) => {
    const ids = description.kind === 'endpoint' ? [] : (description.processIds ?? []);
    process.kill(ids[index] ?? 0, signal);
    return outcome;
  };

describe('kill -9 of a part, whose consequence is seen first: the part is named', () => {
  test.each<[string, number, LoadOutcome]>([
    ['supervisor', 0, crashed],
    ['dynamodb', 1, crashed],
    ['sqs', 2, crashed],
    ['gateway', 3, crashed],
  ])('%s', async (name, index, outcome) => {
    const { run: ended, report } = await run(losing(index, 'SIGKILL', outcome));
    const reason = `The process ${name} of the local target ended by SIGKILL.`;
    expect(ended.outcome).toEqual({ kind: 'crashed', part: 'target', reason });
    expect(report.verdict).toMatchObject({ status: 'partial' });
    expect(report.verdict.reasons[0]?.sentence).toBe(`The target crashed: ${reason}`);
    expect(written()).toEqual(report);
  });
});

test('an interruption stays one, with a part suspended: a partial report, and nothing waits', async () => {
  const controller = new AbortController();
  const { run: ended, report } = await run(async (request) => {
    await losing(3, 'SIGSTOP', crashed)(request);
    controller.abort('SIGINT');
    return { kind: 'interrupted', signal: 'SIGINT' };
  }, controller.signal);
  expect(ended.outcome).toEqual({ kind: 'interrupted', signal: 'SIGINT' });
  expect(report.verdict).toMatchObject({
    status: 'partial',
    reasons: [{ code: 'interrupted' }, { code: 'noObservation' }],
  });
  expect(written()).toEqual(report);
});

test('an empty client.ndjson of an interrupted run: a partial report', async () => {
  const controller = new AbortController();
  const { run: ended, report } = await run(async () => {
    writeFileSync(join(folder, 'client.ndjson'), '');
    controller.abort('SIGTERM');
    return { kind: 'interrupted', signal: 'SIGTERM' };
  }, controller.signal);
  expect(ended.outcome).toEqual({ kind: 'interrupted', signal: 'SIGTERM' });
  expect(report.verdict.status).toBe('partial');
});

test('an error of our own stops the load, and the report says what it was', async () => {
  const controller = new AbortController();
  const { run: ended, report } = await run(async () => {
    controller.abort(new Error('Loadline failed unexpectedly (TypeError: x).'));
    return { kind: 'interrupted', signal: 'Error' };
  }, controller.signal);
  expect(ended.outcome).toMatchObject({ kind: 'crashed', part: 'loadline' });
  expect(report.verdict.reasons[0]?.sentence).toContain('Loadline itself failed: Loadline failed unexpectedly');
});
