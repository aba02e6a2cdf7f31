/** Publishes to channels, from the subscription to the last subscriber, on virtual time. */
import { expect, test } from 'vitest';
import type { Faults } from './fake-stack.ts';
import { balance, balanced, countOf } from './totals.ts';
import { runVirtually } from './virtual-run.ts';

test('a publish reaches every subscriber of its channel once', async () => {
  const { totals, result } = await runVirtually({
    connections: 10,
    channels: [{ count: 2, subscribers: 5 }],
    publishRatePerSecond: 20,
  });
  expect(result).toEqual({ kind: 'completed' });
  expect(totals.counters).toMatchObject({
    subscribesAnswered: 10,
    publishesAnswered: 20,
    fanOutExpected: 100,
    fanOutDelivered: 100,
    fanOutDuplicate: 0,
    fanOutReordered: 0,
  });
  expect(countOf(totals.histograms.fanOutMicros)).toBe(100);
  for (const name of ['fanOutFirstMicros', 'fanOutLastMicros', 'fanOutSpreadMicros'] as const)
    expect(countOf(totals.histograms[name]), name).toBe(20);
  expect(balance(totals)).toEqual(balanced);
});

test('lost, cut, repeated and reordered deliveries show in the ledger, exactly', async () => {
  // Of each ten publishes: one is lost for one subscriber, one loses half of its body for one, one arrives twice at two, one is swapped with the next for one.
  const delivery: Faults['delivery'] = (publish, subscriber) => {
    if (publish % 10 === 0 && subscriber === 1) return 'drop';
    if (publish % 10 === 5 && subscriber === 2) return 'cut';
    if (publish % 10 === 3 && subscriber < 2) return 'twice';
    return publish % 10 === 6 && subscriber === 4 ? 'swap' : 'deliver';
  };
  const { totals, records } = await runVirtually(
    { connections: 5, channels: [{ count: 1, subscribers: 5 }], publishRatePerSecond: 50, drainSeconds: 0.5 },
    { faults: { delivery } },
  );
  expect(totals.counters).toMatchObject({
    publishesAnswered: 50,
    fanOutExpected: 250,
    fanOutDelivered: 240,
    fanOutDuplicate: 10,
    fanOutReordered: 5,
    fanOutUnexpected: 0,
    fanOutMisdelivered: 0,
    publishesMissed: 10,
    fanOutMissed: 10,
    framesUnexpected: 5,
  });
  // Publishes 0, 5, 10, 15 … 45, each by its id.
  const missed = records.flatMap(({ missedPublishes = [] }) => missedPublishes);
  expect(missed.map(({ id, subscribers }) => [id, subscribers])).toEqual(
    Array.from({ length: 10 }, (_, n) => [`p-test-f0-${(5 * n).toString(36)}`, 1]),
  );
});
