import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { VariantName } from '../../capacity/servers/variants.ts';
import { exampleRun } from '../../reports/example-run.fixture.ts';
import { nameOfWay } from '../../scenarios/reference/variants.ts';
import { parseSettings } from '../../stack/settings/settings.ts';
import { CrashError } from '../errors.ts';
import { writeExampleFolder } from '../example-folder.fixture.ts';
import { newRunRecord } from '../request/run-record.ts';
import type { RunRequest } from '../request/run-request.ts';
import { type MeasureRequest, measureVariants, plannedSteps, type StepRequest } from './measure.ts';
import { variantsFolder } from './measured-variants.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'loadline-measure-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const settings = parseSettings();
const { workload, plan, scenario } = exampleRun();
const request: RunRequest = {
  ...{ scenarioFile: scenario, plan, settings, workload },
  target: { kind: 'local', settings, seed: 1 },
};
const functions = nameOfWay({ store: 'dynamodb', ingest: 'lambda', webhookApi: 'http' });
const mock = nameOfWay({ store: 'dynamodb', ingest: 'mock', webhookApi: 'rest' });
const forward = nameOfWay({ store: 'dynamodb', ingest: 'forward', webhookApi: 'http' });
const tasks = (capacity: 'fargate' | 'ec2'): VariantName => ({
  ...{ compute: 'server', capacity, store: 'dynamodb', way: null, webhookApi: null },
});
const variants = [functions, mock, forward, tasks('fargate'), tasks('ec2')];

const measuring = (change: Partial<MeasureRequest> = {}) => {
  const made: StepRequest[] = [];
  const result = measureVariants({
    ...{ request, variants, runs: join(root, 'runs'), profiles: join(root, 'profiles'), planFile: 'plan.yml' },
    ...{ again: false, signal: new AbortController().signal, onStep: () => {} },
    make: (step) => {
      made.push(step);
      return Promise.resolve({ id: `run-${made.length}`, status: 'ok', sentence: '' });
    },
    ...change,
  });
  return { made, result };
};
const shown = ({ variant, step }: Pick<StepRequest, 'variant' | 'step'>) => `${variant.compute} ${step}`;

test('each variant has the plan’s load, then webhooks alone; tasks have each kind of load by itself, once for Fargate and EC2', () => {
  const steps = plannedSteps({ request, variants });
  // Nobody has what a mock answers, and what webhooks would be forwarded to is not there.
  expect(steps.map(shown)).toEqual([
    ...['lambda load', 'lambda webhooks', 'server load', 'server webhooks', 'server costs'],
  ]);
  const [load, webhooks, , , costs] = steps;
  expect(load?.workload).toEqual(workload);
  expect(webhooks?.workload).toMatchObject({
    ...{ messageRatePerSecond: 0, burstRatePerSecond: 0, connections: 50 },
    webhookRatePerSecond: 10 * Math.max(workload.webhookRatePerSecond, workload.burstRatePerSecond),
  });
  expect(costs?.workload).toMatchObject({ connections: 100, messageRatePerSecond: 1_000, webhookRatePerSecond: 60 });
  expect(costs?.settings).toMatchObject({ compute: 'server' });
});

test('a plan without webhooks has no load of them', () => {
  const quiet = { ...workload, webhookRatePerSecond: 0, burstRatePerSecond: 0 };
  const steps = plannedSteps({ request: { ...request, workload: quiet }, variants: [functions] });
  expect(steps.map(shown)).toEqual(['lambda load']);
});

test('a step that fails does not end the others, and is said', async () => {
  const { result } = measuring({
    make: ({ step }) =>
      step === 'webhooks'
        ? Promise.reject(new CrashError('PostgreSQL is not there.'))
        : Promise.resolve({ id: 'x', status: 'invalid', sentence: 'The generator was the bottleneck.' }),
  });
  expect((await result).map(({ result: { kind } }) => kind)).toEqual([
    ...['measured', 'failed', 'measured', 'failed', 'measured'],
  ]);
});

test('an interruption ends it, and what was measured before is there', async () => {
  const interruption = new AbortController();
  let steps = 0;
  const { result } = measuring({
    signal: interruption.signal,
    make: () => {
      steps += 1;
      if (steps === 2) interruption.abort('SIGINT');
      return Promise.resolve({ id: 'x', status: 'ok', sentence: '' });
    },
  });
  expect((await result).map(({ result: { kind } }) => kind)).toEqual(['measured', 'interrupted']);
});

test('what was measured before with the same load, settings, version and machine is not made again, unless it is asked for', async () => {
  const runId = '20261121T100000Z-0001';
  const { target, outcome } = exampleRun();
  const describe = ({ settings: own, workload: load }: Pick<StepRequest, 'settings' | 'workload'>) => ({
    ...newRunRecord({ ...request, settings: own, workload: load }, { runId, planFile: 'plan.yml' }),
    commit: 'abc',
  });
  const run = { ...describe({ settings, workload }), target, outcome };
  await writeExampleFolder(join(root, 'runs', variantsFolder, runId), { run });
  const made = async (change: Partial<MeasureRequest>) => {
    const measured = measuring({ variants: [functions], describe, ...change });
    const [load] = await measured.result;
    return [load?.result.kind, measured.made.map(shown)];
  };
  const both = ['lambda load', 'lambda webhooks'];
  expect(await made({})).toEqual(['reused', ['lambda webhooks']]);
  expect(await made({ again: true })).toEqual(['measured', both]);
  const longer = { ...request, workload: { ...workload, steadySeconds: 61 } };
  expect(await made({ request: longer })).toEqual(['measured', both]);
  expect(await made({ describe: (step) => ({ ...describe(step), commit: 'def' }) })).toEqual(['measured', both]);
  // Files that differ from a commit may be any.
  const changed = { ...run, runId: '20261121T100000Z-0002', commit: 'abc+' };
  await writeExampleFolder(join(root, 'runs', variantsFolder, changed.runId), { run: changed });
  expect(await made({ describe: (step) => ({ ...describe(step), commit: 'abc+' }) })).toEqual(['measured', both]);
});
