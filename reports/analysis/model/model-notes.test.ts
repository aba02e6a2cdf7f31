import { expect, test } from 'vitest';
import { describeLocalModel } from './local-model.ts';
import { modelNotes } from './model-notes.ts';

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

test('a target at full size and without latencies has one note', () => {
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
    expect.stringMatching(/^Quotas scaled by 0.01 \(quotaScale\)/),
    expect.stringMatching(
      /^WebSocket timeouts shortened by a factor of 60 \(timeScale\): idle timeout 10 s, lifetime 120 s/,
    ),
    'Limits set for this run: newConnections.ratePerSecond 20 (default 5).',
    expect.stringMatching(
      /^Latency profile "slow" \(modelled, seed 7\): .* 2 of 2 .* dynamodb GetItem 40 ms; dynamodb GetItem p50 4 ms, p99 20 ms\.$/,
    ),
  ]);
});

const fault = {
  name: 'flaky',
  kind: 'error' as const,
  service: 'dynamodb' as const,
  operation: ['Scan'],
  callers: 'everyone' as const,
  setAtMs: 0,
  startSeconds: 0,
  share: 0.5,
  skip: 0,
  seed: 11,
};
const notesOf = (...faults: Parameters<typeof modelNotes>[0]['faults']) => modelNotes({ ...asOnAws, faults }).slice(1);

test('a fault is described with its settings', () => {
  expect(notesOf(fault)).toEqual([
    'Fault "flaky": error of dynamodb Scan, share 0.5, from 0 s until it is cleared, seed 11.',
  ]);
});

test('notes say how often each fault fired where that is known, and whether it was cleared', () => {
  expect(notesOf({ ...fault, fired: 3 }, { ...fault, name: 'late', fired: 1, cleared: true }).slice(2)).toEqual([
    'Fault "flaky" fired 3 times.',
    'Fault "late", cleared before the end, fired once.',
  ]);
});

test('a title names a profile that adds latency, and that there were faults', () => {
  expect(describeLocalModel(null)).toBe('');
  expect(describeLocalModel(asOnAws)).toBe('');
  const latencies = [{ service: 'sqs', operation: '*', confidence: 'assumed' as const, delay: 4 }];
  expect(describeLocalModel({ ...asOnAws, latencyProfile: { name: 'typical', latencies }, faults: [fault] })).toBe(
    ', latency profile typical (modelled), with faults',
  );
});
