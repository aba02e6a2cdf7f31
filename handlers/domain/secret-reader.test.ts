import { describe, expect, it } from 'vitest';
import { SecretReader } from './secret-reader.ts';

/** A secret whose store can be changed and broken, and a clock that only moves when the test advances it. */
function setUp(...stored: string[]) {
  const world = { nowMs: 0, stored: stored.length > 0 ? stored : ['one'], reads: 0, broken: false };
  const reader = new SecretReader({
    now: () => world.nowMs,
    read: async () => {
      world.reads++;
      if (world.broken) throw new Error('no answer');
      return world.stored;
    },
  });
  const judge = async (signedWith: string, ageMs = 0) => {
    const { verdict, isFinal } = await reader.judge(
      (secret) => secret === signedWith,
      (equal) => !equal,
      ageMs,
    );
    return verdict ? 'valid' : isFinal ? 'invalid' : 'unknown';
  };
  return { world, reader, judge };
}

describe('SecretReader', () => {
  it('reads once and keeps the versions for five minutes', async () => {
    const { world, judge } = setUp();
    expect(await judge('one')).toBe('valid');
    world.nowMs = 299_999;
    expect(await judge('one')).toBe('valid');
    expect(world.reads).toBe(1);
    world.nowMs = 300_000;
    expect(await judge('one')).toBe('valid');
    expect(world.reads).toBe(2);
  });

  it('reads once for concurrent requests', async () => {
    const { world, judge } = setUp();
    expect(await Promise.all([judge('one'), judge('one'), judge('one')])).toEqual(['valid', 'valid', 'valid']);
    expect(world.reads).toBe(1);
  });

  it('accepts what the current version or the one before has signed, and nothing older', async () => {
    const { world, judge } = setUp('two', 'one');
    expect(await Promise.all(['two', 'one', 'zero'].map((secret) => judge(secret)))).toEqual([
      'valid',
      'valid',
      'invalid',
    ]);
    expect(world.reads).toBe(1);
  });

  it('follows a rotation at the first signature that fails', async () => {
    const { world, judge } = setUp();
    await judge('one');
    world.stored = ['two', 'one'];
    world.nowMs = 1;
    expect(await judge('two')).toBe('valid');
    expect(await judge('one')).toBe('valid');
    expect(world.reads).toBe(2);
  });

  it('never gives up a message within ten seconds of a reread: the secret may have been rotated since', async () => {
    const { world, judge } = setUp();
    await judge('one');
    world.nowMs = 1_000;
    expect(await judge('forged')).toBe('invalid');
    world.stored = ['two', 'one'];
    for (world.nowMs = 1_001; world.nowMs < 11_000; world.nowMs += 100) expect(await judge('two')).toBe('unknown');
    world.nowMs = 11_000;
    expect(await judge('two')).toBe('valid');
    expect(world.reads).toBe(3);
  });

  it('gives up a message that was sent before the last read', async () => {
    const { world, judge } = setUp();
    world.nowMs = 100_000;
    await judge('one');
    world.nowMs = 105_000;
    expect(await judge('forged')).toBe('invalid');
    world.nowMs = 107_000;
    expect(await judge('forged', 1_999)).toBe('unknown');
    expect(await judge('forged', 2_000)).toBe('invalid');
    expect(world.reads).toBe(2);
  });

  it('makes at most one call in ten seconds for any number of forged requests', async () => {
    const { world, judge } = setUp();
    const seen = new Set<string>();
    for (world.nowMs = 0; world.nowMs < 60_000; world.nowMs += 500) seen.add(await judge('forged'));
    expect(seen).toEqual(new Set(['invalid', 'unknown']));
    // The first read, and those at 0.5, 10.5, … 50.5 s.
    expect(world.reads).toBe(7);
  });

  it('keeps the old versions if they cannot be read again, and retries ten seconds later', async () => {
    const { world, judge } = setUp();
    await judge('one');
    world.broken = true;
    world.nowMs = 300_000;
    expect(await judge('one')).toBe('valid');
    world.nowMs = 309_999;
    expect(await judge('one')).toBe('valid');
    expect(world.reads).toBe(2);
    world.nowMs = 310_000;
    expect(await judge('one')).toBe('valid');
    expect(world.reads).toBe(3);
  });

  it('gives nothing up while the secret cannot be read', async () => {
    const { world, judge } = setUp();
    await judge('one');
    world.broken = true;
    world.nowMs = 1;
    expect(await judge('two')).toBe('unknown');
  });

  it('rejects if it was never read, and retries next time', async () => {
    const { world, reader, judge } = setUp();
    world.broken = true;
    await expect(judge('one')).rejects.toThrow('The secret cannot be read.');
    world.broken = false;
    expect(
      await reader.verify(
        (secret) => secret,
        () => false,
      ),
    ).toBe('one');
  });
});
