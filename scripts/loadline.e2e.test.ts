/** The command when a part of it ends early: real processes, the real local target, real signals. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { targetSchema } from '../record/target.ts';
import type { Report } from '../reports/report.ts';
import { descendantsOf, type Ended, expectAllGone, startCommand } from './command.fixture.ts';

const smallRun = [
  'run',
  ...['--connections', '40', '--connect-rate', '40', '--steady', '8', '--message-rate', '20', '--webhook-rate', '5'],
  ...['--burst-rate', '20', '--burst-seconds', '2', '--burst-start', '2'],
];

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

const start = (args: string[]) => startCommand(args, { folder, temporary });

/** Waits until the run's load is under way: answers of three seconds are on disk. */
async function untilUnderLoad(): Promise<void> {
  const answered = () => {
    try {
      return (
        readFileSync(join(folder, 'runs', 'latest', 'client.ndjson'), 'utf8').split('"messagesAnswered"').length - 1
      );
    } catch {
      return 0;
    }
  };
  await expect.poll(answered, { timeout: 180_000 }).toBeGreaterThanOrEqual(3);
}

const loadline = (...args: string[]): Promise<Ended> => start(args).ended;

const reportOf = (run = 'latest'): Report => JSON.parse(readFileSync(join(folder, 'runs', run, 'report.json'), 'utf8'));

describe('loadline run', () => {
  test('kill -9 of the target in mid-run: exit code 4, a partial report, nothing left running', async () => {
    const { child, ended } = start(smallRun);
    await untilUnderLoad();
    const processes = descendantsOf(child.pid ?? 0);
    const [target] = [...processes].find(([, commandLine]) => commandLine.includes('supervisor.main')) ?? [0];
    process.kill(target, 'SIGKILL');
    const { code, stdout } = await ended;
    expect(code).toBe(4);
    expect(stdout).toContain('The target crashed');
    expect(reportOf().verdict.status).toBe('partial');
    await expectAllGone(processes.keys());
  });

  test('Ctrl-C: exit code 130, a partial report with CloudWatch in it, nothing left running; and again from the folder', async () => {
    const { child, ended } = start(smallRun);
    await untilUnderLoad();
    const processes = descendantsOf(child.pid ?? 0);
    child.kill('SIGINT');
    const { code } = await ended;
    expect(code).toBe(130);
    await expectAllGone(processes.keys());
    const report = reportOf();
    expect(report.verdict).toMatchObject({ status: 'partial', reasons: [{ code: 'interrupted' }] });
    expect(report.ledger?.messages.outcomes.answered).toBeGreaterThan(0);

    for (const name of ['report.json', 'report.md', 'report.html', 'junit.xml', 'observation.json'])
      rmSync(join(folder, 'runs', 'latest', name));
    const again = await loadline('report', 'runs/latest');
    expect(again.code).toBe(0);
    expect(reportOf()).toEqual(report);
  });

  test('kill -9 of Artillery: exit code 4, and it is named', async () => {
    const { child, ended } = start(smallRun);
    await untilUnderLoad();
    const processes = descendantsOf(child.pid ?? 0);
    const [artillery] = [...processes].find(([, commandLine]) => commandLine.includes('artillery/bin/run')) ?? [0];
    process.kill(artillery, 'SIGKILL');
    const { code, stdout } = await ended;
    expect(code).toBe(4);
    expect(stdout).toContain('Artillery crashed: Artillery was terminated by SIGKILL');
    expect(reportOf().verdict.status).toBe('partial');
    await expectAllGone(processes.keys());
  });

  test('DynamoDB suspended in mid-run: the run ends with exit code 4, names it, and leaves nothing running', async () => {
    const { child, ended } = start([...smallRun, '--timeout', '2', '--drain', '1']);
    await untilUnderLoad();
    const processes = descendantsOf(child.pid ?? 0);
    const [dynamodb] = [...processes].find(([, commandLine]) => commandLine.includes('dynamodb.main')) ?? [0];
    process.kill(dynamodb, 'SIGSTOP');
    const { code, stdout, stderr } = await ended;
    expect(code).toBe(4);
    expect(stdout).toContain('The target crashed: dynamodb of the local target does not answer');
    expect(stderr).toContain('dynamodb of the local target did not end, and had to be killed.');
    expect(reportOf().verdict.status).toBe('partial');
    await expectAllGone(processes.keys());
  });

  test('a second Ctrl-C ends at once with exit code 130, and nothing is left, not even what is suspended', async () => {
    const { child, ended, saw } = start(smallRun);
    await untilUnderLoad();
    const processes = descendantsOf(child.pid ?? 0);
    for (const [processId, commandLine] of processes)
      if (/artillery\/bin\/run|supervisor\.main|sqs\.main/.test(commandLine)) process.kill(processId, 'SIGSTOP');
    child.kill('SIGINT');
    await saw('Interrupt again to stop immediately.');
    // Within half a second it would be the same Ctrl-C, and without a second one the run would end by itself after the grace periods.
    await sleep(700);
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    await expectAllGone(processes.keys());
  });

  test('Ctrl-C before the target is up: exit code 130 and a report', async () => {
    const { child, ended, saw } = start(smallRun);
    await saw('Starting the target');
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    expect(reportOf().verdict).toMatchObject({ status: 'partial', reasons: [{ code: 'interrupted' }, {}] });
  });

  test('a disk that is full in mid-run: exit code 4, one sentence, and the load stops', async ({ skip }) => {
    const small = join(folder, 'small');
    mkdirSync(small);
    try {
      execFileSync('/usr/bin/env', ['mount', '-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', small], { stdio: 'ignore' });
    } catch {
      skip('Only root may mount a small file system.');
    }
    try {
      const { child, ended } = start([...smallRun, '--runs', small, '--steady', '600']);
      const records = join(small, 'latest', 'client.ndjson');
      await expect.poll(() => existsSync(records), { timeout: 120_000 }).toBe(true);
      const processes = descendantsOf(child.pid ?? 0);
      // Whatever is left.
      try {
        writeFileSync(join(small, 'filler'), Buffer.alloc(4 * 1_048_576));
      } catch {
        // Full.
      }
      const { code, stdout, stderr } = await ended;
      expect(code).toBe(4);
      expect(stdout).toContain('The run could not be recorded: ');
      expect(stdout).toContain('the disk is full');
      // Nothing is named that is not there.
      const named = stdout.split('\n').filter((line) => line.startsWith(small) && line.endsWith('.html'));
      expect(named.filter((path) => !existsSync(path))).toEqual([]);
      expect(`${stdout}${stderr}`).not.toMatch(/\n {4}at /);
      await expectAllGone(processes.keys());
    } finally {
      execFileSync('/usr/bin/env', ['umount', '-l', small]);
    }
  });

  test('kill -9 of the command itself leaves nothing running, and what was measured can be reported', async () => {
    const { child, ended } = start(smallRun);
    await untilUnderLoad();
    const processes = descendantsOf(child.pid ?? 0);
    child.kill('SIGKILL');
    await ended;
    await expectAllGone(processes.keys());
    expect((await loadline('report')).code).toBe(0);
    const report = reportOf();
    expect(report.verdict.status).toBe('partial');
    expect(report.ledger?.messages.outcomes.answered).toBeGreaterThan(0);
  });
});

describe('loadline local', () => {
  test('prints what any client needs, answers it, and SIGTERM ends it with everything it started', async () => {
    const { child, ended, saw } = start(['local', '--json']);
    await saw('}\n');
    const processes = descendantsOf(child.pid ?? 0);
    const port = await (async () => {
      const { code, stdout } = await loadline('token', 'u-2', '--url');
      expect(code).toBe(0);
      expect(await pingOver(stdout.trim())).toBe('{"type":"pong","id":"1"}');
      return Number(new URL(stdout.trim()).port);
    })();
    const taken = await loadline('local', '--gateway-port', String(port));
    expect(taken.code).toBe(2);
    expect(taken.stderr).toContain(`Port ${port} on 127.0.0.1 is taken. Choose another for --gateway-port`);

    child.kill('SIGTERM');
    const { code, stdout } = await ended;
    expect(code).toBe(0);
    expect(targetSchema.parse(JSON.parse(stdout)).kind).toBe('local');
    await expectAllGone(processes.keys());
    const afterwards = await loadline('token', 'u-2');
    expect(afterwards.code).toBe(2);
    expect(afterwards.stderr).toContain('No local target is up');
  });
});

async function pingOver(url: string): Promise<string> {
  const socket = new WebSocket(url);
  try {
    return await new Promise((resolve, reject) => {
      socket.on('open', () => socket.send('{"action":"ping","id":"1"}'));
      socket.on('message', (frame) => resolve(String(frame)));
      socket.on('error', reject);
    });
  } finally {
    socket.close();
  }
}
