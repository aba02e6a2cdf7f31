/** `loadline plan` as a user meets it: no load, no run. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { parseHTML } from 'linkedom';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PlanReport } from '../../reports/plan-report.ts';
import { widthOf } from '../../reports/render/wrap.ts';
import { bytesOf } from '../../reports/what-if/signs.fixture.ts';
import { commandLine } from '../command-line.fixture.ts';
import { writeRunFolder } from '../run-folder.fixture.ts';
import { defaultPlanText, makePlanFolder } from './plan-files.fixture.ts';

let folder: string;
beforeAll(() => {
  folder = makePlanFolder();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const plan = (...args: string[]) => commandLine(['plan', ...args], { folder });

describe('loadline plan', () => {
  test('answers from the default plan, in text and in files, and says what it assumes', async () => {
    const { stdout } = await plan('--report', 'report');
    expect(stdout).toMatch(/^Binds {2}Webhook API stage throttle \(webhook\): /);
    expect(stdout).toContain('Recommendations\n  - ');
    expect(stdout).toContain('No run: coefficients of the reference stack are assumed');
    const report: PlanReport = JSON.parse(readFileSync(join(folder, 'report/plan.json'), 'utf8'));
    expect(report.schemaVersion).toBe(3);
    const { document } = parseHTML(readFileSync(join(folder, 'report/plan.html'), 'utf8'));
    expect([...document.querySelectorAll('h2')].map((each) => each.textContent)).toEqual([
      'Headroom',
      'Projection',
      'What if',
      'Cost',
      'Recommendations',
      'Assumptions',
    ]);
    // What stays as it is shares the last one.
    const acted = report.recommendations.filter(({ kind }) => kind !== 'keep');
    expect(document.querySelectorAll('.findings > li')).toHaveLength(acted.length + 1);
    expect(document.querySelectorAll('.tiles dt')).toHaveLength(5);
    expect(document.querySelector('main')?.textContent).not.toMatch(/NaN|undefined|\[object/);
    expect(readFileSync(join(folder, 'report/plan.md'), 'utf8')).toContain('## Recommendations');
  });

  test('on a terminal of 80 columns, and of 40, no line is wider, and the first lines say all of it', async () => {
    for (const columns of [80, 40]) {
      const { stdout } = await commandLine(['plan'], { folder, environment: { COLUMNS: String(columns) } });
      const lines = stdout.split('\n');
      expect(lines.filter((line) => widthOf(line) > columns)).toEqual([]);
      const head = lines.slice(0, lines.indexOf(''));
      for (const name of ['Binds', 'When', 'Do', 'Costs'])
        expect(head.some((line) => line.startsWith(`${name} `))).toBe(true);
    }
  });

  test('--free-tier takes off what AWS gives, and says so', async () => {
    const costOf = async (...args: string[]) =>
      (JSON.parse((await plan('--json', ...args)).stdout) as PlanReport).cost[0]?.cost;
    const [paid, free] = [await costOf(), await costOf('--free-tier')];
    expect((paid?.usdPerMonth ?? 0) - (free?.usdPerMonth ?? 0)).toBeGreaterThan(20);
    expect(free?.assumptions.join(' ')).toContain('less what AWS gives an account for nothing');
  });

  test('a channel to which the stack itself refuses to publish is said', async () => {
    const channels = (size: number) =>
      defaultPlanText
        .replace('users: 2000', 'users: 50000')
        .replace('rollout:', `channels: [{ size: ${size}, publishesPerMinute: 1 }]\nrollout:`);
    writeFileSync(join(folder, 'wide.yml'), channels(20_000));
    expect((await plan('wide.yml')).stdout).toContain(
      'The stack refuses publishes to more than 10,000 subscribers (setting userCaps.recipients), and the largest channel has up to 20,000',
    );
    writeFileSync(join(folder, 'narrow.yml'), channels(10_000));
    expect((await plan('narrow.yml')).stdout).not.toContain('userCaps');
  });

  test('a history of something else than the users is said', async () => {
    const history = 'growthHistory: [1000, 1010, 1020, 1030]\n';
    writeFileSync(join(folder, 'history.yml'), `${history}${defaultPlanText}`);
    const { basis }: PlanReport = JSON.parse((await plan('history.yml', '--json')).stdout);
    expect(basis[1]).toBe(
      "The last month of growthHistory has 1,030 users and the plan 2,000: only the history's growth is used.",
    );
  });

  test("--json with the account's own quotas: 50 executions leave less than 1,000 would", async () => {
    const { stdout } = await plan('--json', '--quotas', 'account.json');
    const report: PlanReport = JSON.parse(stdout);
    const row = report.headroom.find(({ code }) => code === 'L-B99A9384');
    expect(row).toMatchObject({ limit: 50 });
    expect(report.recommendations.find(({ code }) => code === 'L-B99A9384')).toMatchObject({
      kind: 'ask',
      present: 50,
    });
  });

  test('of several --quotas files the first that has a quota is used, as the assumptions list them', async () => {
    writeFileSync(join(folder, 'later.json'), JSON.stringify({ Quotas: [{ QuotaCode: 'L-B99A9384', Value: 70 }] }));
    const answer = async (...files: string[]): Promise<PlanReport> =>
      JSON.parse((await plan('--json', ...files.flatMap((file) => ['--quotas', file]))).stdout);
    const limitOf = ({ headroom }: PlanReport) => headroom.find(({ code }) => code === 'L-B99A9384')?.limit;
    const first = await answer('account.json', 'later.json');
    expect(limitOf(first)).toBe(50);
    expect(first.basis.join(' ')).toContain('account.json, later.json,');
    expect(limitOf(await answer('later.json', 'account.json'))).toBe(70);
  });

  test('the command that the page gives to be copied has its files as a shell reads them', async () => {
    writeFileSync(
      join(folder, "it's mine.yml"),
      'region: eu-west-1\nsqsPollerHour: { source: mine, date: 2026-11, tiers: [{ upTo: null, usd: 0.01 }] }\n',
    );
    const { code } = await plan('--run', 'none', '--prices', "it's mine.yml", '--report', 'quoted');
    expect(code).toBe(0);
    const { document } = parseHTML(readFileSync(join(folder, 'quoted/plan.html'), 'utf8'));
    const packed = document.querySelector('#what-if-data')?.textContent ?? '';
    const { asked } = JSON.parse(inflateRawSync(Buffer.from(bytesOf(packed))).toString());
    expect(asked).toBe(" --run none --prices 'it'\\''s mine.yml'");
  });

  test('an account’s list in Service Quotas’ units: a frame of 32 KB, a duration that is no rate', async () => {
    const { stdout } = await plan('--json', '--quotas', 'units.json');
    const report: PlanReport = JSON.parse(stdout);
    const row = (id: string) => report.headroom.find(({ quotaId }) => quotaId === id);
    expect(row('webSocketFrameBytes')).toMatchObject({ limit: 32_768, today: { utilisation: 256 / 32_768 } });
    expect(row('webSocketLifetime')).toMatchObject({ limit: 500, unit: 'connections/s' });
    expect(row('newConnections')).toMatchObject({ limit: 500, limitFrom: 'plan' });
  });

  test('a table that carries its peak does not bind first; one that is new may', async () => {
    writeFileSync(join(folder, 'new-table.yml'), `newTable: true\n${defaultPlanText}`);
    const [established, fresh] = [await plan('--json'), await plan('new-table.yml', '--json')];
    const bindingOf = (stdout: string) => (JSON.parse(stdout) as PlanReport).binding?.quotaId;
    expect(bindingOf(established.stdout)).toBe('httpApiThrottle');
    expect(bindingOf(fresh.stdout)).toBe('dynamodbOnDemandWrite');
  });

  test('arrivals, recovery, broadcasts and channels have a table of their own', async () => {
    const more = 'loginWindowSeconds: 600\nbroadcast: { deadlineSeconds: 5 }\n';
    writeFileSync(join(folder, 'show.yml'), `${more}${defaultPlanText}`);
    const { stdout } = await plan('show.yml');
    expect(stdout).toContain('Arrivals and fan-out today, each alone');
    expect(stdout).toMatch(/broadcast +200\/s/);
  });

  test('a run is used by its verdict: the newest valid one, or the one that is named, and --run none', async () => {
    const runs = join(folder, 'runs');
    try {
      writeRunFolder(runs, '20261101T000000Z-0001', 'ok');
      writeRunFolder(runs, '20261102T000000Z-0002', 'invalid');
      writeRunFolder(runs, '20261103T000000Z-0003', 'partial');
      const basis = async (...args: string[]) =>
        (JSON.parse((await plan('--json', ...args)).stdout) as PlanReport).basis[0];
      expect(await basis()).toBe(
        'Coefficients were measured by run 20261101T000000Z-0001 on a local target: its durations are this machine’s, not AWS’s. Newer runs that are not used: 20261103T000000Z-0003 is partial, 20261102T000000Z-0002 is invalid.',
      );
      expect(await basis('--run', 'runs/20261102T000000Z-0002')).toContain(
        'That run is invalid, so its coefficients may be wrong',
      );
      // The first lines do not say it without that.
      const { stdout } = await plan('--run', 'runs/20261102T000000Z-0002');
      expect(stdout).toMatch(/\nDoubt {2}That run is invalid, so its coefficients may be wrong/);
      expect((await plan()).stdout).not.toContain('Doubt');
      expect(await basis('--run', 'none')).toMatch(
        /^No run: coefficients of the reference stack are assumed .* Measure them with loadline run or loadline profile\.$/,
      );
    } finally {
      rmSync(runs, { recursive: true, force: true });
    }
  });

  test('a plan whose horizon is over is refused; what is for benchmarks only is not read', async () => {
    writeFileSync(
      join(folder, 'old.yml'),
      defaultPlanText.replaceAll(': 2026-', ': 2018-').replaceAll(': 2027-', ': 2019-'),
    );
    const old = await plan('old.yml');
    expect(old.code).toBe(2);
    expect(old.stderr).toMatch(
      /^old\.yml: asOf 2018-11-21 is too long ago: the horizon of 12 months ended on 2019-11-21\..*\n$/,
    );
    writeFileSync(
      join(folder, 'no-benchmark.yml'),
      defaultPlanText.replace('burstStartSeconds: 20', 'burstStartSeconds: 44'),
    );
    expect((await plan('no-benchmark.yml')).code).toBe(0);
  });

  test.each([
    [['--region', 'eu-west-1'], '--region is that of a stack of your own'],
    [['--message', 'x'], '--message is for an endpoint of your own'],
    [['nowhere.yml'], 'The usage plan nowhere.yml does not exist: name another file.'],
    [['bad.yml'], 'bad.yml:1:1: asOf is missing'],
    [['--quotas', 'text.json'], 'The list of quotas text.json is not JSON'],
    [['--quotas', 'other.json'], 'The list of quotas other.json is not valid'],
    [['--prices', 'bad.yml'], 'bad.yml:1:1: unknown key "users"'],
    [['--run', 'nowhere'], 'nowhere/run.json could not be read: it does not exist. Name another run with --run.'],
    [['--quota', 'L-0=1'], '--quota L-0: no quota has that code or id.'],
    [['--quota', 'L-B99A9385=1'], 'Did you mean "L-B99A9384" (Lambda concurrent executions)?'],
    [['--quotas', 'furlongs.json'], 'L-E11F7D5D has the unit "Furlongs", which cannot be converted to bytes.'],
    [['latin-1.yml'], 'The usage plan latin-1.yml is not UTF-8 text: save it as UTF-8.'],
    [['many.yml'], 'users: expected a number of at most 10000000000, found 1000000000000000.'],
    // 2,000 × 1.5^60 × 1 / 0.05
    [['forever.yml'], '0.5 a month for 60 months gives 1.5e+15 users, more than there are people'],
    [['--report', 'bad.yml/x'], 'the folder could not be created'],
  ])('%j: exit code 2 and a sentence', async (args, sentence) => {
    const { code, stdout, stderr } = await plan(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(sentence);
    expect(stderr).not.toContain('    at ');
  });
});
