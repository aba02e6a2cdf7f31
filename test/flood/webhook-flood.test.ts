/** A flood of webhooks against the account's concurrency, with Lambda's own admission and the stack's settings. */
import { describe, expect, it } from 'vitest';
import { InvocationAdmission } from '../../aws/lambda-admission.ts';
import { checkReservedConcurrency } from '../../aws/reserved-concurrency.ts';
import { parseSettings } from '../../stack/settings.ts';

/** As many webhooks at once as there can be, none of which ends; then handshakes, each of which is two invocations. */
function handshakesDuringFlood(accountConcurrency: number, stated: number | null): number {
  const { functions, queue } = parseSettings({ accountConcurrency: stated });
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
  const admitted = (name: string, attempts: number) =>
    Array.from({ length: attempts }, () => admission.admit(name, 0)).filter(({ kind }) => kind === 'admitted').length;
  admitted('deliver', queue.maximumConcurrency ?? accountConcurrency);
  admitted('ingest', accountConcurrency);
  const invocations = Array.from(
    { length: accountConcurrency },
    () => admitted('authorize', 1) + admitted('connect', 1),
  );
  return invocations.filter((each) => each === 2).length;
}

describe('a flood of webhooks', () => {
  it('takes all of the account where its concurrency is not stated', () => {
    expect(handshakesDuringFlood(1_000, null)).toBe(0);
  });

  it.each([
    // 1,000 − 360 for ingest − 200 for deliver, two for each handshake.
    [1_000, 220],
    [50, 12],
  ])('leaves handshakes their share of %i executions where it is: %i at once', (account, handshakes) => {
    expect(handshakesDuringFlood(account, account)).toBe(handshakes);
  });

  it('in an account of 10, where nothing may be reserved, the queue takes 2 and the rest is anybody’s', () => {
    expect(handshakesDuringFlood(10, 10)).toBe(0);
  });
});
