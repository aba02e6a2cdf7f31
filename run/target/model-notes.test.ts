import { expect, test } from 'vitest';
import { describeFault, modelNotes } from './model-notes.ts';

const asOnAws = {
  seed: 7,
  quotaScale: 1,
  timeScale: 1,
  webSocketIdleSeconds: 600,
  webSocketLifetimeSeconds: 7_200,
  latencyProfile: { name: 'none', latencies: [] },
  limits: [],
  faults: [],
};

test('a target at full size and without latencies says that alone', () => {
  expect(modelNotes(asOnAws)).toEqual([
    'Latency profile "none": no service latency is modelled; every latency is this machine’s own.',
  ]);
});

test('scales, limits and latencies are named as modelled', () => {
  const latency = { service: 'dynamodb', operation: 'GetItem', confidence: 'assumed' as const };
  const notes = modelNotes({
    ...asOnAws,
    quotaScale: 0.01,
    timeScale: 60,
    webSocketIdleSeconds: 10,
    webSocketLifetimeSeconds: 120,
    latencyProfile: {
      name: 'slow',
      latencies: [
        { ...latency, delay: 40 },
        { ...latency, delay: { p50Ms: 4, p99Ms: 20 } },
      ],
    },
    limits: [{ name: 'newConnections.ratePerSecond', value: 20, byDefault: 5 }],
  });
  expect(notes).toEqual([
    expect.stringMatching(/^Quotas modelled at 0.01 of their size \(quotaScale\)/),
    expect.stringMatching(/^WebSocket time modelled 60 times faster \(timeScale\): idle timeout 10 s, lifetime 120 s/),
    'Limits set for this run: newConnections.ratePerSecond 20 (otherwise 5).',
    expect.stringMatching(
      /^Latency profile "slow" \(modelled, seed 7\): .* 2 of 2 .* dynamodb GetItem 40 ms; dynamodb GetItem p50 4 ms, p99 20 ms\.$/,
    ),
  ]);
});

test('a fault is described with what it was given', () => {
  const fault = {
    name: 'flaky',
    kind: 'error' as const,
    service: 'dynamodb',
    operation: ['Scan'],
    callers: 'everyone' as const,
    setAtMs: 0,
    startSeconds: 0,
    share: 0.5,
    skip: 0,
    seed: 11,
  };
  expect(describeFault(fault)).toBe(
    'Fault "flaky": error of dynamodb Scan, share 0.5, from 0 s until it is cleared, seed 11.',
  );
});
