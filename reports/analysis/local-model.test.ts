import { expect, test } from 'vitest';
import { describeLocalModel, localModelOf } from './local-model.ts';

const none = 'Latency profile "none": no service latency is modelled; every latency is this machine’s own.';
const typical = 'Latency profile "typical" (modelled, seed 7): service latencies are drawn from distributions.';
const fault = 'Fault "slow table": latency of dynamodb *, 40 ms, share 1, from 0 s until it is cleared, seed 7.';

test('a target to which nothing was added is described as before', () => {
  expect(localModelOf([none])).toEqual({ latencyProfile: null, faults: [] });
  expect(describeLocalModel([none])).toBe('');
  expect(describeLocalModel([])).toBe('');
});

test('a profile and faults are named, each fault once', () => {
  const notes = [
    typical,
    fault,
    'Fault "slow table" fired 3 times.',
    'Fault "late", cleared before the end, fired once.',
  ];
  expect(localModelOf(notes)).toEqual({ latencyProfile: 'typical', faults: ['slow table', 'late'] });
  expect(describeLocalModel(notes)).toBe(', latency profile typical (modelled), with faults');
});
