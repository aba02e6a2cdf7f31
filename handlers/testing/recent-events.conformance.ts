/** Behaviour of all stores of recent events. The integration tests run it on those in DynamoDB and PostgreSQL. */
import { expect, it } from 'vitest';
import type { RecentEvents } from '../domain/recent-events.ts';

export function recentEventsBehaviour(make: (options: { ttlSeconds: number }) => RecentEvents): void {
  const recent = make({ ttlSeconds: 3_600 });
  const atMs = 1_790_000_000_000;
  const event = (owner: string, eventId: string, frame = `{"eventId":"${eventId}"}`) => ({ owner, eventId, frame });

  it('has nothing of a user for whom nothing was kept', async () => {
    expect(await recent.since('nobody', 0)).toEqual({ frames: [], keptAtMs: [], continuesAtMs: null });
  });

  it('has what was kept for a user from a time on, oldest first, and nothing of others', async () => {
    await recent.keep(event('ann', 'b'), atMs + 20);
    await recent.keep(event('ann', 'a'), atMs + 10);
    await recent.keep(event('bob', 'c'), atMs + 15);
    await recent.keep(event('ann', 'before'), atMs - 1);
    expect(await recent.since('ann', atMs)).toEqual({
      frames: ['{"eventId":"a"}', '{"eventId":"b"}'],
      ...{ keptAtMs: [atMs + 10, atMs + 20], continuesAtMs: null },
    });
    expect((await recent.since('ann', atMs + 20)).frames).toEqual(['{"eventId":"b"}']);
    expect((await recent.since('ann', atMs + 21)).frames).toEqual([]);
  });

  it('keeps events of the same moment apart', async () => {
    await Promise.all(['x', 'y', 'z'].map((id) => recent.keep(event('same', id), atMs)));
    expect((await recent.since('same', atMs)).frames.toSorted()).toEqual(
      ['x', 'y', 'z'].map((id) => `{"eventId":"${id}"}`),
    );
  });

  it('gives a frame back byte for byte, whatever it holds', async () => {
    const frame = JSON.stringify({ text: 'a\u0000b \ud83d \u2028 \' " \\ 漢字 😀', digits: 1.5 }).replace(
      '1.5',
      '1.50',
    );
    await recent.keep(event('exact', 'e', frame), atMs);
    expect((await recent.since('exact', atMs)).frames).toEqual([frame]);
  });

  it('keeps one whose owner and id are as long as they may be', async () => {
    const owner = '漢'.repeat(500);
    await recent.keep(event(owner, '字'.repeat(500), '{}'), atMs);
    await recent.keep(event(owner, `${'字'.repeat(499)}!`, '"other"'), atMs);
    expect((await recent.since(owner, atMs)).frames.toSorted()).toEqual(['"other"', '{}']);
  });

  it('reads more than a page in parts that overlap at their seam: none is left out', async () => {
    const ids = Array.from({ length: 250 }, (_, n) => `e-${n}`);
    for (let n = 0; n < ids.length; n += 50)
      await Promise.all(
        ids.slice(n, n + 50).map((id, k) => recent.keep(event('many', id), atMs + Math.floor((n + k) / 2))),
      );
    const seen = new Set<string>();
    let from: number | null = atMs;
    let pages = 0;
    while (from !== null) {
      const page = await recent.since('many', from);
      expect(page.frames.length).toBeLessThanOrEqual(100);
      expect(page.keptAtMs).toHaveLength(page.frames.length);
      for (const frame of page.frames) seen.add(frame);
      if (page.continuesAtMs !== null) expect(page.continuesAtMs).toBeGreaterThan(from);
      from = page.continuesAtMs;
      pages++;
    }
    expect([seen.size, pages]).toEqual([250, 3]);
  });
}
