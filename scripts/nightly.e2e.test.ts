/** A real night, as small as they come: one scenario for two seconds, and a plan. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openStore, readHistory } from '../history/history.ts';
import { descendantsOf, expectAllGone, startCommand } from './command.fixture.ts';

let folder = '';
const suite = `
entries:
  - name: messages
    kind: run
    scenario: messaging
    repeats: 1
    options: { connections: 10, connect-rate: 10, tabs-per-user: 1, message-rate: 20, steady: 6, drain: 5 }
  - name: plan
    kind: plan
`;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-night-'));
  mkdirSync(join(folder, 'temporary'));
  writeFileSync(join(folder, 'suite.yml'), suite);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const start = (...args: string[]) => startCommand(args, { folder, temporary: join(folder, 'temporary') });

test('a night is measured, written, and shown', async () => {
  const { code, stdout, stderr } = await start('nightly', 'suite.yml').ended;
  const { lines, skipped } = await readHistory(await openStore(join(folder, 'nightly', 'history'), {}));
  expect(skipped).toEqual([]);
  const messages = lines.filter(({ series }) => series.startsWith('messages.'));
  // A busy machine may have delayed the generator: then the night says so.
  const isValid = messages.every(({ invalid }) => invalid === null);
  expect(code, stdout + stderr).toBe(isValid ? 0 : 3);
  const value = (name: string) => messages.find(({ series }) => series === `messages.${name}`)?.value;
  // Exactly one invocation a message, whatever the machine does.
  expect(value('invocations-message')).toBe(1);
  expect(value('cpu')).toBeGreaterThan(0);
  expect(lines.filter(({ series }) => series.startsWith('plan.')).length).toBe(4);
  expect(stderr).toContain(`Written: ${lines.length} series to`);
  expect(stdout).toContain('not enough history: 1 of 11 runs');
  expect(readFileSync(join(folder, 'nightly', 'trend.html'), 'utf8')).toContain('invocations-message');
  const ack = async (series: string) => await start('ack', series, '--reason', 'expected').ended;
  const [unchanged, mistyped] = [await ack('plan.cost'), await ack('plan.cots')];
  expect([unchanged.code, unchanged.stderr]).toEqual([
    2,
    'plan.cost has no open regression: there is nothing to accept.\n',
  ]);
  expect([mistyped.code, mistyped.stderr]).toEqual([2, expect.stringContaining('Did you mean "plan.cost"?')]);
});

test('Ctrl-C ends the run under way, and writes what was measured', async () => {
  const { child, ended, saw } = start('nightly', 'suite.yml', '--history', 'interrupted');
  await saw('messages: run');
  const processes = [...descendantsOf(child.pid ?? 0).keys()];
  child.kill('SIGINT');
  const { code, stdout, stderr } = await ended;
  expect(code, stdout + stderr).toBe(130);
  await expectAllGone(processes);
  const { lines } = await readHistory(await openStore(join(folder, 'interrupted'), {}));
  expect(lines.map(({ series, value }) => [series, value])).toEqual([['messages.run', null]]);
  expect(lines[0]?.invalid).toBeTruthy();
  expect(readdirSync(join(folder, 'interrupted')).length).toBe(1);
});

test('a night that is killed leaves nothing running, and nothing half written', async () => {
  // Longer than anybody waits for it to end by itself.
  writeFileSync(join(folder, 'long.yml'), suite.replace('steady: 6', 'steady: 300'));
  const { child, ended, saw } = start('nightly', 'long.yml', '--history', 'killed');
  await saw('messages: run');
  await vi.waitFor(() => expect(descendantsOf(child.pid ?? 0).size).toBeGreaterThan(2), { timeout: 30_000 });
  const processes = [...descendantsOf(child.pid ?? 0).keys()];
  child.kill('SIGKILL');
  await ended;
  await expectAllGone(processes);
  expect(readdirSync(join(folder, 'killed'))).toEqual([]);
});
