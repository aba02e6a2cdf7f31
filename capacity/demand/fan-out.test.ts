import { describe, expect, test } from 'vitest';
import { usEast1Prices } from '../../aws/prices.ts';
import { cost } from '../cost/cost.ts';
import { exampleCoefficients, exampleDeployment, examplePlan } from '../example-stack.fixture.ts';
import { demandsOf, headroom } from '../headroom/headroom.ts';
import { quotasInForce } from '../headroom/quotas.ts';
import { sizeClasses } from './channel-sizes.ts';
import { loadOfPlan } from './load.ts';
import type { Channels, UsagePlan } from './plan.ts';
import { subscriberReadUnits } from './subscriptions.ts';

/** Nothing but open connections, whose clients send by a timer every 5 min. */
const calm: UsagePlan = {
  ...examplePlan,
  ...{
    peakConcurrency: 1,
    tabsPerUser: 1,
    messagesPerUserPerMinute: 0.2,
    webhooksPerUserPerDay: 0,
    webhookBurstFactor: 1,
  },
};
const channel = (more: Partial<Channels>): Channels => ({
  count: 1,
  size: 100,
  publishBytes: 64,
  collectSeconds: 0,
  ...more,
});
const rowsOf = (plan: UsagePlan) => {
  const quotas = quotasInForce(exampleDeployment);
  return headroom(demandsOf(loadOfPlan(plan), exampleCoefficients, exampleDeployment, quotas), quotas);
};
function rowOf(plan: UsagePlan, id: string) {
  const row = rowsOf(plan).find(({ quotaId }) => quotaId === id);
  if (row?.kind !== 'value') throw new Error(`${id} has no demand`);
  return row;
}

describe('broadcasts', () => {
  const broadcast = { deadlineSeconds: 5, perDay: 1, bytes: 256 };

  test('100,000 tabs within 5 s are 20,000 @connections calls/s, over 10,000/s and 5,000 tokens', () => {
    const plan = { ...calm, users: 100_000, broadcast };
    expect(loadOfPlan(plan).fanOut?.broadcast?.pushes).toBeCloseTo(20_000, 6);
    const row = rowOf(plan, 'accountThrottle');
    // Beside the reconnects and messages, and the publish itself.
    expect(row.demand).toBeCloseTo(20_000 + 100_000 / 7_200 + 100_000 / 300 + 0.2, 6);
    expect(row.limit).toBe(10_000 + 5_000 / 5);
  });

  test('a million tabs are 100 s of a whole account’s throttle', () => {
    const { fanOut } = loadOfPlan({ ...calm, users: 1e6, broadcast });
    const { pushes = 0, lastsSeconds = 0 } = fanOut?.broadcast ?? {};
    expect((pushes * lastsSeconds) / 10_000).toBeCloseTo(100, 9);
  });

  test('cost: two a day to 1,000,000 as busy all day are 61 million messages a month', () => {
    const amount = (perDay: number) =>
      cost(
        {
          load: loadOfPlan({ ...calm, users: 1e6, broadcast: { ...broadcast, perDay } }),
          coefficients: exampleCoefficients,
          deployment: exampleDeployment,
        },
        usEast1Prices,
      ).components.find(({ id }) => id === 'webSocket.messages')?.amount;
    const [none, two] = [amount(0), amount(2)];
    if (none?.kind !== 'value' || two?.kind !== 'value') throw new Error('no amount');
    expect(two.quantityPerMonth - none.quantityPerMonth).toBeCloseTo((2e6 * 730) / 24, -2);
  });
});

describe('channels', () => {
  test('300 people × 2 reactions/s to 300 are 180,000 pushes/s, and 300/s when collected for a second', () => {
    const reactions = channel({ size: 300, publishesPerSubscriberPerMinute: 120 });
    const pushes = (collectSeconds: number) =>
      loadOfPlan({ ...calm, users: 300, channels: [{ ...reactions, collectSeconds }] }).fanOut?.channels.pushes;
    expect(pushes(0)).toBe(180_000);
    expect(pushes(1)).toBeCloseTo(300, 6);
    // A rate that leaves most windows empty is hardly collected: (1 − e^(−0.1)) × 10 of 1 publish/s in windows of 0.1 s.
    expect(pushes(0.1)).toBeCloseTo(3_000, 6);
  });

  test('their pushes, publishes and subscribes are demand on the throttles, the function, the table', () => {
    const plan = { ...calm, users: 7_200, channels: [channel({ count: 72, size: 100, publishesPerMinute: 60 })] };
    // A reconnect and a subscribe a second, 24 messages/s, 72 publishes/s; 7,200 pushes/s.
    expect(rowOf(plan, 'webSocketApiThrottle').demand).toBeCloseTo(1 + 1 + 24 + 72, 6);
    expect(rowOf(plan, 'accountThrottle').demand).toBeCloseTo(98 + 7_200, 6);
    // 97 messages and 3 invocations a connect of 0.1 s each, and 7,200 pushes of 10 ms, 64 at a time.
    expect(rowOf(plan, 'accountConcurrency').demand).toBeCloseTo(9.7 + 0.3 + 72 / 64, 6);
    // A connect: 2 and 1 at its end, 2 for each subscribe and 2 at its end.
    expect(rowOf(plan, 'dynamodbTableWrite').demand).toBeCloseTo(1 * (3 + 4), 6);
    // A connect: 1; each publish reads 100 rows of 102 bytes: 3 × 4 KB.
    expect(rowOf(plan, 'dynamodbTableRead').demand).toBeCloseTo(1 + 72 * 3, 6);
  });

  test('and cost: each publish to 100 is 102 messages, its own and its answer among them', () => {
    const messages = (publishesPerMinute: number) => {
      const load = loadOfPlan({ ...calm, users: 7_200, channels: [channel({ publishesPerMinute })] });
      const { components } = cost(
        { load, coefficients: exampleCoefficients, deployment: exampleDeployment },
        usEast1Prices,
      );
      const amount = components.find(({ id }) => id === 'webSocket.messages')?.amount;
      return amount?.kind === 'value' ? amount.quantityPerMonth : Number.NaN;
    };
    expect(messages(60) - messages(0)).toBeCloseTo(102 * 730 * 3_600, 0);
  });

  test('sizes by Zipf’s law: the n-th has largest / n^exponent subscribers', () => {
    const sizes = sizeClasses({ size: { largest: 1_000, exponent: 1 }, count: 4 });
    expect(sizes.map(({ subscribers }) => Math.round(subscribers))).toEqual([1_000, 500, 333, 250]);
  });

  test('a hundred million channels are some hundred classes, and their subscribers those of all ranks within 1%', () => {
    const classes = sizeClasses({ size: { largest: 1e8, exponent: 1 }, count: 1e8 });
    expect(classes.length).toBeLessThan(2_500);
    const total = classes.reduce((sum, { subscribers, channels }) => sum + subscribers * channels, 0);
    // Σ 1/n = ln N + γ
    expect(total / (1e8 * (Math.log(1e8) + 0.5772))).toBeCloseTo(1, 2);
  });
});

describe('skew: limits of a single key bind at the largest, not at the mean', () => {
  test('twenty thousand subscribers under one key are 500 RCU an event, so six events a second fill the key', () => {
    expect(subscriberReadUnits(20_000)).toBe(499);
    const largest = { channelSubscribers: 20_000, channelPublishesPerMinute: 360 };
    const row = rowOf({ ...calm, users: 1e6, largest }, 'dynamodbPartitionRead');
    expect(row.demand).toBeCloseTo(6 * 499, 6);
    expect(row.utilisation).toBeCloseTo(0.998, 3);
  });

  test('a tenant with 2% of a million tabs is such a channel', () => {
    const largest = { tenantShare: 0.02, channelPublishesPerMinute: 360 };
    expect(rowOf({ ...calm, users: 1e6, largest }, 'dynamodbPartitionRead').demand).toBeCloseTo(6 * 499, 6);
  });

  test('a million who join one channel within ten minutes write 1,667 rows a second to its key, over 1,000', () => {
    const largest = { channelSubscribers: 1e6, channelPublishesPerMinute: 1 };
    const row = rowOf({ ...calm, users: 1e6, largest, loginWindowSeconds: 600 }, 'dynamodbPartitionWrite');
    expect(row.demand).toBeCloseTo(1e6 / 600, 6);
    expect(row.limit).toBe(1_000);
  });

  test('a user with 864,000 webhooks a day, in a burst of ten times that, is 100 reads a second of one key', () => {
    const largest = { userWebhooksPerDay: 864_000, userConnections: 40, channelPublishesPerMinute: 1 };
    const row = rowOf({ ...examplePlan, largest }, 'dynamodbPartitionRead');
    expect(row.demand).toBeCloseTo(100, 6);
  });

  test('the item that remembers whom an event reached holds 24,000 connections of one user at most', () => {
    const bytes = (userConnections: number) =>
      rowOf({ ...calm, largest: { userConnections, channelPublishesPerMinute: 1 } }, 'dynamodbItemBytes').utilisation;
    expect(bytes(24_000)).toBeLessThan(1);
    expect(bytes(24_200)).toBeGreaterThan(1);
  });
});
