/** Deliveries to connections that never answer, on virtual time: 24 s for pushes in a function of 30 s. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { WorkTime } from '../adapters/work-time.ts';
import { InMemoryConnectionStore } from '../testing/in-memory-connection-store.ts';
import { InMemoryEventClaims } from '../testing/in-memory-event-claims.ts';
import { deliverEvents } from './deliver-events.ts';
import type { PushAttempt } from './pushing/push.ts';

const attemptMs = 2_000;
const workMs = 24_000;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_790_000_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A stack whose connections hang, unless their id begins with `ok`. A push to one that hangs arrives all the same. */
function hangingStack() {
  const options = { ttlSeconds: 10_800, eventTtlSeconds: 86_400, leaseMs: 35_000, nowMs: Date.now };
  const store = new InMemoryConnectionStore(options);
  const claims = new InMemoryEventClaims(options);
  const copies = new Map<string, number>();
  const list = async (owner: string, count: number, prefix: string) => {
    for (let index = 0; index < count; index++) await store.addConnection(owner, `${prefix}-${owner}-${index}`);
  };

  async function invoke(owners: readonly string[]) {
    const began = performance.now();
    const budget = new WorkTime(
      {
        get remainingMs() {
          return began + workMs - performance.now();
        },
      },
      0,
    );
    budget.begin();
    const push = async (connectionId: string): Promise<PushAttempt> => {
      copies.set(connectionId, (copies.get(connectionId) ?? 0) + 1);
      if (connectionId.startsWith('ok')) return { kind: 'sent' };
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(attemptMs, budget.leftMs()));
        budget.signal.addEventListener('abort', () => {
          clearTimeout(timer);
          resolve();
        });
      });
      return { kind: 'unanswered', reason: 'No answer in time.' };
    };
    const done = deliverEvents(
      owners.map((owner) => ({ messageId: owner })),
      {
        open: ({ messageId: owner }) => ({ kind: 'event', event: { eventId: `e-${owner}`, owner, frame: 'frame' } }),
        store,
        claims,
        pusher: { push },
        sleepMs: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
        random: Math.random,
        nowMs: Date.now,
        budget,
        minStartMs: attemptMs,
        putOff: async () => [],
      },
    ).then((result) => ({ ...result, tookMs: performance.now() - began }));
    await vi.advanceTimersByTimeAsync(30_000);
    budget.end();
    return await done;
  }
  const copiesOf = (prefix: string) => [...copies].filter(([id]) => id.startsWith(prefix)).map(([, count]) => count);
  return { list, invoke, copiesOf };
}

it('an owner with 400 tabs that hang costs seven rounds, and one copy each', async () => {
  const { list, invoke, copiesOf } = hangingStack();
  await list('ann', 400, 'hanging');
  await list('ann', 2, 'ok');
  const result = await invoke(['ann']);
  // 402 pushes, 64 at a time, 2 s each.
  expect(result.tookMs).toBeLessThanOrEqual(14_000);
  expect(result.failedMessageIds).toEqual(['ann']);
  expect(result.failures).toEqual(['Message ann: 400 of 402 pushes: No answer in time.']);
  expect(copiesOf('hanging')).toEqual(Array.from({ length: 400 }, () => 1));
  expect(result.counts.PushesSent).toBe(2);

  // Received again, those that were reached are left out, and the others get one more copy each: nobody five, and nobody none.
  await invoke(['ann']);
  expect(copiesOf('ok')).toEqual([1, 1]);
  expect(new Set(copiesOf('hanging'))).toEqual(new Set([2]));
});

it('a batch of such owners ends in time, with what was reached saved, and its next receipts go on with the others', async () => {
  const { list, invoke, copiesOf } = hangingStack();
  const owners = Array.from({ length: 10 }, (_, index) => `owner${index}`);
  for (const owner of owners) {
    await list(owner, 400, 'hanging');
    await list(owner, 1, 'ok');
  }
  const results = [];
  for (let receipt = 0; receipt < 5; receipt++) results.push(await invoke(owners));
  for (const { tookMs, failedMessageIds } of results) {
    expect(tookMs).toBeLessThanOrEqual(workMs);
    expect(failedMessageIds).toEqual(expect.arrayContaining(owners));
  }
  // 128 at a time, 2 s each: 1,536 of 4,010 in a receipt. Each is saved as reached, and is not pushed again.
  expect(Math.max(...copiesOf('ok'))).toBe(1);
  expect(results.reduce((sum, { counts }) => sum + counts.PushesSent, 0)).toBe(copiesOf('ok').length);
});

it('a healthy owner in a batch with two hanging ones is reached at once', async () => {
  const { list, invoke } = hangingStack();
  await list('ann', 400, 'hanging');
  await list('bob', 30, 'hanging');
  await list('cat', 2, 'ok');
  const result = await invoke(['ann', 'bob', 'cat']);
  expect(result.failedMessageIds.toSorted()).toEqual(['ann', 'bob']);
  expect(result.counts).toMatchObject({ EventsDelivered: 1, EventsFailed: 2, PushesSent: 2 });
});

it('starts no event with less time left than a push may take', async () => {
  const { list, invoke } = hangingStack();
  const owners = Array.from({ length: 300 }, (_, index) => `owner${index}`);
  for (const owner of owners) await list(owner, 1, 'hanging');
  const result = await invoke(owners);
  // 16 events at a time, 2 s each.
  expect(result.failures.filter((failure) => failure.endsWith('No time was left to start it.'))).toHaveLength(108);
  expect(result.tookMs).toBeLessThanOrEqual(workMs);
});
