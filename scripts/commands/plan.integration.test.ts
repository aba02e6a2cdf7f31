/** `loadline plan` as a user meets it: no load, no run. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PlanReport } from '../../reports/plan-report.ts';
import { commandLine } from '../command-line.fixture.ts';

let folder: string;
beforeAll(() => {
  // Without a runs/latest: coefficients are assumed.
  folder = mkdtempSync(join(tmpdir(), 'loadline-plan-command-'));
  writeFileSync(join(folder, 'bad.yml'), 'users: -5\n');
  writeFileSync(join(folder, 'text.json'), 'hello');
  writeFileSync(join(folder, 'other.json'), '{ "x": 1 }');
  writeFileSync(
    join(folder, 'account.json'),
    JSON.stringify({ Quotas: [{ QuotaCode: 'L-B99A9384', QuotaName: 'Concurrent executions', Value: 50 }] }),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const plan = (...args: string[]) => commandLine(['plan', ...args], { folder });

describe('loadline plan', () => {
  test('answers from the default plan, in text and in files, and says what it assumes', async () => {
    const { stdout } = await plan('--report', 'report');
    expect(stdout).toMatch(/^Modelled: /);
    expect(stdout).toContain('Recommendations\n  - ');
    expect(stdout).toContain('No run: coefficients are assumed');
    const report: PlanReport = JSON.parse(readFileSync(join(folder, 'report/plan.json'), 'utf8'));
    expect(report.schemaVersion).toBe(2);
    const { document } = parseHTML(readFileSync(join(folder, 'report/plan.html'), 'utf8'));
    expect([...document.querySelectorAll('h2')].map((each) => each.textContent)).toEqual([
      'Headroom',
      'Projection',
      'Cost',
      'Recommendations',
      'Assumptions',
    ]);
    expect(document.querySelectorAll('#table-recommendations tbody tr')).toHaveLength(report.recommendations.length);
    expect(document.body.textContent).not.toMatch(/NaN|undefined|\[object/);
    expect(readFileSync(join(folder, 'report/plan.md'), 'utf8')).toContain('## Recommendations');
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

  test.each([
    [['nowhere.yml'], 'The usage plan nowhere.yml does not exist: name another file.'],
    [['bad.yml'], 'bad.yml:1:1: asOf is missing'],
    [['--quotas', 'text.json'], 'The list of quotas text.json is not JSON'],
    [['--quotas', 'other.json'], 'The list of quotas other.json is not valid'],
    [['--prices', 'bad.yml'], 'bad.yml:1:1: unknown key "users"'],
    [['--run', 'nowhere'], 'nowhere/run.json could not be read: it does not exist. Name another run with --run.'],
    [['--quota', 'L-0=1'], '--quota L-0: no quota has that code or id.'],
    [['--report', 'bad.yml/x'], 'the folder could not be created'],
  ])('%j: exit code 2 and a sentence', async (args, sentence) => {
    const { code, stdout, stderr } = await plan(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(sentence);
    expect(stderr).not.toContain('    at ');
  });
});
