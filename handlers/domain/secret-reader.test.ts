import { describe, expect, it } from 'vitest';
import { SecretReader } from './secret-reader.ts';

/** A secret whose store can be changed and broken, and a clock that only moves when the test advances it. */
function setUp() {
  const world = { nowMs: 0, stored: 'one', reads: 0, broken: false };
  const reader = new SecretReader({
    now: () => world.nowMs,
    read: async () => {
      world.reads++;
      if (world.broken) throw new Error('no answer');
      return world.stored;
    },
  });
  const verify = (expected: string) =>
    reader.verify(
      (secret) => secret === expected,
      (equal) => !equal,
    );
  return { world, verify };
}

describe('SecretReader', () => {
  it('reads once and keeps the value for five minutes', async () => {
    const { world, verify } = setUp();
    expect(await verify('one')).toBe(true);
    world.nowMs = 299_999;
    expect(await verify('one')).toBe(true);
    expect(world.reads).toBe(1);
    world.nowMs = 300_000;
    expect(await verify('one')).toBe(true);
    expect(world.reads).toBe(2);
  });

  it('reads once for concurrent requests', async () => {
    const { world, verify } = setUp();
    expect(await Promise.all([verify('one'), verify('one'), verify('one')])).toEqual([true, true, true]);
    expect(world.reads).toBe(1);
  });

  it('follows a rotation: a verification that fails a minute after the last read is retried with a new one', async () => {
    const { world, verify } = setUp();
    await verify('one');
    world.stored = 'two';
    world.nowMs = 59_999;
    expect(await verify('two')).toBe(false);
    world.nowMs = 60_000;
    expect(await verify('two')).toBe(true);
    expect(world.reads).toBe(2);
  });

  it('makes at most one call a minute for any number of forged requests', async () => {
    const { world, verify } = setUp();
    for (world.nowMs = 0; world.nowMs < 180_000; world.nowMs += 1_000) expect(await verify('forged')).toBe(false);
    // At 0, 60, 120 s.
    expect(world.reads).toBe(3);
  });

  it('keeps the old value if it cannot be read again, and retries a minute later', async () => {
    const { world, verify } = setUp();
    await verify('one');
    world.broken = true;
    world.nowMs = 300_000;
    expect(await verify('one')).toBe(true);
    expect(await verify('one')).toBe(true);
    expect(world.reads).toBe(2);
  });

  it('rejects if it was never read, and retries next time', async () => {
    const { world, verify } = setUp();
    world.broken = true;
    await expect(verify('one')).rejects.toThrow('The secret cannot be read.');
    world.broken = false;
    expect(await verify('one')).toBe(true);
  });
});
