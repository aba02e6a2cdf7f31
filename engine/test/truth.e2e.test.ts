import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { runFleet } from '../src/core/fleet/fleet.ts';
import type { ClientRecord } from '../src/records.ts';
import type { Answer } from './fake-target.main.ts';
import { addUp, balance, balanced, countOf, fleetSpec, meanMicros, quantileMicros } from './totals.ts';

let child: ChildProcess | null = null;
afterEach(() => {
  child?.kill('SIGKILL');
});

async function startTarget(): Promise<{ process: ChildProcess; webSocketUrl: string; webhookUrl: string }> {
  const started = fork(fileURLToPath(new URL('./fake-target.main.ts', import.meta.url)));
  child = started;
  const [urls] = (await once(started, 'message')) as [{ webSocketUrl: string; webhookUrl: string }];
  return { process: started, ...urls };
}

const ratePerSecond = { ping: 200, post: 100 };
const stopMs = 1_000;
const lastsMs = 5_000;

/**
 * Message n was due at start + n / rate, and the target records when it answered it: the latency is known without the client. The start is
 * that of the message answered soonest after it was due.
 */
function tookMs(answers: readonly Answer[], kind: Answer['kind']): number[] {
  const sinceStart = answers
    .filter((answer) => answer.kind === kind)
    .map(({ id, atMs }) => atMs - (Number.parseInt(id.split('-').at(-1) ?? '', 36) * 1_000) / ratePerSecond[kind])
    .toSorted((a, b) => a - b);
  return sinceStart.map((ms) => ms - (sinceStart[0] ?? 0));
}

test('a target that stands still for 1 s of 5 shows in mean, p90 and p99 with at least the values of its own clock', async () => {
  const target = await startTarget();
  const records: ClientRecord[] = [];
  const load = {
    connections: 20,
    messageRatePerSecond: ratePerSecond.ping,
    webhookRatePerSecond: ratePerSecond.post,
    steadySeconds: lastsMs / 1_000,
    timeoutSeconds: 30,
    drainSeconds: 30,
  };
  let stopping: Promise<void> | null = null;
  const stop = async () => {
    target.process.kill('SIGSTOP');
    await sleep(stopMs);
    target.process.kill('SIGCONT');
  };
  const onRecord = (record: ClientRecord) => {
    records.push(record);
    if (record.phase === 'steady') stopping ??= stop();
  };
  await runFleet(fleetSpec(target, load), { onRecord, signal: new AbortController().signal });
  await stopping;
  target.process.send('answers');
  const [answers] = (await once(target.process, 'message')) as [Answer[]];
  const totals = addUp(records);
  expect(balance(totals)).toEqual(balanced);
  for (const [kind, name] of [
    ['ping', 'roundTripMicros'],
    ['post', 'webhookMicros'],
  ] as const) {
    const counts = totals.histograms[name];
    const truth = tookMs(answers, kind);
    expect(countOf(counts), name).toBe(truth.length);
    const quantile = (q: number) => truth[Math.ceil(q * truth.length) - 1] ?? Number.NaN;
    const mean = truth.reduce((sum, ms) => sum + ms, 0) / truth.length;
    // A busy machine only adds to it. How much the client adds is measured by `npm run bench:truth`, next to other generators.
    const expectMs = (actualMicros: number, expectedMs: number) =>
      expect(actualMicros / 1_000, name).toBeGreaterThan(expectedMs * 0.98);
    expectMs(meanMicros(counts), mean);
    expectMs(quantileMicros(counts, 0.9), quantile(0.9));
    expectMs(quantileMicros(counts, 0.99), quantile(0.99));
    // And the target's own clock agrees with arithmetic: a fifth of the sends wait for the rest of the stop, uniformly from 0 to 1 s.
    expect(mean).toBeGreaterThan(((stopMs / lastsMs) * stopMs) / 2 - 5);
    expect(quantile(0.99)).toBeGreaterThan(stopMs - 60);
  }
}, 30_000);
