import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Coefficients } from '../../capacity/demand/coefficients.ts';
import type { ChooseReport } from '../../reports/choose/choose-report.ts';
import { exampleRun } from '../../reports/example-run.fixture.ts';
import { writeExampleFolder } from '../../run/example-folder.fixture.ts';
import { defaultPlan } from '../options/plan-option.ts';
import type { Terminal } from '../terminal.ts';
import { type ChooseOptions, choose } from './choose.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-choose-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const fileOf = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
/** The example plan with some of its lines replaced. */
function planWith(lines: Record<string, string>): string {
  const text = readFileSync(defaultPlan, 'utf8').replaceAll(/^(\w+):.*$/gm, (line, key) =>
    lines[key] === undefined ? line : `${key}: ${lines[key]}`,
  );
  return fileOf(`plan-${Object.keys(lines).join('-')}.yml`, text);
}

async function answerOf(options: Partial<ChooseOptions>, plan: string = defaultPlan): Promise<string> {
  const printed: string[] = [];
  // The cast: choose prints, and asks for the width.
  const terminal = { columns: 220, print: (text: string) => printed.push(text) } as unknown as Terminal;
  const folders = { runs: join(folder, 'no-runs'), profiles: join(folder, 'no-profiles') };
  await choose(plan, { run: 'none', ...folders, ...options }, terminal);
  return printed.join('\n');
}
const reportOf = async (options: Partial<ChooseOptions> = {}, plan?: string): Promise<ChooseReport> =>
  JSON.parse(await answerOf({ ...options, json: true }, plan));

it('answers for the example plan: both variants today and at each stage, and one crossover with its interval', async () => {
  const report = await reportOf();
  const [today, ...later] = report.days;
  expect(later.map(({ stage }) => stage)).toHaveLength(4);
  expect(today?.connections).toBe(1_000);
  expect(today?.service.demand).toMatchObject({ binding: 'availability', tasks: 2 });
  // Two tasks, a load balancer and a bus cost about as much as functions for a third of the plan's users.
  expect(report.today).toBe('service');
  expect(report.crossovers).toHaveLength(1);
  const [crossover] = report.crossovers;
  expect(crossover?.cheaperBeyond).toBe('service');
  expect(crossover?.interval.from).toBeLessThan(crossover?.connections ?? 0);
  expect(crossover?.interval.to).toBeGreaterThan(crossover?.connections ?? 0);
  // A new account has six vCPU of Fargate.
  const everybody = later.find(({ stage }) => stage === 'everybody');
  expect(everybody?.service.exceeded.map(({ quotaId }) => quotaId)).toEqual(['fargateVcpu']);
});

it('has a page whose first sentence begins with its own first word', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'loadline-choose-'));
  try {
    await answerOf({ report: folder });
    expect(readFileSync(join(folder, 'choose.html'), 'utf8')).toContain(
      '<strong>Today</strong>, at 1,000 connections, a service of tasks costs less',
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('says what binds in each variant, and what each fails at', async () => {
  const text = await answerOf({});
  for (const part of [
    'a service of tasks costs less',
    'Webhook API stage throttle',
    '2 tasks, by one that may be gone',
    'Functions, PostgreSQL, ingest lambda, HTTP API',
    'Service of tasks, Fargate, PostgreSQL',
    'Service of tasks, EC2, PostgreSQL',
    'No variant has a valid run in runs/',
    'What functions fail at',
    'What a service of tasks fails at',
    'What changing later costs',
  ])
    expect(text).toContain(part);
});

describe('what holds', () => {
  it('is judged by one rule for both: at 300 times the users neither does before limits are raised', async () => {
    const plan = planWith({ users: '600000' });
    const report = await reportOf({}, plan);
    const [day] = report.days;
    expect([day?.functions.state, day?.service.state]).toEqual(['onceRaised', 'onceRaised']);
    const vcpu = day?.service.exceeded.find(({ quotaId }) => quotaId === 'fargateVcpu');
    expect(vcpu).toMatchObject({ code: 'L-3032A538', limit: 6, remedy: { kind: 'raise' } });
    expect(vcpu?.needed).toBe((day?.service.demand.tasks ?? 0) * 2);
    expect(report.sentence).toContain('Neither holds as it is: functions do once');
    expect(report.sentence).toContain('the service once ECS CPU of tasks');
    // The sentence, the table of days and that of the variants say the same.
    const [variant] = report.variants;
    expect(variant?.sizes[0]?.hold.state).toBe('onceRaised');
    expect(await answerOf({}, plan)).toMatch(/2026-11-21 .*holds once raised .*holds once raised/);
  });

  it('is what the account has: its vCPU of Fargate, by code or by id', async () => {
    const atStage = async (quotas: string) => {
      const { days } = await reportOf({}, planWith({ quotas }));
      return days.find(({ stage }) => stage === 'everybody')?.service.state;
    };
    expect(await atStage('{}')).toBe('onceRaised');
    expect(await atStage('{ L-3032A538: 100 }')).toBe('holds');
    expect(await atStage('{ fargateVcpu: 100 }')).toBe('holds');
  });

  it('is not said of instances on which not one task has room', async () => {
    const server = '{ capacity: ec2, instanceType: c7g.medium, cpuUnits: 4096, memoryMb: 30720 }';
    const settings = fileOf('small.yml', `compute: server\nserver: ${server}\n`);
    await expect(reportOf({ settings })).rejects.toThrow(
      'server.instanceType c7g.medium has no room for a task of 4096 CPU units and 30720 MB',
    );
  });
});

describe('what a run measured', () => {
  it('on this machine is no duration of AWS: it is named, and its interval is as wide as that of assumptions', async () => {
    const run = join(folder, 'local-run');
    const { report: written } = await writeExampleFolder(run);
    expect(written.coefficients?.from).toBe('local');
    const report = await reportOf({ run });
    expect(report.basis[0]).toContain(exampleRun().runId);
    expect(report.basis[0]).toContain('its durations are this machine’s, not AWS’s');
    const path = join(run, 'report.json');
    const text = readFileSync(path, 'utf8');
    const onAws: { coefficients: Coefficients } = JSON.parse(text);
    onAws.coefficients.from = 'aws';
    writeFileSync(path, JSON.stringify(onAws));
    rmSync(join(run, 'digests.json'));
    const measured = await reportOf({ run });
    const widthOf = ({ crossovers: [found] }: ChooseReport) => (found?.interval.to ?? 0) - (found?.interval.from ?? 0);
    expect(widthOf(report)).toBeGreaterThan(widthOf(measured));
  });

  it('leaves out of a bill what it did not measure, and says so', async () => {
    const run = join(folder, 'unknown-run');
    await writeExampleFolder(run);
    const path = join(run, 'report.json');
    const report = JSON.parse(readFileSync(path, 'utf8'));
    const unknown = { kind: 'unknown', unit: 's', reason: 'It was not measured.' };
    report.coefficients.functions.message.busySeconds = { message: unknown };
    report.coefficients.pushBytes = { ...unknown, unit: 'bytes' };
    writeFileSync(path, JSON.stringify(report));
    rmSync(join(run, 'digests.json'));
    const answer = await reportOf({ run });
    const [day] = answer.days;
    expect(day?.functions.unknown).toContain('Lambda duration');
    expect(day?.unknownInBoth).toContain('Data transfer out');
    expect(day?.service.cost.unknown).toEqual(day?.unknownInBoth);
    expect(answer.sentence).toContain('Not known, and left out of the functions’ bill');
    for (const { without } of answer.crossovers) expect(without).toContain('Lambda duration');
    expect(await answerOf({ run })).toContain('and unknown parts');
  });
});
