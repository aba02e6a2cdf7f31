/** With every recommendation of a plan carried out, nothing is exceeded any more within its horizon, or a redesign says what is. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Coefficients } from '../demand/coefficients.ts';
import type { UsagePlan } from '../demand/plan.ts';
import {
  coefficientsWith,
  deploymentWith,
  eachFunction,
  exampleDeployment,
  examplePlan,
  functionIds,
} from '../example-stack.fixture.ts';
import type { Deployment } from '../headroom/deployment.ts';
import { quotasInForce, quotasOf } from '../headroom/quotas.ts';
import { project } from '../projection/projection.ts';
import { applied } from './applied.ts';
import { type Recommendation, recommend } from './recommendation.ts';

const logarithmic = (from: number, to: number) =>
  fc.double({ min: Math.log(from), max: Math.log(to), noNaN: true }).map(Math.exp);
const share = fc.double({ min: 0.01, max: 1, noNaN: true });
const optional = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });

const channels = fc.record({
  count: logarithmic(1, 1e5),
  size: fc.oneof(
    logarithmic(1, 1e5),
    fc.record({ largest: logarithmic(1, 1e4), exponent: fc.double({ min: 0, max: 2, noNaN: true }) }),
  ),
  publishesPerMinute: logarithmic(0.001, 1e3),
  publishBytes: fc.constant(256),
  collectSeconds: fc.constantFrom(0, 0, 1),
});

const plans: fc.Arbitrary<UsagePlan> = fc
  .record({
    users: logarithmic(1, 1e9).map(Math.round),
    peakConcurrency: share,
    tabsPerUser: logarithmic(0.5, 20),
    messagesPerUserPerMinute: fc.oneof(fc.constant(0), logarithmic(0.001, 600)),
    messageGaps: fc.constantFrom('exponential', 'regular'),
    afterSilence: fc.constantFrom('withNextMessage', 'atOnce'),
    messageBytes: logarithmic(1, 2e5).map(Math.round),
    heartbeatSeconds: optional(fc.integer({ min: 10, max: 599 })),
    loginWindowSeconds: optional(logarithmic(10, 86_400)),
    recoveryObjectiveSeconds: optional(logarithmic(5, 7_200)),
    tokenBytes: optional(fc.integer({ min: 0, max: 12_000 })),
    headerBytes: optional(fc.integer({ min: 0, max: 12_000 })),
    consumerOutageSeconds: optional(logarithmic(1, 3e6)),
    webhooksPerUserPerDay: fc.oneof(fc.constant(0), logarithmic(0.01, 1e4)),
    webhookBurstFactor: logarithmic(1, 1e3),
    webhookBurstSeconds: logarithmic(1, 3_600),
    webhookBytes: logarithmic(1, 2e6).map(Math.round),
    channels: optional(fc.array(channels, { minLength: 1, maxLength: 2 })),
    broadcast: optional(
      fc.record({ deadlineSeconds: logarithmic(1, 3_600), perDay: fc.constant(1), bytes: fc.constant(256) }),
    ),
    largest: optional(
      fc.record({
        userConnections: optional(logarithmic(1, 1e5)),
        userWebhooksPerDay: optional(logarithmic(1, 1e7)),
        channelSubscribers: optional(logarithmic(1, 1e6)),
        channelPublishesPerMinute: logarithmic(0.01, 1e3),
        tenantShare: optional(share),
      }),
    ),
    hourlyLoad: optional(fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 24, maxLength: 24 })),
    growthPerMonth: fc.double({ min: -0.2, max: 0.5, noNaN: true }),
    newTable: optional(fc.boolean()),
    horizonMonths: fc.integer({ min: 1, max: 24 }),
    rollout: fc.constantFrom(
      examplePlan.rollout,
      [
        { stage: 'tenth', share: 0.1, date: '2026-01-01' },
        { stage: 'all', share: 1, date: '2026-04-10' },
      ],
      [
        { stage: 'all', share: 1, date: '2026-01-01' },
        { stage: 'half', share: 0.5, date: '2026-03-10' },
      ],
    ),
    quotas: fc.dictionary(
      fc.constantFrom(
        ...quotasOf(exampleDeployment)
          .flatMap(({ id, code, burstCode }) => [id, code, burstCode])
          .filter((key) => key !== null),
      ),
      logarithmic(1, 1e5),
      { maxKeys: 4 },
    ),
  })
  .map((change) => ({ ...examplePlan, ...change }));

const deployments: fc.Arbitrary<Deployment> = fc
  .record({
    region: fc.constantFrom('us-east-1', 'eu-south-1'),
    ingest: fc.constantFrom('lambda', 'direct'),
    webSocketThrottle: fc.constantFrom({ ratePerSecond: 5_000, burst: 2_500 }, { ratePerSecond: 50, burst: 10 }),
    batchSize: fc.constantFrom(1, 10, 1_000),
    maximumConcurrency: fc.constantFrom(null, 2, 50, 1_000),
    provisionedPollers: fc.constantFrom(null, null, { minimum: 2, maximum: 20 }),
    isFifo: fc.boolean(),
    isHighThroughput: fc.boolean(),
    visibilityTimeoutSeconds: fc.constantFrom(1, 181),
    maxReceiveCount: fc.constantFrom(1, 5),
    retentionSeconds: fc.constantFrom(60, 345_600),
    reservedConcurrency: fc.dictionary(fc.constantFrom(...functionIds), fc.integer({ min: 0, max: 200 }), {
      maxKeys: 2,
    }),
  })
  .map((change) =>
    deploymentWith({ ...change, maximumConcurrency: change.provisionedPollers ? null : change.maximumConcurrency }),
  );

const coefficients: fc.Arbitrary<Coefficients> = fc
  .record({ seconds: logarithmic(0.001, 5), p99: logarithmic(0.01, 60), pushBytes: logarithmic(1, 2e5) })
  .map(({ seconds, p99, pushBytes }) => {
    const value = (of: number) => ({ kind: 'value', value: of, unit: '', method: 'measured', basis: '' }) as const;
    return coefficientsWith({
      meanSeconds: eachFunction(value(seconds)),
      p99Seconds: eachFunction(value(p99)),
      pushBytes: value(pushBytes),
    });
  });

/** What is exceeded after all that was recommended, by how much at most, and what a redesign names. */
function afterwards(all: readonly Recommendation[], plan: UsagePlan, deployment: Deployment, using: Coefficients) {
  const after = applied(
    all.map(({ change }) => change),
    { plan, deployment },
  );
  const limits = quotasInForce(after.deployment, after.plan.quotas);
  const { points, exhaustions } = project(after.plan, using, limits, after.deployment);
  const demandOf = (id: string) =>
    Math.max(
      ...points.flatMap(({ headroom }) =>
        headroom.map((row) => (row.quotaId === id && row.kind === 'value' ? row.utilisation * row.limit : 0)),
      ),
    );
  return {
    limits,
    demandOf,
    exceeded: exhaustions.filter(({ kind }) => kind === 'at').map(({ quotaId }) => quotaId),
    redesigned: all.filter(({ kind }) => kind === 'redesign').flatMap(({ quotaIds }) => quotaIds),
  };
}

/** 300 of them take a machine that does other work some 20 s: FAST_CHECK_RUNS asks for more than what every test run can afford. */
const runs = { numRuns: Number(process.env.FAST_CHECK_RUNS ?? 40), ...(!process.env.FAST_CHECK_RUNS && { seed: 13 }) };

test('for any plan, stack and account', { timeout: 3_600_000 }, () => {
  fc.assert(
    fc.property(plans, deployments, coefficients, (plan, deployment, using) => {
      const all = recommend({ plan, coefficients: using, deployment });
      const { limits, exceeded, redesigned, demandOf } = afterwards(all, plan, deployment, using);
      expect(exceeded.toSorted()).toEqual(redesigned.toSorted());
      for (const each of all.filter(({ kind }) => kind === 'redesign')) {
        expect(each.designs.length).toBeGreaterThan(0);
      }
      // A redesign is not a way out: what a raise of the quota's own code reaches is raised, and what a setting reaches is set.
      for (const { id, code, remedies, default: usual } of limits.filter(({ id }) => redesigned.includes(id))) {
        const [first] = remedies;
        if (first.kind === 'raise' && first.code === code && id !== 'accountConcurrency')
          expect([id, demandOf(id)]).toEqual([id, expect.toSatisfy((demand) => demand > first.timesDefault * usual)]);
        const isOverrun = id.startsWith('sqsRetention') && redesigned.includes('pollerMaxConcurrency');
        if (first.kind === 'set' && first.most !== null && !isOverrun)
          expect([id, demandOf(id)]).toEqual([id, expect.toSatisfy((demand) => demand > Number(first.most))]);
        if (id === 'webSocketApiThrottle' || id === 'httpApiThrottle') expect(redesigned).toContain('accountThrottle');
      }
      // No stage admits more than its account.
      const account = limits.find(({ id }) => id === 'accountThrottle');
      for (const { kind, value } of all.filter((each) => each.setting?.endsWith('Throttle')))
        if (kind === 'set') expect(value).toBeLessThanOrEqual(Math.max(10 * 10_000, account?.limit ?? 0));
      // Every number of the facts is one: JSON has no others.
      expect(JSON.parse(JSON.stringify(all.map(({ facts }) => facts)))).toEqual(all.map(({ facts }) => facts));
    }),
    runs,
  );
});
