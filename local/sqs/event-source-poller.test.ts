import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { InvokeOutcome } from '../lambda/lambda-service.ts';
import { resolveLimits } from '../quota/resolve-limits.ts';
import type { EventSourceModel } from '../template/model.ts';
import { EventSourcePoller } from './event-source-poller.ts';

const source: EventSourceModel = {
  logicalId: 'Source',
  functionName: 'deliver',
  queueArn: 'arn:aws:sqs:us-east-1:000000000000:q',
  batchSize: 10,
  batchWindowMs: 0,
  maximumConcurrency: null,
  provisionedPollers: null,
  reportsBatchItemFailures: true,
  filters: [],
};

/** A queue that delivers each message once, and holds a long poll open until one arrives. */
class FakeQueue {
  readonly deleted: string[] = [];
  polls = 0;
  #messages: string[] = [];
  #arrivals: (() => void)[] = [];

  /** Bodies default to the ids. */
  bodyOf: (id: string) => string = (id) => id;

  put(...ids: string[]): void {
    this.#messages.push(...ids);
    for (const arrive of this.#arrivals.splice(0)) arrive();
  }

  async call(action: string, input: object, signal?: AbortSignal): Promise<Record<string, unknown>> {
    if (action === 'DeleteMessageBatch') {
      const { Entries } = input as { Entries: { ReceiptHandle: string }[] };
      this.deleted.push(...Entries.map(({ ReceiptHandle }) => ReceiptHandle));
      return { Successful: Entries };
    }
    this.polls += 1;
    const { MaxNumberOfMessages, WaitTimeSeconds } = input as { MaxNumberOfMessages: number; WaitTimeSeconds: number };
    if (this.#messages.length === 0) {
      await new Promise<void>((resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new Error('aborted')));
        this.#arrivals.push(resolve);
        setTimeout(resolve, WaitTimeSeconds * 1_000);
      });
    }
    const Messages = this.#messages
      .splice(0, MaxNumberOfMessages)
      .map((id) => ({ MessageId: id, ReceiptHandle: `handle-${id}`, Body: this.bodyOf(id), MD5OfBody: '' }));
    return Messages.length > 0 ? { Messages } : {};
  }
}

const ok = (payload: unknown = null): InvokeOutcome => ({ kind: 'ok', payload: JSON.stringify(payload) });
const throttled: InvokeOutcome = { kind: 'throttled', reason: 'ConcurrentInvocationLimitExceeded' };

describe('event source poller', () => {
  let queue: FakeQueue;
  let poller: EventSourcePoller | null;
  let batches: string[][];
  let counts: Map<string, number>;

  function start(
    answer: (ids: string[]) => InvokeOutcome | Promise<InvokeOutcome>,
    change: Partial<EventSourceModel> = {},
  ): void {
    poller = new EventSourcePoller({
      source: { ...source, ...change },
      queueUrl: 'http://sqs/q',
      region: 'us-east-1',
      visibilityTimeoutMs: 30_000,
      scaling: resolveLimits(),
      sqs: queue,
      lambda: {
        invoke: async (_functionName, payload) => {
          const ids = JSON.parse(payload).Records.map(({ messageId }: { messageId: string }) => messageId);
          batches.push(ids);
          return await answer(ids);
        },
      },
      metrics: {
        count: (name, value) => counts.set(name, (counts.get(name) ?? 0) + value),
      },
      onError: (error) => expect.fail(String(error)),
    });
  }

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
    queue = new FakeQueue();
    batches = [];
    counts = new Map();
    poller = null;
  });
  afterEach(async () => {
    await poller?.stop();
    vi.useRealTimers();
  });

  test('five long polls wait, and a batch that succeeds is deleted', async () => {
    start(() => ok());
    await vi.advanceTimersByTimeAsync(10);
    expect(queue.polls).toBe(5);
    queue.put('a', 'b');
    await vi.advanceTimersByTimeAsync(10);
    expect(batches).toEqual([['a', 'b']]);
    expect(queue.deleted).toEqual(['handle-a', 'handle-b']);
  });

  test('after a partial failure only the successes are deleted, after an error nothing', async () => {
    start((ids) =>
      ids.includes('bad')
        ? ok({ batchItemFailures: [{ itemIdentifier: 'bad' }] })
        : { kind: 'functionError', cause: 'thrown', error: { errorType: 'Error', errorMessage: 'x' } },
    );
    queue.put('good', 'bad');
    await vi.advanceTimersByTimeAsync(10);
    queue.put('other');
    await vi.advanceTimersByTimeAsync(10);
    expect(queue.deleted).toEqual(['handle-good']);
  });

  test('never runs more batches concurrently than MaximumConcurrency', async () => {
    let running = 0;
    let most = 0;
    start(
      async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        running -= 1;
        return ok();
      },
      { maximumConcurrency: 2, batchSize: 1 },
    );
    queue.put(...Array.from({ length: 20 }, (_, index) => String(index)));
    await vi.advanceTimersByTimeAsync(11_000);
    expect(most).toBe(2);
    expect(queue.deleted).toHaveLength(20);
  });

  test('with a backlog it grows by 300 a minute', async () => {
    let running = 0;
    start(
      async () => {
        running += 1;
        await new Promise((resolve) => setTimeout(resolve, 3_600_000));
        return ok();
      },
      { batchSize: 1 },
    );
    queue.put(...Array.from({ length: 1_000 }, (_, index) => String(index)));
    await vi.advanceTimersByTimeAsync(100);
    expect(running).toBe(5);
    // 5 s later: 5 + 5 × 300 / 60, give or take the second between two checks.
    await vi.advanceTimersByTimeAsync(6_000);
    expect(running).toBeGreaterThanOrEqual(25);
    expect(running).toBeLessThanOrEqual(35);
    poller = null;
  });

  test('while throttled it retries the batch, and drops it once the visibility timeout has expired', async () => {
    start(() => throttled);
    queue.put('a');
    await vi.advanceTimersByTimeAsync(29_000);
    const tries = batches.length;
    // 100, 200, 400 … 5,000 ms: 6 tries in the first 3.1 s, then one every 5 s.
    expect(tries).toBeGreaterThanOrEqual(9);
    expect(tries).toBeLessThanOrEqual(12);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(batches.length).toBeLessThanOrEqual(tries + 1);
    expect(queue.deleted).toEqual([]);
  });

  test('the batch window counts as part of the visibility timeout', async () => {
    start(() => throttled, { batchWindowMs: 20_000, batchSize: 20 });
    queue.put('a');
    await vi.advanceTimersByTimeAsync(19_000);
    expect(batches).toEqual([]);
    await vi.advanceTimersByTimeAsync(11_000);
    // From 20 s on, after 100, 200, 400 … 3,200 ms; the next would be at 31.3 s, over the visibility timeout of 30 s.
    const tries = batches.length;
    expect(tries).toBe(7);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(batches).toHaveLength(tries);
  });

  test('with a window a batch is filled until it is full or the window has ended', async () => {
    start(() => ok(), { batchSize: 20, batchWindowMs: 5_000, maximumConcurrency: 2 });
    queue.put(...Array.from({ length: 12 }, (_, index) => String(index)));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(batches).toEqual([]);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(batches.flat()).toHaveLength(12);
  });

  test('messages beyond 6 MB go into the next batch', async () => {
    queue.bodyOf = () => 'x'.repeat(1_048_576);
    start(() => ok(), { maximumConcurrency: 2 });
    queue.put('1', '2', '3', '4', '5', '6', '7');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(batches).toEqual([
      ['1', '2', '3', '4', '5'],
      ['6', '7'],
    ]);
    expect(queue.deleted).toHaveLength(7);
  });

  test('a batch of thousands is filled by concurrent receives', async () => {
    start(() => ok(), { batchSize: 1_000, batchWindowMs: 5_000, maximumConcurrency: 2 });
    queue.put(...Array.from({ length: 1_500 }, (_, index) => String(index)));
    await vi.advanceTimersByTimeAsync(6_000);
    expect(batches.flat()).toHaveLength(1_500);
    expect(new Set(queue.deleted).size).toBe(1_500);
  });

  test('failures slow it down only if the function does not report them by message', async () => {
    const failed: InvokeOutcome = {
      kind: 'functionError',
      cause: 'thrown',
      error: { errorType: 'Error', errorMessage: 'x' },
    };
    const invocationsIn10s = async (reportsBatchItemFailures: boolean) => {
      batches = [];
      start(
        async () => {
          await new Promise((resolve) => setTimeout(resolve, 1_000));
          return failed;
        },
        { batchSize: 1, reportsBatchItemFailures },
      );
      queue.put(...Array.from({ length: 1_000 }, (_, index) => String(index)));
      await vi.advanceTimersByTimeAsync(10_000);
      const stopped = poller?.stop();
      await vi.advanceTimersByTimeAsync(1_000);
      await stopped;
      poller = null;
      queue = new FakeQueue();
      return batches.length;
    };
    // Growing by 5 a second: 5 + 10 + 15 … against at most 5 + what grows between two halvings.
    expect(await invocationsIn10s(true)).toBeGreaterThan(200);
    expect(await invocationsIn10s(false)).toBeLessThan(100);
  });

  test('counts events polled, invoked, failed, deleted and dropped', async () => {
    start((ids) => (ids.includes('late') ? throttled : ok({ batchItemFailures: [{ itemIdentifier: 'bad' }] })));
    queue.put('good', 'bad');
    await vi.advanceTimersByTimeAsync(10);
    queue.put('late');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(Object.fromEntries(counts)).toEqual({
      PolledEventCount: 3,
      InvokedEventCount: 2,
      FailedInvokeEventCount: 1,
      DeletedEventCount: 1,
      DroppedEventCount: 1,
    });
  });
});
