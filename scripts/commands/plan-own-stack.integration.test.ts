/** `loadline plan` for a stack that is not the reference stack: no load, no run. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PlanReport } from '../../reports/plan-report.ts';
import { commandLine } from '../command-line.fixture.ts';
import { writeRunFolder } from '../run-folder.fixture.ts';
import { defaultPlanText, makePlanFolder } from './plan-files.fixture.ts';

let folder: string;
beforeAll(() => {
  folder = makePlanFolder();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const plan = (...args: string[]) => commandLine(['plan', ...args], { folder });

describe('loadline plan of a stack of the user’s own', () => {
  const template = fileURLToPath(new URL('../../test/profile/chat.template.json', import.meta.url));
  const say = '{"action":"say"}';

  test('its template: rows by its own names, and what was not measured is unknown, in the first lines too', async () => {
    const { stdout } = await plan('--json', '--template', template, '--message', say);
    const report: PlanReport = JSON.parse(stdout);
    const names = report.headroom.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['WebSocket API stage throttle (Chat)', 'Lambda function timeout (Say)']),
    );
    expect(names.filter((name) => /deliver|ingest|webhook/i.test(name))).toEqual([]);
    const todayOf = (id: string) => report.headroom.find(({ quotaId }) => quotaId === id)?.today;
    expect(todayOf('accountInvocationRate')).toMatchObject({ kind: 'value' });
    expect(todayOf('accountConcurrency')).toMatchObject({ kind: 'unknown' });
    expect(report.summary.find(([name]) => name === 'Doubt')?.[1]).toContain('`loadline profile` measures it');
    // Messages that name no route of it.
    const { stdout: unclear } = await plan('--json', '--template', template, '--message', '{"action":"shout"}');
    expect(JSON.parse(unclear).basis).toContain('No route of Chat takes the message, and it has no $default.');
    const { stdout: none } = await plan('--json', '--template', template, '--message', say, '--run', 'none');
    expect(JSON.parse(none).basis[0]).toMatch(
      /^No run and no profile of the stack profile is used, as --run none asks:/,
    );
  });

  test('a URL alone: what API Gateway itself limits and costs', async () => {
    const url = 'wss://abc.execute-api.eu-west-1.amazonaws.com/prod';
    const report: PlanReport = JSON.parse((await plan('--json', '--url', url)).stdout);
    expect(report.headroom.some(({ quotaId }) => quotaId === 'newConnections')).toBe(true);
    expect(report.headroom.filter(({ quotaId }) => /^(lambda|dynamodb|sqs|function)/.test(quotaId))).toEqual([
      expect.objectContaining({ quotaId: 'functionMemory' }),
    ]);
    expect(report.basis.join()).toContain('the stack is in eu-west-1');
    writeRunFolder(join(folder, 'others'), '20261102T000000Z-0001', 'ok');
    const { code, stderr } = await plan('--url', url, '--run', 'others/20261102T000000Z-0001');
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/nothing is known of wss:\/\/abc\S+ that says whether it is the same one: name the stack/),
    ]);
  });

  test('all of it may stand in loadline.yml', async () => {
    const own = mkdtempSync(join(folder, 'own-'));
    writeFileSync(join(own, 'loadline.yml'), JSON.stringify({ template, message: say, plan: 'mine.yml' }));
    writeFileSync(join(own, 'mine.yml'), defaultPlanText.replace('users: 2000', 'users: 4000'));
    const { stdout } = await commandLine(['plan', '--json'], { folder: own });
    const report: PlanReport = JSON.parse(stdout);
    expect(report.plan.users).toBe(4_000);
    expect(report.headroom.map(({ name }) => name)).toContain('WebSocket API stage throttle (Chat)');
  });

  test.each([
    [['--settings', 'bad.yml'], '--settings are those of the reference stack, and the plan is for the stack profile'],
    [['--run', 'others/20261102T000000Z-0001'], 'is of another stack, which has no Door'],
    [['--stack', 'one'], '--stack chooses a stack of --app.'],
  ])('%j: exit code 2 and a sentence', async (args, sentence) => {
    writeRunFolder(join(folder, 'others'), '20261102T000000Z-0001', 'ok');
    const { code, stderr } = await plan('--template', template, ...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(sentence)]);
  });
});
