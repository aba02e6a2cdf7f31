/** What a run or a profile measured of tabs that poll is what later plans and choices go by: they name it, and their numbers follow it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadKinds } from '../../capacity/demand/coefficients.ts';
import { askedCosts } from '../../capacity/profile/asked-costs.ts';
import type { UnitCost } from '../../capacity/profile/unit-cost.ts';
import { type RecordedFigure, writeProfile } from '../../record/profile.ts';
import { modelledParts } from '../../reports/analysis/model/modelled.ts';
import type { ChooseReport } from '../../reports/choose/choose-report.ts';
import { exampleObservation, seriesOf } from '../../reports/example-observation.fixture.ts';
import { exampleRun } from '../../reports/example-run.fixture.ts';
import type { PlanReport } from '../../reports/plan-report.ts';
import { exampleProfile } from '../../run/example-profile.fixture.ts';
import { referenceDeployment } from '../../scenarios/reference/deployment.ts';
import { commandLine } from '../../scripts/command-line.fixture.ts';
import { writeRunFolder } from '../../scripts/run-folder.fixture.ts';
import { parseSettings } from '../../stack/settings/settings.ts';

const settings = parseSettings({ fallback: {} });
const deployment = referenceDeployment(settings, settings.region);
const settingsFile = 'fallback.yml';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-fallback-'));
  writeFileSync(join(folder, settingsFile), 'fallback: {}\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** As `loadline run fallback` leaves it: 100 reads of the stage and 200 polls, each answered in so many ms. */
function writeRun(runId: string, answerMs: number): void {
  const run = exampleRun({ runId, deployment, settings });
  const asks = { stageReadsSent: 100, stageReadsAnswered: 100, pollsSent: 200, pollsAnswered: 200 };
  const observation = exampleObservation({
    totals: asks,
    series: [
      seriesOf('lambda.fallback.invocations.sum', [[30, 300]]),
      seriesOf('lambda.fallback.duration.avg.window', [[0, answerMs]]),
      seriesOf('lambda.fallback.duration.p99.window', [[0, 3 * answerMs]]),
    ],
  });
  const { coefficients } = modelledParts(run, run.plan, deployment, observation);
  writeRunFolder(join(folder, 'runs'), runId, 'ok', { run, ...(coefficients && { coefficients }) });
}

/** As `loadline profile` leaves it, with one unit or ms of everything else. */
async function writeProfiled(profileId: string, answerMs: number): Promise<void> {
  const use = new Map([
    ['lambda.fallback.invocations', 300],
    ['lambda.fallback.durationMs', 300 * answerMs],
    ['dynamodb.table.readUnits', 100],
  ]);
  const asked = askedCosts({ whole: { units: {}, asks: { polls: 200, stageReads: 100 }, use }, batches: [] });
  const one: UnitCost = { kind: 'value', value: 1, margin: null, units: 100 };
  const ofLoad = Object.fromEntries(loadKinds.map((kind) => [kind, one]));
  const figure = (key: `${RecordedFigure['service']}.${string}.${string}`): RecordedFigure => {
    const [service, resource = '', name = ''] = key.split('.');
    const costs = { ...(resource === 'fallback' ? {} : ofLoad), ...asked.get(key) };
    return { service: serviceOf(service), resource, figure: name, costs, mixed: null };
  };
  const functions = deployment.functions.map(({ id }) => id);
  const directory = join(folder, 'profiles', profileId);
  mkdirSync(directory, { recursive: true });
  await writeProfile(
    directory,
    exampleProfile(['ok'], {
      ...{ profileId, deployment, settings },
      figures: [
        ...functions.flatMap((id) => [figure(`lambda.${id}.invocations`), figure(`lambda.${id}.durationMs`)]),
        ...[figure('dynamodb.table.readUnits'), figure('dynamodb.table.writeUnits'), figure('sqs.queue.sent')],
        figure('apigateway.websocket.messages'),
      ],
      functions: functions.map((id) => ({ id, p99Ms: 30 })),
    }),
  );
}

const services: readonly RecordedFigure['service'][] = ['apigateway', 'lambda', 'sqs', 'sns', 'dynamodb', 'ecs'];
function serviceOf(name: string | undefined): RecordedFigure['service'] {
  const service = services.find((each) => each === name);
  if (service === undefined) throw new Error(`There is no service ${name}.`);
  return service;
}

async function answers() {
  const of = async (command: string): Promise<unknown> => {
    const { code, stdout, stderr } = await commandLine([command, '--settings', settingsFile, '--json'], { folder });
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  };
  // The cast: what the command prints as JSON is its report.
  const [plan, choice] = [(await of('plan')) as PlanReport, (await of('choose')) as ChooseReport];
  const everybody = plan.fallback?.occasions.find(({ kind }) => kind === 'everybodyPolls');
  if (everybody?.executions.kind !== 'value') throw new Error('It is not known what polls take.');
  const [day] = choice.days;
  return {
    basis: [plan.basis, choice.basis].map((each) => each.join('\n')),
    executions: everybody.executions.value,
    requestsPerSecond: everybody.requestsPerSecond,
    usdPerMonth: day?.functions.usdPerMonth ?? Number.NaN,
  };
}

test('before anything is measured both say that durations are assumed', async () => {
  const { basis } = await answers();
  for (const each of basis) {
    expect(each).toContain('No run: coefficients of the reference stack are assumed');
    expect(each).toContain(
      'The fallback’s answers are assumed to take 5 ms about the stage and 20 ms with events: nothing that is used here had polls',
    );
  }
});

const measure = {
  run: async (id: string, ms: number) => writeRun(id, ms),
  profile: writeProfiled,
};
test.each(['run', 'profile'] as const)('what the newest %s measured is used, and named', async (kind) => {
  await measure[kind]('20261101T000000Z-0001', 3);
  const first = await answers();
  await measure[kind]('20261102T000000Z-0002', 30);
  const second = await answers();
  for (const [n, { basis }] of [first, second].entries())
    for (const each of basis) {
      const id = `2026110${n + 1}T000000Z-000${n + 1}`;
      expect(each).toContain(`Coefficients were measured by ${kind} ${id}`);
      expect(each).toContain(`What the fallback’s answers cost was measured, by what is named above: ${[3, 30][n]} ms`);
      expect(each).toContain(
        kind === 'run' ? '300 invocations over 300 requests of tabs' : `profile ${id}, over 300 units`,
      );
      expect(each).not.toContain('are assumed to take');
    }
  // All requests of a run are alike: executions are requests/s × what each takes.
  expect(first.executions).toBeCloseTo(first.requestsPerSecond * 0.003, 9);
  expect(second.executions).toBeCloseTo(second.requestsPerSecond * 0.03, 9);
  expect(second.usdPerMonth).toBeGreaterThan(first.usdPerMonth);
});
