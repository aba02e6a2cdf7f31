import { describe, expect, test } from 'vitest';
import { hashedShare } from '../../aws/random.ts';
import { type LimitsInput, limitsSchema } from '../quota/limits.ts';
import type { Direction } from './capacity-limits.ts';
import { ResourceCapacity, type ThroughputMode } from './resource-capacity.ts';

const onDemand: ThroughputMode = { kind: 'onDemand', maximum: { read: null, write: null } };
const provisioned = (read: number, write: number): ThroughputMode => ({ kind: 'provisioned', units: { read, write } });
const capacity = (mode: ThroughputMode, limits: LimitsInput = {}) =>
  new ResourceCapacity(mode, limitsSchema.parse(limits), 0);

/**
 * Offers requests of one unit at a constant rate, each with the next key; returns how many were accepted in each second, and the first refusal.
 * The first request comes at 0, so request k is refused when k + 1 > burst + k r / λ: one request before burst / (λ − r).
 */
function offer(
  resource: ResourceCapacity,
  load: {
    direction?: Direction;
    perSecond: number;
    seconds: number;
    keys: readonly (string | null)[];
    fromMs?: number;
  },
) {
  const { direction = 'write', perSecond, seconds, keys, fromMs = 0 } = load;
  const acceptedBySecond = new Array<number>(seconds).fill(0);
  let first: { atMs: number; scope: string; limit: string } | null = null;
  for (let request = 0; request < perSecond * seconds; request++) {
    const atMs = fromMs + (request * 1_000) / perSecond;
    const key = keys[request % keys.length] ?? null;
    const refusal = resource.refusal(direction, key, 1, atMs);
    if (refusal) first ??= { atMs, ...refusal };
    else {
      resource.charge(direction, key, 1, atMs);
      const second = Math.floor(request / perSecond);
      acceptedBySecond[second] = (acceptedBySecond[second] ?? 0) + 1;
    }
  }
  return { acceptedBySecond, first };
}
const manyKeys = Array.from({ length: 5_000 }, (_, index) => `user#${index}`);

describe('an on-demand table', () => {
  test('starts with 4,000 write units/s: at 8,000 the first refusal comes after 4,000 / (8,000 − 4,000) = 1 s', () => {
    const table = capacity(onDemand, { dynamodbPartitions: 'none' });
    const { first, acceptedBySecond } = offer(table, { perSecond: 8_000, seconds: 4, keys: manyKeys });
    expect(first?.scope).toBe('resource');
    expect(first?.limit).toBe('KeyRangeThroughputExceeded');
    expect(first?.atMs).toBeGreaterThanOrEqual(999);
    expect(first?.atMs).toBeLessThan(1_000);
    expect(acceptedBySecond).toEqual([7_999, 4_000, 4_000, 4_000]);
  });

  test('starts with 12,000 read units/s', () => {
    const table = capacity(onDemand, { dynamodbPartitions: 'none' });
    const { acceptedBySecond } = offer(table, { direction: 'read', perSecond: 24_000, seconds: 3, keys: manyKeys });
    expect(acceptedBySecond).toEqual([23_999, 12_000, 12_000]);
  });

  test('reads do not consume write capacity', () => {
    const table = capacity(onDemand);
    offer(table, { direction: 'read', perSecond: 24_000, seconds: 2, keys: manyKeys });
    expect(table.refusal('read', 'user#1', 1, 1_999.5)).not.toBeNull();
    expect(table.refusal('write', 'user#1', 1, 1_999.5)).toBeNull();
  });

  test('accepts twice its peak once the growth window has passed', () => {
    const table = capacity(onDemand, { dynamodbPartitions: 'none', dynamodbGrowthWindowMs: 30_000 });
    offer(table, { perSecond: 4_000, seconds: 31, keys: manyKeys });
    const { acceptedBySecond } = offer(table, { perSecond: 10_000, seconds: 3, keys: manyKeys, fromMs: 31_000 });
    // The burst of 8,000 is used up with 2,000 a second.
    expect(acceptedBySecond).toEqual([10_000, 10_000, 10_000]);
    const later = offer(table, { perSecond: 20_000, seconds: 3, keys: manyKeys, fromMs: 34_000 });
    expect(later.acceptedBySecond.at(-1)).toBe(8_000);
    expect(later.first?.limit).toBe('KeyRangeThroughputExceeded');
  });

  test("does not grow beyond the account's quota for a table", () => {
    const limits: LimitsInput = {
      dynamodbPartitions: 'none',
      dynamodbTableWrite: { ratePerSecond: 1_000, burst: 1_000 },
    };
    const { first, acceptedBySecond } = offer(capacity(onDemand, limits), {
      perSecond: 2_000,
      seconds: 3,
      keys: ['a'],
    });
    expect(first).toMatchObject({ scope: 'resource', limit: 'AccountLimitExceeded' });
    expect(acceptedBySecond).toEqual([1_999, 1_000, 1_000]);
  });

  test("accepts no more than the template's maximum", () => {
    const table = capacity({ kind: 'onDemand', maximum: { read: null, write: 100 } });
    const { first, acceptedBySecond } = offer(table, { perSecond: 200, seconds: 3, keys: manyKeys });
    expect(first).toMatchObject({ limit: 'MaxOnDemandThroughputExceeded' });
    expect(acceptedBySecond).toEqual([199, 100, 100]);
  });
});

describe('partitions', () => {
  test("one hot key is refused at 1,000 write units/s, far below the table's capacity", () => {
    const table = capacity(onDemand);
    const { first, acceptedBySecond } = offer(table, { perSecond: 2_000, seconds: 3, keys: ['hot'] });
    expect(first).toMatchObject({ scope: 'partition', limit: 'KeyRangeThroughputExceeded' });
    expect(first?.atMs).toBeGreaterThanOrEqual(999);
    expect(first?.atMs).toBeLessThan(1_000);
    expect(acceptedBySecond).toEqual([1_999, 1_000, 1_000]);
  });

  test('another partition is unaffected, but a key of the same partition is refused', () => {
    const table = capacity(onDemand);
    offer(table, { perSecond: 2_000, seconds: 2, keys: ['hot'] });
    const partitionOf = (key: string) => Math.floor(hashedShare(key) * 4);
    const same = manyKeys.find((key) => partitionOf(key) === partitionOf('hot')) ?? '';
    const other = manyKeys.find((key) => partitionOf(key) !== partitionOf('hot')) ?? '';
    expect(table.refusal('write', same, 1, 1_999.5)?.scope).toBe('partition');
    expect(table.refusal('write', other, 1, 1_999.5)).toBeNull();
  });

  test('with a partition for each key only the hot key is refused', () => {
    const table = capacity(onDemand, { dynamodbPartitions: 'key' });
    offer(table, { perSecond: 2_000, seconds: 2, keys: ['hot'] });
    expect(table.refusal('write', 'hot', 1, 1_999.5)?.scope).toBe('partition');
    for (const key of manyKeys) expect(table.refusal('write', key, 1, 1_999.5)).toBeNull();
  });

  test('many keys spread over the 4 partitions of a new table, within 5%', () => {
    const shares = [0, 0, 0, 0];
    for (const key of manyKeys) {
      const partition = Math.floor(hashedShare(key) * 4);
      shares[partition] = (shares[partition] ?? 0) + 1;
    }
    for (const share of shares) expect(Math.abs(share - 1_250)).toBeLessThan(63);
  });
});

describe('a provisioned table', () => {
  test('uses 300 s of burst capacity, then its provisioned capacity', () => {
    // 300 s × 10 = 3,000 units of burst capacity; at 20/s they are used up after 3,000 / (20 − 10) = 300 s.
    const table = capacity(provisioned(10, 10));
    const { first, acceptedBySecond } = offer(table, { perSecond: 20, seconds: 320, keys: ['a'] });
    expect(first).toMatchObject({ scope: 'resource', limit: 'ProvisionedThroughputExceeded' });
    expect(first?.atMs).toBeGreaterThanOrEqual(299_900);
    expect(first?.atMs).toBeLessThan(300_000);
    expect(acceptedBySecond.slice(302)).toEqual(new Array(18).fill(10));
  });

  test('burst capacity does not lift the limit of a partition', () => {
    // 500 units × 300 s would be 150,000; one partition allows a burst of 1,000 and 1,000/s.
    const { first } = offer(capacity(provisioned(500, 500)), { perSecond: 4_000, seconds: 1, keys: ['a'] });
    expect(first?.scope).toBe('partition');
  });
});
