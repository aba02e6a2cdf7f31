/** Every report that is produced validates against its published schema, which knows each of its fields. */
import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import { describe, expect, test } from 'vitest';
import { usEast1Prices } from '../../aws/prices.ts';
import { exampleDeployment, examplePlan } from '../../capacity/example-stack.fixture.ts';
import { quotasInForce } from '../../capacity/headroom/quotas.ts';
import type { Bottleneck } from '../../capacity/search/bottleneck.ts';
import { assumedServiceCosts } from '../../capacity/servers/service-costs.ts';
import { stormBasis } from '../../capacity/storm/from-quotas.ts';
import { simulateStorm } from '../../capacity/storm/simulate.ts';
import { compareSides, confidence, leastChange } from '../../reports/analysis/comparison/comparison.ts';
import { measuresOf } from '../../reports/analysis/comparison/measures.ts';
import { buildChooseReport } from '../../reports/choose/choose-report.ts';
import type { CompareReport } from '../../reports/document/compare-document.ts';
import { exampleObservation, histogramOfMs, lostEvent, seriesOf } from '../../reports/example-observation.fixture.ts';
import { exampleRun } from '../../reports/example-run.fixture.ts';
import { buildPlanReport } from '../../reports/plan-report.ts';
import { buildReport } from '../../reports/report.ts';
import { newSearch, type SearchRecord } from '../../run/search/search-folder.ts';
import { searchNumbers } from '../../run/search/search-report.ts';
import { assumedCoefficients } from '../../scenarios/reference/assumed-coefficients.ts';
import { schemaFiles } from './schema-files.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A field that the schema does not know is wrong here, though a later version may add some. */
function strict(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(strict);
  if (schema === null || typeof schema !== 'object') return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, strict(value)]));
  return schema.type === 'object' && schema.properties !== undefined && schema.additionalProperties === undefined
    ? { ...inner, additionalProperties: false }
    : inner;
}

const validators = new Map<string, ValidateFunction>();

/** Compiled once, and neither unrolled nor optimized: validating takes less time than compiling. */
function validatorOf(file: string): ValidateFunction {
  const known = validators.get(file);
  if (known !== undefined) return known;
  const schema = JSON.parse(readFileSync(new URL(`../../docs/schemas/${file}`, import.meta.url), 'utf8')) as Json;
  const ajv = new Ajv({ strict: false, allErrors: true, inlineRefs: false, code: { optimize: false } });
  const validate = ajv.compile(strict(schema) as object);
  validators.set(file, validate);
  return validate;
}

function problemsOf(file: string, value: unknown): string[] {
  const validate = validatorOf(file);
  // As it is read back from its file.
  validate(JSON.parse(JSON.stringify(value)));
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

const { client } = exampleObservation();
const slow = { ...client.steadyHistograms, roundTripMicros: histogramOfMs([[900, 600]]) };
const refused = seriesOf('local.quotaRefusals newConnections.sum', [[3, 40]]);
const endpoint = { ...exampleRun().target, kind: 'endpoint' as const, resources: null };
const model = {
  ...{ seed: 1, quotaScale: 1, timeScale: 1, webSocketIdleSeconds: 600, webSocketLifetimeSeconds: 7_200 },
  ...{ latencyProfile: { name: 'none', latencies: [] }, limits: [], faults: [] },
};
const runs = {
  ok: () => buildReport(exampleRun(), exampleObservation()),
  'SLO broken': () =>
    buildReport(exampleRun(), exampleObservation({ client: { steadyHistograms: slow }, series: [refused] })),
  invalid: () =>
    buildReport(
      exampleRun(),
      exampleObservation({ client: { events: lostEvent() }, totals: { eventsDelivered: 704 } }),
    ),
  partial: () => buildReport(exampleRun({ outcome: { kind: 'interrupted', signal: 'SIGINT' } }), null),
  'of an endpoint': () => buildReport(exampleRun({ target: endpoint }), exampleObservation()),
  'of a modelled target': () =>
    buildReport(exampleRun({ target: { ...exampleRun().target, model } }), exampleObservation()),
};

test.each(Object.entries(runs))('report.json of a run: %s', (_, report) => {
  expect(problemsOf(schemaFiles.Report.file, report())).toEqual([]);
});

const plan = (change: Partial<typeof examplePlan>) =>
  buildPlanReport({
    ...{ plan: { ...examplePlan, ...change }, coefficients: assumedCoefficients(), deployment: exampleDeployment },
    ...{ prices: usEast1Prices, loadlineVersion: '1.2.3', basis: [] },
  });
const plans = {
  'that lasts': {},
  'that runs out': { growthPerMonth: 0.05 },
  'that is exceeded': { users: 8_640_000 },
  'with a history': { growthHistory: [500, 520, 560, 580, 640] },
  'with a quota of 0': { quotas: { apiStages: 0, newConnections: 0 } },
};

test.each(Object.entries(plans))('plan.json of a plan %s', (_, change) => {
  expect(problemsOf(schemaFiles.PlanReport.file, plan(change))).toEqual([]);
});

const evidence = {
  ...{ generatorLimited: null, broken: ['Errors were 2%.'], brokenCodes: [], refusals: [], functions: [], queues: [] },
  ...{ roundTripP99Ms: 40, machineWaitShare: null },
};
const latencies = [{ id: 'roundTrip', name: 'round trip', p50Ms: 20, p99Ms: null, sloP99Ms: 500 }];
const trial = { purpose: 'ramp' as const, folder: 'trials/x', sentence: 'OK.', evidence, sustained: null, latencies };
const search: SearchRecord = {
  ...{ ...newSearch, searchId: 's', loadlineVersion: '1', target: { kind: 'local', region: 'us-east-1' } },
  ...{ scenario: 'messaging.yml', options: {}, variable: 'messages', settings: { start: 1, max: 100, width: 0.05 } },
  ...{ workload: exampleRun().workload, fixedConnectRate: false, slo: { roundTripP99Ms: 500 } },
  ...{ startedAt: '2026-11-21T18:07:26.000Z', outcome: 'found', lower: 10, upper: 20, bottleneck: null },
  trials: [
    { ...trial, load: 10, passed: true },
    { ...trial, load: 20, passed: false },
  ],
};
const bottlenecks: (Bottleneck | null)[] = [
  null,
  { kind: 'quota', quota: 'newConnections', scope: null, refusals: 25, refusalsBelow: 0, others: [], broken: [] },
  { kind: 'poller', queue: 'q', concurrency: 5, oldestAgeSeconds: null, broken: [] },
  { kind: 'handlerDuration', serves: 'message', function: 'f', p99Ms: 300, roundTripP99Ms: 400, broken: [] },
  { kind: 'unknown', broken: [] },
];

test.each(bottlenecks)('report.json of a search whose bottleneck is %j', (bottleneck) => {
  expect(problemsOf(schemaFiles.SearchReport.file, searchNumbers({ ...search, bottleneck }))).toEqual([]);
});

describe('storm.json', () => {
  const basis = stormBasis({
    ...{ deployment: exampleDeployment, quotas: quotasInForce(exampleDeployment, {}) },
    ...{ coefficients: assumedCoefficients(), warmEnvironments: 10, coldStartMs: 500, assumedMs: () => 20 },
  });
  const backOff = { jitter: 'full' as const, baseMs: 1_000, capMs: 5_000, maxAttempts: Number.POSITIVE_INFINITY };
  test.each([
    [
      'clients',
      {
        clients: {
          ...{ count: 50, lostOverMs: 0, backOff, timeoutMs: 10_000, networkMs: 50 },
          messagesAfterConnect: 0,
        },
      },
    ],
    ['fan-out', { fanOut: { tabs: 100, deadlineMs: 5_000, callMs: 10, callsAtOnce: null } }],
  ])('of %s', (_, part) => {
    const spec = {
      ...basis,
      seed: 1,
      horizonSeconds: 60,
      clients: null,
      webhooks: null,
      fanOut: null,
      downstream: null,
      ...part,
    };
    const cases = [
      {
        spec: { ...spec, queue: { ...basis.queue, partialBatches: true } },
        result: simulateStorm({ ...spec, queue: { ...basis.queue, partialBatches: true } }),
      },
    ];
    expect(problemsOf(schemaFiles.StormReport.file, { kind: 'simulated', notes: [], cases })).toEqual([]);
  });
});

test('compare.json: what is worse, what is as before, what is missing on a side', () => {
  const [before, after] = [runs.ok(), runs['SLO broken']()].map(measuresOf);
  const sides = [
    { name: 'main', runs: [before ?? [], before ?? []] },
    { name: 'branch', runs: [after ?? [], (after ?? []).filter(({ group }) => group === 'latency')] },
  ];
  const compared: CompareReport = {
    ...{ schemaVersion: 1, confidence, leastChange, regressions: ['roundTrip.p99'], exitCode: 1 },
    sides: sides.map(({ name }) => ({ name, runs: ['a', 'b'], leftOut: [{ folder: 'c', why: 'is invalid' }] })),
    comparisons: compareSides(sides),
    differences: [
      {
        side: 'branch',
        differences: [{ what: 'commit', weight: 'shown', field: '', before: 'abc', after: 'def' }],
      },
    ],
  };
  const verdicts = compared.comparisons.flatMap(({ rows }) => rows.map(({ verdict }) => verdict));
  expect(new Set(verdicts)).toEqual(new Set(['worse', 'same']));
  expect(problemsOf(schemaFiles.CompareReport.file, compared)).toEqual([]);
});

test.each([
  ['that holds', {}],
  ['that is exceeded', { users: 8_640_000 }],
  ['with quotas of 0', { quotas: { fargateVcpu: 0, accountConcurrency: 0 } }],
])('choose.json of a plan %s', (_, change) => {
  const stack = { coefficients: assumedCoefficients(), deployment: exampleDeployment };
  const size = {
    ...{ capacity: 'fargate' as const, cpuUnits: 1_024, memoryMb: 2_048, instanceType: 'c7g.large' },
    ...{ mostTasks: 10, leastTasks: 2, connectionsPerTask: 20_000, targetCpuPercent: 60 },
    bus: { nodeType: 'cache.t4g.micro', nodes: 2 },
  };
  const basis = { kind: 'assumed' as const };
  const ofFunctions = {
    compute: 'lambda',
    capacity: null,
    store: 'dynamodb',
    way: 'lambda',
    webhookApi: 'http',
  } as const;
  const ofService = {
    compute: 'server',
    capacity: 'fargate',
    store: 'dynamodb',
    way: null,
    webhookApi: null,
  } as const;
  const measured = {
    ...{
      runId: 'r',
      on: 'local' as const,
      verdict: 'ok' as const,
      connections: 1,
      messagesPerSecond: 1,
      webhooksPerSecond: 1,
    },
    ...{
      p99: {
        roundTrip: { ms: 1, interval95: { lowerMs: 1, upperMs: 2 } },
        webhook: null,
        delivery: { ms: 2, interval95: null },
      },
      taskCpuMsPerUnit: 0.1,
      functionMsPerUnit: null,
      functionMsPerMessage: null,
      connectionsPerGb: 9,
      isBalanced: true,
    },
    ...{ startedAt: '2026-11-27T10:00:00.000Z', loadlineVersion: '1.2.3', commit: 'abc' },
    machine: { cores: 2, memoryBytes: 8e9, platform: 'linux x64', nodeVersion: '24.0.0' },
    webhooks: { runId: 'r', acceptedPerSecond: 90, offeredPerSecond: 450, isLimit: true },
    profiled: {
      ...{ profileId: 'p', on: 'local' as const, baseBytes: 1e8, idleCpuMsPerSecond: 4 },
      bytesPerConnection: { value: 2e4, margin: 1e3 },
      cpuMs: {
        ...{ connect: { value: 1, margin: null }, message: { value: 0.1, margin: 0.01 } },
        ...{ webhook: { value: 2, margin: 0.1 }, push: null },
      },
    },
  };
  const report = buildChooseReport({
    ...{ plan: { ...examplePlan, ...change }, functions: stack, shared: stack, prices: usEast1Prices, size },
    ...{ costs: assumedServiceCosts, durationFactor: 2, loadlineVersion: '1.2.3', basis: [] },
    compared: ofFunctions,
    variants: [
      { kind: 'functions', name: ofFunctions, basis, functions: stack, measured: null },
      { kind: 'service', name: ofService, basis, size, shared: stack, measured },
    ],
    measurement: {
      ...{ startedAt: '2026-11-27T10:00:00.000Z', endedAt: '2026-11-27T10:09:00.000Z', busyShare: 0.1 },
      steps: [
        {
          ...{ variant: ofService, step: 'costs', seconds: 100 },
          result: { kind: 'measured', id: 'p', status: 'ok', sentence: '' },
        },
        { variant: ofFunctions, step: 'load', seconds: 3, result: { kind: 'failed', sentence: 'It ended.' } },
        { variant: ofFunctions, step: 'webhooks', seconds: 3, result: { kind: 'interrupted' } },
      ],
    },
  });
  expect(problemsOf(schemaFiles.ChooseReport.file, report)).toEqual([]);
});
