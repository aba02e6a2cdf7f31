/** Plans and accounts of other kinds, worked out by hand: what is exceeded, and what is recommended for it. Assumed coefficients, the reference stack. */
import { expect, test } from 'vitest';
import { loadOfPlan } from '../../capacity/demand/load.ts';
import type { UsagePlan } from '../../capacity/demand/plan.ts';
import { deploymentWith, examplePlan } from '../../capacity/example-stack.fixture.ts';
import { demandsOf, headroom } from '../../capacity/headroom/headroom.ts';
import { quotasInForce } from '../../capacity/headroom/quotas.ts';
import { recommend } from '../../capacity/recommendations/recommendation.ts';
import { assumedCoefficients } from './assumed-coefficients.ts';

/** 1,000 users, half of them online with a tab, a message a minute by a timer; 10 webhooks a day, twice as many in a burst of 10 s. */
const small: UsagePlan = {
  ...examplePlan,
  users: 1_000,
  peakConcurrency: 0.5,
  tabsPerUser: 1,
  webhookBurstFactor: 2,
  webhookBurstSeconds: 10,
  webhookBytes: 4_096,
};

interface Case {
  plan?: Partial<UsagePlan>;
  deployment?: Parameters<typeof deploymentWith>[0];
  /** Row → demand and limit. */
  rows: Record<string, [demand: number, limit: number]>;
  /** Recommendation → value; of a redesign, null. */
  values: Record<string, number | string | null>;
}

test.each<[string, Case]>([
  [
    'a domain with large cookies: 25 + 900 + 9,900 bytes of request line and headers',
    {
      plan: { headerBytes: 9_900, tokenBytes: 900 },
      rows: { webSocketHeaderBytes: [10_825, 10_240], authorizerResultBytes: [217 + 675, 8_192] },
      values: { 'redesign.webSocketHeaderBytes': null },
    },
  ],
  [
    'a broadcast in a small Region: 4,000 pushes/s beside 681.58/s, against 2,500 + 1,250 / 10; / 1.05 / 0.7 = 6,369',
    {
      plan: { users: 40_000, peakConcurrency: 1, broadcast: { deadlineSeconds: 10, perDay: 1, bytes: 256 } },
      deployment: { region: 'eu-south-1' },
      rows: { accountThrottle: [4_681.5815, 2_625] },
      // (40,000 − 500) / 350
      values: { 'quota.accountThrottle': 6_400, 'client.backOff': 113 },
    },
  ],
  [
    'a consumer that fails for 20 days: longer than SQS keeps anything',
    {
      plan: { consumerOutageSeconds: 1_728_000 },
      rows: { 'sqsRetention.outage': [1_728_000, 345_600] },
      values: { 'redesign.sqsRetention.outage': null },
    },
  ],
  [
    'and for 5 days: 432,000 / 0.7 in whole hours',
    {
      plan: { consumerOutageSeconds: 432_000 },
      rows: { 'sqsRetention.outage': [432_000, 345_600] },
      values: { 'sqs.retention': 172 * 3_600 },
    },
  ],
  [
    'an account whose idle timeout is shorter than the heartbeat: half of it',
    {
      plan: { heartbeatSeconds: 400, quotas: { 'L-60AC41CD': 300 } },
      rows: { webSocketIdle: [400, 300] },
      values: { 'client.heartbeat': 150 },
    },
  ],
  [
    'a burst of webhooks that pollers follow too slowly: 20,000/s × 0.04 s = 800, 760 more than on average',
    {
      plan: { users: 1e6, webhooksPerUserPerDay: 86.4, webhookBurstFactor: 20, webhookBurstSeconds: 120 },
      rows: { pollerGrowthPerMinute: [760, 300], pollerMaxConcurrency: [800, 1_250] },
      values: {
        // 800 + 3√800 = 885
        'sqs.provisionedPollers': '2 to 89',
        // 20,000 / (1 + 0.5 / 120) / 0.7 = 28,453
        'quota.httpApiThrottle': 29_000,
        // 20,000/s are 2,000 executions at 10/s each, + 3√2,000
        'reservedConcurrency.ingest': 2_135,
      },
    },
  ],
  [
    'a table with a maximum: 2,000 webhooks/s × 2 + 13.9 for connects; / 0.7 = 5,734',
    {
      plan: { users: 100_000, webhooksPerUserPerDay: 864, quotas: { dynamodbMaximumWrite: 1_500 } },
      rows: { dynamodbMaximumWrite: [4_013.8889, 1_500] },
      values: { 'quota.dynamodbMaximumWrite': 5_800 },
    },
  ],
  [
    'an account of 50 with quick functions: 12.5 + 1,000 + 13.9 requests/s of 500, though 10.6 executions are enough',
    {
      plan: { users: 30_000, peakConcurrency: 1, messagesPerUserPerMinute: 2, quotas: { 'L-B99A9384': 50 } },
      rows: { accountInvocationRate: [1_026.3889, 500], accountConcurrency: [10.604167, 50] },
      values: { 'quota.accountConcurrency': 1_000 },
    },
  ],
  [
    'everybody back within a minute: 600,000 / 60 s, against 500 + 500 / 60',
    {
      plan: { users: 600_000, peakConcurrency: 1, recoveryObjectiveSeconds: 60 },
      rows: { newConnections: [10_000, 508.33333] },
      values: {
        // 10,000 / (1 + 1 / 60) / 0.7 = 14,051
        'quota.newConnections': 15_000,
        // 40,278 requests/s / 10 / 0.7 = 5,754
        'quota.accountConcurrency': 5_800,
        'client.backOff': 60,
      },
    },
  ],
  [
    'webhooks of 1.5 MB: four in a batch, and none through the queue',
    {
      plan: { webhookBytes: 1_500_000 },
      rows: { invocationPayloadBytes: [15_000_000, 6_291_456], sqsMessageBytes: [1_500_000, 1_048_576] },
      values: { 'sqs.batchSize': 4, 'redesign.sqsMessageBytes': null },
    },
  ],
])('%s', (_, { plan: change, deployment: of, rows, values }) => {
  const [plan, deployment, coefficients] = [{ ...small, ...change }, deploymentWith(of), assumedCoefficients()];
  const limits = quotasInForce(deployment, plan.quotas);
  const found = headroom(demandsOf(loadOfPlan(plan), coefficients, deployment, limits), limits);
  for (const [id, [demand, limit]] of Object.entries(rows)) {
    const row = found.find(({ quotaId }) => quotaId === id);
    expect([id, row]).toEqual([id, expect.objectContaining({ demand: expect.closeTo(demand, 3) })]);
    expect([id, row?.limit]).toEqual([id, expect.closeTo(limit, 3)]);
  }
  const all = recommend({ plan, coefficients, deployment });
  expect(Object.fromEntries(Object.keys(values).map((id) => [id, all.find((each) => each.id === id)?.value]))).toEqual(
    values,
  );
});
