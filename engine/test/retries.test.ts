/** Webhooks that are retried or posted twice back to back, on virtual time. */
import { expect, test } from 'vitest';
import { balance, balanced } from './totals.ts';
import { runVirtually } from './virtual-run.ts';

test('a refused post is retried up to twice, and its event is accepted once', async () => {
  // The first ten posts are refused, then every other second attempt; the rest succeed on the third.
  const post = (n: number) => (n < 10 ? 503 : n < 20 && n % 2 === 0 ? 429 : 200);
  const { totals, target } = await runVirtually(
    {
      webhookPhases: [{ kind: 'burst', arrivals: 10, lastsSeconds: 0.05 }],
      ...{ webhookAttempts: 3, webhookRetryBaseSeconds: 0.3 },
    },
    { faults: { post } },
  );
  expect(totals.counters).toMatchObject({
    webhooksIntended: 25,
    webhooksRejected: 10,
    webhooksThrottled: 5,
    webhooksAccepted: 10,
    retriesPosted: 15,
    eventsAccepted: 10,
    eventsDelivered: 10,
    eventsUnaccepted: 0,
  });
  expect(target.stack.seen).toMatchObject({ posts: 25, events: 10 });
  expect(balance(totals)).toEqual(balanced);
});

test("the provider's own schedule, three attempts over 15 minutes, is kept", async () => {
  const { totals, records } = await runVirtually(
    {
      webhookPhases: [{ kind: 'burst', arrivals: 1, lastsSeconds: 0.05 }],
      ...{ webhookAttempts: 3, webhookRetryBaseSeconds: 300 },
      drainSeconds: 1_200,
      connections: 1,
    },
    { faults: { post: (n) => (n < 2 ? 503 : 200) } },
  );
  expect(totals.counters).toMatchObject({ webhooksAccepted: 1, retriesPosted: 2, eventsDelivered: 1 });
  const posted = records.filter(({ counters }) => (counters.webhooksPosted ?? 0) > 0).map(({ second }) => second);
  // 5 minutes after the first, and 10 after the second.
  expect(posted).toEqual([0, 300, 900]);
});

test('an event that is not retryable, or is refused a third time, counts as not accepted', async () => {
  const { totals } = await runVirtually(
    {
      webhookPhases: [{ kind: 'burst', arrivals: 4, lastsSeconds: 0.02 }],
      ...{ webhookAttempts: 3, webhookRetryBaseSeconds: 0.1 },
    },
    { faults: { post: (n) => (n === 0 ? 500 : 503) } },
  );
  expect(totals.counters).toMatchObject({ webhooksRejected: 10, retriesPosted: 6, eventsUnaccepted: 4 });
});

test('a duplicate is posted immediately; the stack receives it twice and delivers the event once', async () => {
  const { totals, target } = await runVirtually({ webhookRatePerSecond: 40, duplicateShare: 0.25 });
  expect(totals.counters).toMatchObject({
    webhooksIntended: 50,
    webhooksAccepted: 50,
    duplicatesPosted: 10,
    eventsAccepted: 40,
    eventsDelivered: 40,
    pushesDuplicate: 0,
  });
  expect(target.stack.seen).toMatchObject({ events: 40, replays: 10 });
});
