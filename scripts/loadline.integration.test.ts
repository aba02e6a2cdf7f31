/** The command as a user meets it, once: real processes, the real local target, Artillery. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Report } from '../reports/report.ts';
import { descendantsOf, expectAllGone, startCommand } from './command.fixture.ts';
import { commandLine } from './command-line.fixture.ts';

let folder: string;
/** The commands' own folder for temporary files: nothing may be left in it. */
let temporary: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-command-'));
  temporary = mkdtempSync(join(tmpdir(), 'loadline-temporary-'));
});
afterEach(() => {
  const left = readdirSync(temporary);
  rmSync(folder, { recursive: true, force: true });
  rmSync(temporary, { recursive: true, force: true });
  expect(left).toEqual([]);
});

/** Whether the load was fast enough depends on the machine: the possible verdicts of a completed run, with their exit codes. */
const judged = { ok: 0, sloBroken: 1, invalid: 3 };

test('a run ends with a verdict, a balanced ledger and nothing left running, and is reported again from its folder', {
  timeout: 180_000,
}, async () => {
  const { child, ended } = startCommand(
    [
      ...[
        'run',
        '--connections',
        '10',
        '--connect-rate',
        '20',
        '--steady',
        '2',
        '--drain',
        '60',
        '--message-rate',
        '10',
      ],
      ...[
        '--webhook-rate',
        '5',
        '--burst-rate',
        '10',
        '--burst-seconds',
        '1',
        '--burst-start',
        '1',
        '--timeout',
        '60',
        '--json',
      ],
    ],
    { folder, temporary },
  );
  // Supervisor, DynamoDB, SQS, gateway, Artillery.
  const processes = () => descendantsOf(child.pid ?? 0);
  await expect.poll(() => processes().size, { timeout: 50_000 }).toBeGreaterThanOrEqual(5);
  const started = processes();
  const { code, stdout, stderr } = await ended;
  const conclusion: { status: keyof typeof judged; exitCode: number; folder: string } = JSON.parse(stdout);
  expect(conclusion.exitCode, stderr).toBe(judged[conclusion.status]);
  expect(code).toBe(conclusion.exitCode);
  await expectAllGone(started.keys());

  const read = (): Report => JSON.parse(readFileSync(join(folder, 'runs', 'latest', 'report.json'), 'utf8'));
  const report = read();
  const { ledger } = report;
  expect(ledger?.events).toMatchObject({ lost: 0, confirmed: true, deadLettered: 0 });
  // 2 s at 5/s, 1 of them at 10/s instead.
  expect(ledger?.events.accepted).toBe(15);
  expect(ledger?.messages.outcomes).toMatchObject({ answered: 20 });
  expect(ledger?.pushes.delivered).toBe(ledger?.pushes.expected);

  for (const name of ['report.json', 'report.md', 'report.html', 'junit.xml', 'observation.json'])
    rmSync(join(folder, 'runs', 'latest', name));
  expect(await commandLine(['report'], { folder })).toMatchObject({ code: 0, stderr: '' });
  expect(read()).toEqual(report);
});

test('bad usage: the process ends with exit code 2 and a sentence on stderr', async () => {
  const { code, stdout, stderr } = await startCommand(['bogus'], { folder, temporary }).ended;
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain("unknown command 'bogus'");
});
