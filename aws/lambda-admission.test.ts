import { describe, expect, test } from 'vitest';
import { type AdmissionLimits, InvocationAdmission } from './lambda-admission.ts';
import { checkReservedConcurrency } from './reserved-concurrency.ts';

const limits: AdmissionLimits = {
  accountConcurrency: 10,
  maxEnvironments: 1_000,
  invocationsPerSecondPerConcurrency: 10,
  invocationBurstSeconds: 1,
  environmentScaling: { ratePerSecond: 100, burst: 1_000 },
  idleEnvironmentMs: 300_000,
};
const free = (functionName: string) => ({ functionName, reservedConcurrency: null });

/** Invocations of 1 ms each, offered evenly; how many were admitted in each second, and when the first was refused. */
function offer(
  admission: InvocationAdmission,
  { functionName, ratePerSecond, seconds }: { functionName: string; ratePerSecond: number; seconds: number },
) {
  const admitted = Array.from({ length: seconds }, () => 0);
  let firstRefusal: { atMs: number; reason: string; quota: string } | null = null;
  for (let index = 0; index < ratePerSecond * seconds; index++) {
    const atMs = (index * 1_000) / ratePerSecond;
    const answer = admission.admit(functionName, atMs);
    if (answer.kind === 'admitted') {
      admitted[Math.floor(atMs / 1_000)] = (admitted[Math.floor(atMs / 1_000)] ?? 0) + 1;
      admission.release(functionName, atMs);
    } else firstRefusal ??= { atMs, reason: answer.reason, quota: answer.quota };
  }
  return { admitted, firstRefusal };
}

describe('admission of invocations', () => {
  test('a burst of less than one request still lets the rate through', () => {
    // 10 × 10 requests/s, of which 1 ms is a tenth of a request.
    const admission = new InvocationAdmission([free('a')], { ...limits, invocationBurstSeconds: 0.001 }, 0);
    expect(offer(admission, { functionName: 'a', ratePerSecond: 50, seconds: 2 }).admitted).toEqual([50, 50]);
  });

  test('concurrency: the shared pool and a reservation refuse with their own Reason', () => {
    const admission = new InvocationAdmission([free('a'), { functionName: 'r', reservedConcurrency: 1 }], limits, 0);
    for (let index = 0; index < 9; index++) expect(admission.admit('a', 0).kind).toBe('admitted');
    expect(admission.admit('a', 0)).toEqual({
      kind: 'throttled',
      reason: 'ConcurrentInvocationLimitExceeded',
      quota: 'accountConcurrency',
    });
    expect(admission.admit('r', 0).kind).toBe('admitted');
    expect(admission.admit('r', 0)).toEqual({
      kind: 'throttled',
      reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
      quota: 'reservedConcurrency',
    });
    admission.release('a', 1);
    expect(admission.admit('a', 1).kind).toBe('admitted');
  });

  test('a reserved concurrency of 0 lets nothing through', () => {
    const admission = new InvocationAdmission([{ functionName: 'off', reservedConcurrency: 0 }], limits, 0);
    expect(admission.admit('off', 0)).toMatchObject({ reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' });
  });

  test('10 requests/s for each unreserved concurrency, shared by the functions that have no reservation', () => {
    // 10 − 2 reserved = 8: 80 requests/s, and a burst of 80.
    const admission = new InvocationAdmission([free('a'), { functionName: 'r', reservedConcurrency: 2 }], limits, 0);
    const { admitted, firstRefusal } = offer(admission, { functionName: 'a', ratePerSecond: 160, seconds: 10 });
    expect(firstRefusal).toMatchObject({
      reason: 'FunctionInvocationRateLimitExceeded',
      quota: 'accountInvocationRate',
    });
    // 80 / (160 − 80) = 1 s
    expect(firstRefusal?.atMs).toBeGreaterThan(950);
    expect(firstRefusal?.atMs).toBeLessThan(1_050);
    for (const count of admitted.slice(2)) expect(count).toBe(80);
  });

  test('10 requests/s for each reserved concurrency of its function', () => {
    const admission = new InvocationAdmission([free('a'), { functionName: 'r', reservedConcurrency: 2 }], limits, 0);
    const { admitted, firstRefusal } = offer(admission, { functionName: 'r', ratePerSecond: 40, seconds: 10 });
    expect(firstRefusal).toMatchObject({
      reason: 'ReservedFunctionInvocationRateLimitExceeded',
      quota: 'reservedInvocationRate',
    });
    for (const count of admitted.slice(2)) expect(count).toBe(20);
    // Its rate is its own.
    expect(admission.admit('a', 10_000).kind).toBe('admitted');
  });

  test('an asynchronous invocation does not count against the rate', () => {
    const admission = new InvocationAdmission([{ functionName: 'r', reservedConcurrency: 1 }], limits, 0);
    const asynchronous = Array.from({ length: 50 }, () => {
      const { kind } = admission.admit('r', 0, false);
      admission.release('r', 0);
      return kind;
    });
    expect(new Set(asynchronous)).toEqual(new Set(['admitted']));
    expect(admission.admit('r', 0).kind).toBe('admitted');
  });

  test('what is provisioned is no new environment, however long it was idle', () => {
    const scaling = { ...limits, accountConcurrency: 1_000, environmentScaling: { ratePerSecond: 0.001, burst: 1 } };
    const admission = new InvocationAdmission([{ ...free('a'), provisionedConcurrency: 2 }], scaling, 0);
    const inTurn = (atMs: number) => {
      const answers = Array.from({ length: 4 }, () => admission.admit('a', atMs));
      for (const { kind } of answers) if (kind === 'admitted') admission.release('a', atMs);
      return answers.map((answer) => (answer.kind === 'admitted' ? answer.newEnvironment : answer.quota));
    };
    // The third spills over, and takes the only new one that there is.
    expect(inTurn(0)).toEqual([false, false, true, 'environmentScaling']);
    expect(inTurn(1)).toEqual([false, false, false, 'environmentScaling']);
    // That one has ended since.
    expect(inTurn(400_000).slice(0, 2)).toEqual([false, false]);
  });

  test('a function gets a burst of new environments, then a steady rate', () => {
    const scaling = { ...limits, accountConcurrency: 1_000, environmentScaling: { ratePerSecond: 2, burst: 5 } };
    const admission = new InvocationAdmission([free('a'), free('b')], scaling, 0);
    const admittedAt = (name: string, atMs: number) =>
      Array.from({ length: 10 }, () => admission.admit(name, atMs)).filter(({ kind }) => kind === 'admitted').length;
    expect(admittedAt('a', 0)).toBe(5);
    expect(admission.admit('a', 0)).toMatchObject({
      reason: 'ConcurrentInvocationLimitExceeded',
      quota: 'environmentScaling',
    });
    expect(admittedAt('a', 1_000)).toBe(2);
    expect(admittedAt('a', 1_000)).toBe(0);
    // Each function has its own.
    expect(admittedAt('b', 1_000)).toBe(5);
    // Not accrued: after an hour, the burst and no more.
    expect(admittedAt('a', 3_600_000)).toBe(5);
  });

  test('a refusal for lack of an environment consumes none of the request rate, and vice versa', () => {
    const scarce = { ...limits, accountConcurrency: 5, environmentScaling: { ratePerSecond: 0.001, burst: 1 } };
    const admission = new InvocationAdmission([free('a')], scarce, 0);
    expect(admission.admit('a', 0)).toEqual({ kind: 'admitted', newEnvironment: true });
    // 50 requests/s, of which one is taken: refusals for lack of an environment must leave the other 49.
    for (let index = 0; index < 1_000; index++)
      expect(admission.admit('a', 0)).toMatchObject({ quota: 'environmentScaling' });
    admission.release('a', 0);
    for (let index = 0; index < 49; index++) {
      expect(admission.admit('a', 0)).toEqual({ kind: 'admitted', newEnvironment: false });
      admission.release('a', 0);
    }
    expect(admission.admit('a', 0)).toMatchObject({ quota: 'accountInvocationRate' });
  });

  test('an idle environment is reused without a token until it has been idle for too long', () => {
    const scaling = { ...limits, idleEnvironmentMs: 10_000, environmentScaling: { ratePerSecond: 0.001, burst: 2 } };
    const admission = new InvocationAdmission([free('a')], scaling, 0);
    for (const atMs of [0, 1, 2, 5_000, 14_999]) {
      expect(admission.admit('a', atMs).kind).toBe('admitted');
      admission.release('a', atMs);
    }
    // One token is left for the environment that is started now, none for the next.
    expect(admission.admit('a', 25_000).kind).toBe('admitted');
    admission.release('a', 25_000);
    expect(admission.admit('a', 35_000).kind).toBe('throttled');
  });

  test('an idle environment serves one invocation at a time: the next beside it needs a new one', () => {
    const scaling = { ...limits, environmentScaling: { ratePerSecond: 0.001, burst: 2 } };
    const admission = new InvocationAdmission([free('a')], scaling, 0);
    expect(admission.admit('a', 0).kind).toBe('admitted');
    admission.release('a', 1);
    const together = [admission.admit('a', 2), admission.admit('a', 2), admission.admit('a', 2)];
    expect(together.map(({ kind }) => kind)).toEqual(['admitted', 'admitted', 'throttled']);
  });

  test('an invocation that waits for this machine needs no new environment', () => {
    const scaling = { ...limits, maxEnvironments: 3, environmentScaling: { ratePerSecond: 0.001, burst: 3 } };
    const admission = new InvocationAdmission([free('a')], scaling, 0);
    for (let index = 0; index < 10; index++) expect(admission.admit('a', 0).kind).toBe('admitted');
    for (let index = 0; index < 10; index++) admission.release('a', 1);
    for (let index = 0; index < 3; index++) expect(admission.admit('a', 2).kind).toBe('admitted');
  });
});

describe('reserved concurrency', () => {
  const account = { accountConcurrency: 1_000, unreservedConcurrencyFloor: 100, quotaScale: 1 };
  const reserve = (...reserved: number[]) =>
    reserved.map((reservedConcurrency, index) => ({ functionName: `f${index}`, reservedConcurrency }));

  test('100 must stay unreserved', () => {
    expect(() => checkReservedConcurrency(reserve(500, 400), account)).not.toThrow();
    expect(() => checkReservedConcurrency(reserve(500, 401), account)).toThrow(
      "Reserved concurrency (f0 500, f1 401) leaves 99 of the account's 1000 unreserved, and Lambda keeps at least 100. Lower a reservedConcurrency, or raise accountConcurrency.",
    );
  });

  test('10 in an account whose limit is small, so that a limit of 10 allows no reservation', () => {
    expect(() => checkReservedConcurrency(reserve(40), { ...account, accountConcurrency: 50 })).not.toThrow();
    expect(() => checkReservedConcurrency(reserve(41), { ...account, accountConcurrency: 50 })).toThrow('at least 10');
    expect(() => checkReservedConcurrency(reserve(1), { ...account, accountConcurrency: 10 })).toThrow('leaves 9');
    expect(() => checkReservedConcurrency(reserve(0), { ...account, accountConcurrency: 10 })).not.toThrow();
  });

  test('what is provisioned counts as if it were reserved, within a reservation only once', () => {
    const kept = (provisionedConcurrency: number, reservedConcurrency: number | null = null) => [
      { functionName: 'kept', reservedConcurrency, provisionedConcurrency },
    ];
    expect(() => checkReservedConcurrency([...reserve(500), ...kept(400)], account)).not.toThrow();
    expect(() => checkReservedConcurrency([...reserve(500), ...kept(401)], account)).toThrow(
      "Reserved and provisioned concurrency (f0 500, kept 401) leaves 99 of the account's 1000 unreserved",
    );
    expect(() => checkReservedConcurrency([...reserve(500), ...kept(400, 400)], account)).not.toThrow();
    expect(() => checkReservedConcurrency(kept(5, 4), account)).toThrow(
      'The provisioned concurrency of kept (5) is more than is reserved for it (4), which Lambda does not take.',
    );
  });

  test('scaled quotas keep their proportions, and the message says so', () => {
    const scaled = { accountConcurrency: 10, unreservedConcurrencyFloor: 1, quotaScale: 0.01 };
    expect(() => checkReservedConcurrency(reserve(5, 4), scaled)).not.toThrow();
    expect(() => checkReservedConcurrency(reserve(5, 5), scaled)).toThrow(
      'at least 1 (all scaled by 0.01: quotaScale)',
    );
  });
});
