import { describe, expect, test } from 'vitest';
import { ConcurrencyLedger } from './concurrency.ts';

describe('concurrency', () => {
  const functions = [
    { functionName: 'reserved', reservedConcurrency: 2 },
    { functionName: 'a', reservedConcurrency: null },
    { functionName: 'b', reservedConcurrency: null },
  ];

  test('a reserved function is throttled at its own limit, whatever is free elsewhere', () => {
    const ledger = new ConcurrencyLedger(functions, 5);
    expect(ledger.admit('reserved').kind).toBe('admitted');
    expect(ledger.admit('reserved').kind).toBe('admitted');
    expect(ledger.admit('reserved')).toEqual({
      kind: 'throttled',
      reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
    });
    ledger.release('reserved');
    expect(ledger.admit('reserved').kind).toBe('admitted');
  });

  test('the others share what is not reserved', () => {
    const ledger = new ConcurrencyLedger(functions, 5);
    expect([ledger.admit('a'), ledger.admit('b'), ledger.admit('a')].map(({ kind }) => kind)).toEqual([
      'admitted',
      'admitted',
      'admitted',
    ]);
    expect(ledger.admit('b')).toEqual({ kind: 'throttled', reason: 'ConcurrentInvocationLimitExceeded' });
    expect(ledger.admit('reserved').kind).toBe('admitted');
    // 2 reserved + 3 running in the shared pool.
    expect(ledger.claimed).toBe(5);
    expect(ledger.total).toBe(4);
  });

  test('a limit beyond the environments of this machine throttles nothing: what waits for them is no execution', () => {
    const machineEnvironments = 3;
    const admitted = (accountConcurrency: number) => {
      const ledger = new ConcurrencyLedger([], accountConcurrency, machineEnvironments);
      return Array.from({ length: 10 }, () => ledger.admit('a')).filter(({ kind }) => kind === 'admitted').length;
    };
    expect(admitted(3)).toBe(3);
    expect(admitted(4)).toBe(10);
  });

  test('a reserved concurrency of 0 lets nothing through', () => {
    const ledger = new ConcurrencyLedger([{ functionName: 'off', reservedConcurrency: 0 }], 10);
    expect(ledger.admit('off').kind).toBe('throttled');
  });

  test('more reserved than the account has is refused', () => {
    expect(() => new ConcurrencyLedger(functions, 1)).toThrow("adds up to 2, more than the account's 1");
  });
});
