/** A target that drops, repeats and reorders known messages: the expected ledger, and the actual one. */

import type { CounterName } from '../../engine/src/records.ts';
import { type Faults, startFakeTarget, tokenSecret, webhookSecret } from '../../engine/test/fake-target.ts';
import { runLoadline } from './loadline-fleet.ts';

export interface LedgerRow {
  counter: CounterName;
  expected: number;
  counted: number;
}

/** Of 100 pings, 100 webhooks and 100 publishes to 5 subscribers each: in groups of ten, so that they can be counted by hand. */
const faults: Faults = {
  ping: (n) => (({ 1: 'drop', 4: 'twice', 8: 'error' }) as const)[(n % 10) as 1 | 4 | 8] ?? 'answer',
  post: (n) => (n % 10 === 2 ? 503 : 200),
  pushes: (n) => ({ 0: 0, 5: 2 })[n % 10] ?? 1,
  delivery: (publish, subscriber) => {
    if (publish % 10 === 0 && subscriber === 1) return 'drop';
    if (publish % 10 === 3 && subscriber < 2) return 'twice';
    return publish % 10 === 6 && subscriber === 4 ? 'swap' : 'deliver';
  },
};
const expected: Partial<Record<CounterName, number>> = {
  messagesSent: 100,
  messagesAnswered: 80,
  messagesTimedOut: 10,
  messagesErrorFrame: 10,
  webhooksPosted: 100,
  webhooksAccepted: 90,
  webhooksRejected: 10,
  eventsAccepted: 90,
  // Of 90 events every tenth is never pushed, and every tenth twice.
  eventsDelivered: 81,
  pushesExpected: 90,
  pushesDelivered: 81,
  pushesDuplicate: 9,
  pushesUnexpected: 0,
  pushesMisdelivered: 0,
  publishesAnswered: 100,
  fanOutExpected: 500,
  fanOutDelivered: 490,
  fanOutDuplicate: 20,
  fanOutReordered: 10,
  fanOutUnexpected: 0,
  fanOutMisdelivered: 0,
};

export async function compareLedger(): Promise<LedgerRow[]> {
  const target = await startFakeTarget(faults);
  try {
    const load = {
      ...{ connections: 5, steadySeconds: 2, drainSeconds: 2, timeoutSeconds: 1 },
      ...{ messageRatePerSecond: 50, webhookRatePerSecond: 50, publishRatePerSecond: 50 },
      channels: [{ count: 1, subscribers: 5 }],
    };
    const secrets = { token: tokenSecret, webhook: webhookSecret };
    const records = await runLoadline(target, load, { secrets });
    return (Object.entries(expected) as [CounterName, number][]).map(([counter, count]) => ({
      counter,
      expected: count,
      counted: records.reduce((sum, { counters }) => sum + (counters[counter] ?? 0), 0),
    }));
  } finally {
    await target.stop();
  }
}
