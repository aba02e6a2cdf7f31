/** Artillery beside its target: whichever ends first decides, and the other is stopped. */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RunningTarget } from '../target/running-target.ts';
import type { ArtilleryProcess } from './artillery.ts';
import { superviseLoad } from './load.ts';

let folder: string;
let log: string;
/** Grace periods with which Artillery was stopped. */
let stops: number[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-supervision-'));
  log = join(folder, 'artillery.log');
  stops = [];
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

const never = new Promise<never>(() => {});

interface LoadEndings {
  artillery?: ArtilleryProcess['ended'];
  target?: RunningTarget['ended'];
  signal?: AbortSignal;
  records?: string;
}
const supervise = ({
  artillery = never,
  target = never,
  signal = new AbortController().signal,
  records,
}: LoadEndings) =>
  superviseLoad({
    artillery: {
      ended: artillery,
      stop: async (graceMs) => {
        stops.push(graceMs);
      },
    },
    target: {
      description: { kind: 'endpoint' } as RunningTarget['description'],
      webSocketIdleSeconds: Number.POSITIVE_INFINITY,
      ended: target,
      stop: async () => [],
    },
    signal,
    limitSeconds: 100,
    graceMs: 3_000,
    log,
    ...(records !== undefined && { records }),
  });
const ended = (code: number | null, signal: NodeJS.Signals | null = null) => Promise.resolve({ code, signal });

test('Artillery that ends with 0 has completed the load', async () => {
  expect(await supervise({ artillery: ended(0) })).toEqual({ kind: 'completed' });
});

test.each([
  [
    "the engine's own sentence",
    'Artillery v2\nloadline: fleet.feed: x.csv could not be read.\nat x\n',
    'Artillery exited with code 4: fleet.feed: x.csv could not be read. (see logs/artillery.log)',
  ],
  [
    'its last three lines',
    'one\ntwo\nthree\nfour\n',
    'Artillery exited with code 4: two three four (see logs/artillery.log)',
  ],
  ['where to look, without any', '', 'Artillery exited with code 4 (see logs/artillery.log)'],
])('the reason of an Artillery error is %s', async (_what, text, reason) => {
  writeFileSync(log, text);
  expect(await supervise({ artillery: ended(4) })).toEqual({ kind: 'crashed', part: 'artillery', reason });
});

test.each([
  'No connection to ws://127.0.0.1:9/ could be opened: 5 of 5 failed, the last with HTTP 403. The target does not accept the token.',
  'The target is gone: all 5 connections to ws://127.0.0.1:9/ were closed. Check whether it crashed.',
])('a target that cannot be loaded is no crash of Artillery: %s', async (reason) => {
  writeFileSync(log, `Artillery v2\nloadline: ${reason}\nat x\n`);
  expect(await supervise({ artillery: ended(4) })).toEqual({ kind: 'crashed', part: 'connection', reason });
});

test('Artillery terminated by a signal is a crash that names the signal', async () => {
  const outcome = await supervise({ artillery: ended(null, 'SIGKILL') });
  expect(outcome).toMatchObject({ part: 'artillery', reason: expect.stringContaining('was terminated by SIGKILL') });
});

test('a target that ends first is the crashed part, and Artillery gets no grace period', async () => {
  const outcome = await supervise({ target: Promise.resolve({ reason: 'the gateway ended with SIGKILL' }) });
  expect(outcome).toEqual({ kind: 'crashed', part: 'target', reason: 'the gateway ended with SIGKILL' });
  expect(stops).toEqual([500]);
});

test.each(['before', 'during'])(
  'a signal %s the load interrupts it, and Artillery gets its grace period',
  async (when) => {
    const controller = new AbortController();
    if (when === 'before') controller.abort('SIGINT');
    const outcome = supervise({ signal: controller.signal });
    controller.abort('SIGINT');
    expect(await outcome).toEqual({ kind: 'interrupted', signal: 'SIGINT' });
    expect(stops).toEqual([3_000]);
  },
);

test('Artillery that has begun to record and then records nothing for a minute is stopped, long before the end of its load', async () => {
  vi.useFakeTimers();
  const records = join(folder, 'client.ndjson');
  const outcome = supervise({ records });
  // Nothing yet: it may be starting.
  await vi.advanceTimersByTimeAsync(20_000);
  writeFileSync(records, '{}\n');
  await vi.advanceTimersByTimeAsync(5_000);
  appendFileSync(records, '{}\n');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(stops).toEqual([]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await outcome).toEqual({
    kind: 'crashed',
    part: 'artillery',
    reason: 'Artillery recorded nothing for 60 s, as if it had been suspended, and was stopped.',
  });
  expect(stops).toEqual([3_000]);
});

test('Artillery that does not end in time is stopped', async () => {
  vi.useFakeTimers();
  const outcome = supervise({});
  await vi.advanceTimersByTimeAsync(100_000);
  expect(await outcome).toEqual({
    kind: 'crashed',
    part: 'artillery',
    reason: 'Artillery did not end within 100 s and was stopped.',
  });
  expect(stops).toEqual([3_000]);
});
