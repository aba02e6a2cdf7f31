import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { counterNames } from '../../engine/src/records.ts';
import type { ClientMeasurements } from '../../metrics/measurements.ts';
import { workloadSchema } from '../../record/workload.ts';
import { compareWithArtillery, longestIdleSeconds, longestLoadSeconds, longestTokenSeconds } from './load.ts';

const workload = workloadSchema.parse({
  connections: 1_000,
  connectRatePerSecond: 100,
  steadySeconds: 45,
  drainSeconds: 12,
  messageRatePerSecond: 80,
  messageBytes: 256,
  webhookRatePerSecond: 5,
  webhookBytes: 4_096,
});

test('a load lasts at most ramp, steady state, timeout, drain and closing at five times the ramp’s rate', () => {
  expect(longestLoadSeconds(workload)).toBe(10 + 45 + 10 + 12 + 2 + 3);
  expect(longestLoadSeconds({ ...workload, connections: 10_000, connectRatePerSecond: 20 })).toBe(
    500 + 45 + 10 + 12 + 100 + 3,
  );
});

test('a connection is idle through the ramp and then until its turn comes, or to the end', () => {
  expect(longestIdleSeconds(workload)).toBe(10 + 12.5);
  expect(longestIdleSeconds({ ...workload, messageRatePerSecond: 0 })).toBe(10 + 45);
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-load-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const recorded = (messagesSent: number): ClientMeasurements['client']['totals'] => {
  const totals = Object.fromEntries(counterNames.map((name) => [name, 0])) as ClientMeasurements['client']['totals'];
  return { ...totals, messagesSent };
};
const counted = (counters: Record<string, number>) =>
  writeFileSync(join(folder, 'artillery.json'), JSON.stringify({ aggregate: { counters } }));

test('counts that agree on both paths are accepted', () => {
  counted({ 'loadline.messagesSent': 100, 'vusers.created': 1 });
  expect(compareWithArtillery(folder, recorded(100))).toBeNull();
});

test('a difference of one message between the two paths is found', () => {
  counted({ 'loadline.messagesSent': 99 });
  expect(compareWithArtillery(folder, recorded(100))).toEqual({
    ...{ kind: 'disagrees', counter: 'messagesSent', recorded: 100, counted: 99 },
  });
});

test('an output that is missing or cut off is a crash of Artillery', () => {
  expect(() => compareWithArtillery(folder, recorded(0))).toThrow('Artillery ended without writing');
  writeFileSync(join(folder, 'artillery.json'), '{"aggregate":');
  expect(() => compareWithArtillery(folder, recorded(0))).toThrow('cannot be read');
});

test('tokens by a command: each may take its time, so many at once, one for so many users', () => {
  const described = (step: Record<string, unknown>) =>
    ({ kind: 'endpoint', step }) as unknown as Parameters<typeof longestTokenSeconds>[0];
  const load = { ...workload, tabsPerUser: 1.25 };
  // 800 users, 160 runs, 4 at a time: 40 turns of 3 s.
  const token = { command: 'make', usersPerToken: 5, concurrency: 4, timeoutSeconds: 3 };
  expect(longestTokenSeconds(described({ token }), load, 1)).toBe(120);
  // 267 users in each of 3 fleets, 54 runs, one at a time; of 8 fleets 100 users, 20 runs, still one.
  expect(longestTokenSeconds(described({ token }), load, 3)).toBe(54 * 3);
  expect(longestTokenSeconds(described({ token }), load, 8)).toBe(60);
  expect(longestTokenSeconds(described({ token: { value: 'fixed' } }), load, 1)).toBe(0);
  expect(longestTokenSeconds(described({}), load, 1)).toBe(0);
});
