import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import type { SetFault } from '../interference/faults.ts';
import type { StubBehaviour } from '../testing/stub-part.main.ts';
import { isAlive } from '../testing/tiny-target.ts';
import { type PartDescription, SpawnedPart } from './spawned-part.ts';

let parts: SpawnedPart<unknown>[] = [];

function start(configuration: StubBehaviour, more: Partial<PartDescription<StubBehaviour>> = {}) {
  const part = new SpawnedPart<{ behaviour: StubBehaviour }>({
    name: 'stub',
    entry: 'testing/stub-part.main',
    configuration,
    logFolder: null,
    ...more,
  });
  parts.push(part);
  return part;
}
afterEach(async () => {
  await Promise.all(parts.map((part) => part.stop()));
  parts = [];
});

test('reports when it is ready, and ends when asked to', async () => {
  const part = start('serves');
  expect(await part.ready).toEqual({ behaviour: 'serves' });
  await Promise.all([part.stop(), part.stop()]);
  expect(await part.exited).toEqual({ code: 0, reason: 'stub was stopped.' });
  expect(isAlive(part.pid)).toBe(false);
});

test('kill -9 is its reason', async () => {
  const part = start('serves');
  await part.ready;
  process.kill(part.pid, 'SIGKILL');
  expect(await part.exited).toEqual({
    code: null,
    reason: 'The process stub of the local target ended by SIGKILL.',
  });
});

test.each([
  ['fails', 'The stub refuses to start.'],
  ['exits', 'The process stub of the local target ended with exit code 3. Its last words: last words'],
] as const)('one that %s before it is ready rejects with the reason', async (behaviour, reason) => {
  const part = start(behaviour);
  await expect(part.ready).rejects.toThrow(reason);
  expect(await part.exited).toMatchObject({ reason });
});

test('a port in use is reported as data, in both promises', async () => {
  const part = start('portTaken');
  await expect(part.ready).rejects.toMatchObject({
    kind: 'portInUse',
    port: 8080,
    which: 'sqs',
    message: 'Port 8080 on 127.0.0.1 is taken. Choose another for ports.sqs, or 0 to have a free one chosen.',
  });
  expect(await part.exited).toMatchObject({ port: { kind: 'portInUse', port: 8080, which: 'sqs' } });
});

test('one that is stopped before it is ready ends too', async () => {
  const part = start('neverReady');
  await part.stop();
  await expect(part.ready).rejects.toThrow('stub was stopped.');
});

test('faults reach it, and faults that it wants propagated reach the parent', async () => {
  const spread = vi.fn();
  const part = start('serves', { onSpreadFaults: spread });
  await part.ready;
  const fault = { name: 'slow', kind: 'latency' } as SetFault;
  await part.setFaults([fault]);
  expect(spread).toHaveBeenCalledExactlyOnceWith([fault]);
});

test('one that is suspended is silent, is killed when it is to end, and named', async () => {
  const killed: string[] = [];
  const part = start('serves', { killAfterMs: 100, onKilled: (name) => killed.push(name) });
  await part.ready;
  expect(await part.silentParts(30_000)).toEqual([]);
  process.kill(part.pid, 'SIGSTOP');
  expect(await part.silentParts(100)).toEqual(['stub']);
  await part.stop();
  expect(killed).toEqual(['stub']);
  expect(isAlive(part.pid)).toBe(false);
  // It is not silent but gone.
  expect(await part.silentParts(30_000)).toEqual([]);
});

test('one that is not ready in time is killed, and says so', async () => {
  const part = start('neverReady', { startLimitMs: 1_000 });
  await expect(part.ready).rejects.toThrow('The process stub of the local target did not start within 1 s.');
  await part.exited;
  expect(isAlive(part.pid)).toBe(false);
});

test('its failure is known before its own children have ended', async () => {
  const part = start('fails');
  expect(await part.failed).toEqual({ code: null, reason: 'The stub refuses to start.', port: undefined });
});

test('a log that cannot be written is no reason to end, or to wait', async () => {
  const part = start('serves', { logFolder: '/proc/nowhere' });
  expect(await part.ready).toEqual({ behaviour: 'serves' });
  await part.stop();
  expect(await part.exited).toMatchObject({ code: 0 });
});

test('its group ends with this process, suspended or not', async () => {
  const script = `
    const { SpawnedPart } = await import(${JSON.stringify(import.meta.resolve('./spawned-part.ts'))});
    const part = new SpawnedPart({ name: 'stub', entry: 'testing/stub-part.main', configuration: 'serves', logFolder: null, detached: true });
    await part.ready;
    process.kill(part.pid, 'SIGSTOP');
    console.log(part.pid);
    process.stdin.once('data', () => process.exit(130));
  `;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await once(parent.stdout, 'data');
  const pid = Number(line);
  expect(isAlive(pid)).toBe(true);
  parent.stdin.write('end');
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), 20_000);
});

test('its output is in its log once it has ended', async () => {
  const logFolder = mkdtempSync(join(tmpdir(), 'loadline-part-'));
  await start('exits', { logFolder }).exited;
  expect(readFileSync(join(logFolder, 'stub.log'), 'utf8')).toBe('first line\nlast words\n');
  rmSync(logFolder, { recursive: true });
});

test('it ends when its parent is killed', async () => {
  const script = `
    const { SpawnedPart } = await import(${JSON.stringify(import.meta.resolve('./spawned-part.ts'))});
    const part = new SpawnedPart({ name: 'stub', entry: 'testing/stub-part.main', configuration: 'serves', logFolder: null });
    await part.ready;
    console.log(part.pid);
  `;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(parent.stdout, 'data');
  const pid = Number(line);
  expect(isAlive(pid)).toBe(true);
  parent.kill('SIGKILL');
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), 20_000);
});
