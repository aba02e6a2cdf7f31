import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { runFleet } from '../src/core/fleet.ts';
import type { ClientRecord } from '../src/records.ts';
import { addUp, balance, balanced, fleetSpec, meanMicros, quantileMicros } from './totals.ts';

let child: ChildProcess | null = null;
afterEach(() => {
  child?.kill('SIGKILL');
});

async function startTarget(): Promise<{ process: ChildProcess; webSocketUrl: string; webhookUrl: string }> {
  const started = spawn(process.execPath, [fileURLToPath(new URL('./fake-target.main.ts', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child = started;
  const line = await new Promise<string>((resolve) => started.stdout.once('data', (chunk) => resolve(String(chunk))));
  return { process: started, ...(JSON.parse(line) as { webSocketUrl: string; webhookUrl: string }) };
}

test('a target that stands still for 1 s of 5 shows in mean, p90 and p99 as arithmetic says', async () => {
  const target = await startTarget();
  const records: ClientRecord[] = [];
  const load = {
    connections: 20,
    messageRatePerSecond: 200,
    webhookRatePerSecond: 100,
    steadySeconds: 5,
    timeoutSeconds: 5,
  };
  let stoodStillMs = 0;
  const stop = setTimeout(() => {
    const from = performance.now();
    target.process.kill('SIGSTOP');
    setTimeout(() => {
      target.process.kill('SIGCONT');
      stoodStillMs = performance.now() - from;
    }, 1_000);
  }, 2_000);
  await runFleet(fleetSpec(target, load), { onRecord: (r) => records.push(r), signal: new AbortController().signal });
  clearTimeout(stop);
  const totals = addUp(records);
  expect(balance(totals)).toEqual(balanced);
  // A fifth of the sends fall into the stop and wait for what is left of it: evenly from 0 to 1 s.
  const stopMs = stoodStillMs;
  for (const name of ['roundTripMicros', 'webhookMicros'] as const) {
    const counts = totals.histograms[name];
    const expectMs = (actualMicros: number, expectedMs: number) => {
      expect(actualMicros / 1_000, name).toBeGreaterThan(expectedMs * 0.97);
      // What queued up during the stop takes the target a while to work off.
      expect(actualMicros / 1_000, name).toBeLessThan(expectedMs * 1.03 + 60);
    };
    expectMs(meanMicros(counts), (stopMs / 5_000) * (stopMs / 2));
    // The slowest 10% of all are the longer half of those in the stop; the slowest 1% its longest twentieth.
    expectMs(quantileMicros(counts, 0.9), stopMs - 500);
    expectMs(quantileMicros(counts, 0.99), stopMs - 50);
  }
}, 30_000);
