/** A flood of webhooks against the account's concurrency, with API Gateway's throttle, Lambda's own admission and the stack's settings. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { InvocationAdmission } from '../../aws/lambda-admission.ts';
import { checkReservedConcurrency } from '../../aws/reserved-concurrency.ts';
import { TokenBucket } from '../../aws/token-bucket.ts';
import { loadOfPlan } from '../../capacity/demand/load.ts';
import { parseUsagePlan } from '../../scenarios/plan/plan.ts';
import { deploymentSettings, guardSentence } from '../../stack/settings/deployment-settings.ts';
import { parseSettings, type StackSettings, type StackSettingsInput } from '../../stack/settings/settings.ts';

/** As many webhooks as there can be, each of which takes as long as its function may; then handshakes, each of which is two invocations. */
function handshakesDuringFlood(
  accountConcurrency: number,
  { functions, queue, webhookThrottle }: StackSettings,
): number {
  const models = Object.entries(functions).map(([functionName, { reservedConcurrency }]) => ({
    functionName,
    reservedConcurrency,
  }));
  // Refuses what PutFunctionConcurrency would refuse at deployment.
  checkReservedConcurrency(models, { accountConcurrency, unreservedConcurrencyFloor: 100, quotaScale: 1 });
  const admission = new InvocationAdmission(
    models,
    {
      accountConcurrency,
      maxEnvironments: Number.POSITIVE_INFINITY,
      invocationsPerSecondPerConcurrency: 10,
      invocationBurstSeconds: 1,
      environmentScaling: { ratePerSecond: 100, burst: 1_000 },
      idleEnvironmentMs: 300_000,
    },
    0,
  );
  const admitted = (name: string, attempts: number, nowMs = 0) =>
    Array.from({ length: attempts }, () => admission.admit(name, nowMs)).filter(({ kind }) => kind === 'admitted')
      .length;
  admitted('deliver', queue.maximumConcurrency ?? accountConcurrency);
  const timeoutMs = functions.ingest.timeoutSeconds * 1_000;
  const bucket = new TokenBucket(webhookThrottle, 0);
  for (let nowMs = 0; nowMs < timeoutMs; nowMs += 10)
    for (let posts = 0; posts < accountConcurrency && bucket.take(nowMs); posts++) admitted('ingest', 1, nowMs);
  const invocations = Array.from(
    { length: accountConcurrency },
    () => admitted('authorize', 1, timeoutMs) + admitted('connect', 1, timeoutMs),
  );
  return invocations.filter((each) => each === 2).length;
}

const stated = (accountConcurrency: number | null) => parseSettings({ accountConcurrency });
const looked = (total: number, unreserved = total, input: StackSettingsInput = {}) =>
  deploymentSettings(input, { kind: 'known', total, unreserved }).settings;
const nobody = { kind: 'unknown', reason: 'no credentials' } as const;
const unknown = (input: StackSettingsInput = {}) => deploymentSettings(input, nobody).settings;

describe('a flood of webhooks', () => {
  it('takes all of the account where nothing is done about it', () => {
    expect(handshakesDuringFlood(1_000, stated(null))).toBe(0);
  });

  it.each([
    // 1,000 − 360 for ingest − 200 for deliver, two for each handshake.
    [1_000, 220],
    [50, 12],
  ])('leaves handshakes their share of %i executions, stated or looked up: %i at once', (account, handshakes) => {
    expect(handshakesDuringFlood(account, stated(account))).toBe(handshakes);
    expect(handshakesDuringFlood(account, looked(account))).toBe(handshakes);
  });

  it('leaves handshakes theirs when nobody could be asked: webhooks are throttled, in an account of Lambda’s default quota', () => {
    // 90 at once and 54/s for the 5 s of a timeout: 360, as if they were reserved.
    expect(handshakesDuringFlood(1_000, unknown())).toBeGreaterThanOrEqual(220);
    // What the caller sets stays.
    expect(unknown({ webhookThrottle: { ratePerSecond: 500 } }).webhookThrottle.ratePerSecond).toBe(500);
  });

  it('leaves handshakes theirs beside other stacks that have reserved most of the account', () => {
    // 100 of 1,000 must stay unreserved: 24 of these 160 for ingest (40% of 60), 32 for deliver (20%), two for each handshake.
    const most = looked(1_000, 160);
    expect([most.functions.ingest.reservedConcurrency, most.queue.maximumConcurrency]).toEqual([24, 32]);
    expect(handshakesDuringFlood(160, most)).toBe(52);
    // As much as the stack itself reserves may be that of its last deployment, which changes nothing.
    expect(looked(1_000, 640)).toEqual(looked(1_000));
    expect(handshakesDuringFlood(639, looked(1_000, 639))).toBe(148);
  });

  it('where other stacks have left nothing to reserve, webhooks are throttled to their share of what is left', () => {
    const found = { kind: 'known', total: 1_000, unreserved: 102 } as const;
    // 40 of 102 for ingest: 10 at once and 6/s for 5 s. 20 for deliver, two for each handshake.
    const { settings, guard } = deploymentSettings({ webhookPeakPerSecond: 2 }, found);
    expect([settings.functions.ingest.reservedConcurrency, settings.webhookThrottle]).toEqual([
      null,
      { burst: 10, ratePerSecond: 6 },
    ]);
    expect(settings.queue.maximumConcurrency).toBe(20);
    expect(handshakesDuringFlood(102, settings)).toBeGreaterThanOrEqual(21);
    expect(guard && guardSentence(guard)).toContain(
      "they hold 40 executions, within the 40 that are webhooks' share of the 102 that others have left of 1000",
    );
    // The plan's 45/s are more than that, which is said.
    const planned = deploymentSettings({}, found).guard;
    expect(planned && guardSentence(planned)).toContain('they hold 270 executions, more than the 40');
  });

  it('leaves the queue the maximum that its settings state, whatever others have reserved', () => {
    for (const unreserved of [1_000, 160, 102])
      expect(looked(1_000, unreserved, { queue: { maximumConcurrency: 9 } }).queue.maximumConcurrency).toBe(9);
    expect(unknown({ queue: { maximumConcurrency: 9 } }).queue.maximumConcurrency).toBe(9);
  });

  it('in an account of 10, where nothing may be reserved, the queue takes 2 and webhooks come as fast as the plan says', () => {
    for (const { settings, guard } of [
      deploymentSettings({ accountConcurrency: 10 }, nobody),
      deploymentSettings({}, { kind: 'known', total: 10, unreserved: 10 }),
    ]) {
      expect(settings.queue.maximumConcurrency).toBe(2);
      expect(settings.webhookThrottle).toEqual({ ratePerSecond: 45, burst: 45 });
      // Webhooks that hang take everything all the same, which is said; those of 40 ms take 1.8 executions.
      expect(handshakesDuringFlood(10, settings)).toBe(0);
      expect(guard && guardSentence(guard)).toContain(
        'If each takes its whole timeout (5 s) they hold 270 executions, more than the 0 that this account could spare',
      );
    }
  });

  it('never throttles to less than the plan’s busiest second', () => {
    const file = readFileSync(new URL('../../scenarios/plan.yml', import.meta.url), 'utf8');
    const parsed = parseUsagePlan(file, 'plan.yml');
    if (parsed.kind === 'invalid') throw new Error('plan.yml is invalid');
    const peak = loadOfPlan(parsed.plan).webhookBurst?.ratePerSecond ?? 0;
    expect(parseSettings().webhookPeakPerSecond).toBe(peak);
    expect(unknown().webhookThrottle.ratePerSecond).toBeGreaterThanOrEqual(peak);
    // A tenth of an account: what hangs is not bounded by its share any more, and the sentence says so.
    const busy = deploymentSettings({ webhookPeakPerSecond: 800 }, nobody);
    expect(busy.settings.webhookThrottle).toEqual({ ratePerSecond: 800, burst: 800 });
    expect(busy.guard && guardSentence(busy.guard)).toContain('they hold 4800 executions, more than the 360');
  });

  it('is kept out by the queue alone where nothing runs in front of it', () => {
    const { guard, settings } = deploymentSettings({ ingest: 'direct' }, nobody);
    expect(guard).toEqual({ kind: 'queueOnly', deliver: 200, reason: 'no credentials' });
    expect(settings.webhookThrottle.ratePerSecond).toBe(2_000);
    for (const found of [nobody, { kind: 'known', total: 1_000, unreserved: 1_000 } as const])
      for (const ingest of ['lambda', 'direct'] as const) {
        const provisionedPollers = { minimum: 2, maximum: 20 };
        const pollers = deploymentSettings({ ingest, queue: { provisionedPollers } }, found);
        expect(pollers.settings.queue.maximumConcurrency).toBeNull();
        expect(pollers.guard && guardSentence(pollers.guard)).toContain('what its provisioned pollers take');
      }
  });
});
