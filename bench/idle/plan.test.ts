import { describe, expect, test } from 'vitest';
import { type IdleMachine, planIdle } from './plan.ts';

const roomy: IdleMachine = {
  maxDescriptors: 20_000,
  portsOfAddress: 28_232,
  availableBytes: 16e9,
  trackable: null,
};
const sentenceOf = (connections: number, machine: Partial<IdleMachine>) => {
  const result = planIdle(connections, { ...roomy, ...machine });
  return result.kind === 'impossible' ? result.sentence : 'ok';
};

test('100,000 connections take six pairs of at most 19,000, each with its own three addresses', () => {
  expect(planIdle(100_000, roomy)).toEqual({
    kind: 'ok',
    plan: {
      pairs: 6,
      connectionsOfPair: [16_667, 16_667, 16_667, 16_667, 16_666, 16_666],
      // 28,232 × 0.225 = 6,352 connections on each
      addressesOfPair: [1, 2, 3, 4, 5, 6].map((n) => [`127.0.${n}.1`, `127.0.${n}.2`, `127.0.${n}.3`]),
    },
  });
});

test('a low descriptor limit leads to more processes', () => {
  // 4,096 - 256 = 3,840 in each
  expect(planIdle(10_000, { ...roomy, maxDescriptors: 4_096 })).toMatchObject({ plan: { pairs: 3 } });
});

describe('a sentence names the shortage and the remedy', () => {
  test('descriptors', () => {
    expect(sentenceOf(100_000, { maxDescriptors: 1_024 })).toContain('A process may open 1024 files here');
  });
  test('ports', () => {
    expect(sentenceOf(100_000, { portsOfAddress: 500 })).toContain('An address has only 500 ports');
  });
  test('memory', () => {
    expect(sentenceOf(100_000, { availableBytes: 2e9 })).toBe(
      '100000 connections need about 4.0 GB on both sides, but only 2.0 GB are free: use --connections 50000 or less.',
    );
  });
  test('connection tracking', () => {
    expect(sentenceOf(100_000, { trackable: 65_536 })).toContain('The kernel can track 65536 more connections');
  });
});
