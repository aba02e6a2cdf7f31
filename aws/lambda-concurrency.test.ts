import { describe, expect, test } from 'vitest';
import { ConcurrencyLedger } from './lambda-concurrency.ts';

describe('concurrency', () => {
  const functions = [
    { functionName: 'reserved', reservedConcurrency: 2 },
    { functionName: 'a', reservedConcurrency: null },
    { functionName: 'b', reservedConcurrency: null },
  ];
  const add = (ledger: ConcurrencyLedger, ...names: string[]) => {
    for (const name of names) ledger.add(name);
  };

  test('a function with a reservation has room up to its own limit, whatever is free elsewhere', () => {
    const ledger = new ConcurrencyLedger(functions, 5);
    add(ledger, 'reserved', 'reserved');
    expect(ledger.hasRoom('reserved')).toBe(false);
    ledger.release('reserved');
    expect(ledger.hasRoom('reserved')).toBe(true);
  });

  test('the others share what is not reserved', () => {
    const ledger = new ConcurrencyLedger(functions, 5);
    add(ledger, 'a', 'b', 'a');
    expect(ledger.hasRoom('b')).toBe(false);
    expect(ledger.hasRoom('reserved')).toBe(true);
    add(ledger, 'reserved');
    // 2 reserved + 3 running in the shared pool.
    expect(ledger.claimed).toBe(5);
    expect(ledger.total).toBe(4);
  });

  test('what is provisioned is claimed of the shared pool, and has room where the pool has none', () => {
    const kept = { functionName: 'kept', reservedConcurrency: null, provisionedConcurrency: 2 };
    const ledger = new ConcurrencyLedger([...functions, kept], 5);
    // 2 reserved, 2 provisioned: 1 is left for all.
    expect(ledger.claimed).toBe(4);
    add(ledger, 'a');
    expect([ledger.hasRoom('b'), ledger.hasRoom('kept')]).toEqual([false, true]);
    add(ledger, 'kept', 'kept');
    expect([ledger.claimed, ledger.unreserved, ledger.hasRoom('kept')]).toEqual([5, 3, false]);
    ledger.release('a');
    // One spills over.
    expect(ledger.hasRoom('kept')).toBe(true);
    add(ledger, 'kept');
    expect(ledger.claimed).toBe(5);
    for (let n = 0; n < 3; n += 1) ledger.release('kept');
    expect([ledger.claimed, ledger.unreserved]).toEqual([4, 0]);
  });

  test('a limit above this machine’s environments throttles nothing: a waiting invocation is not an execution', () => {
    const machineEnvironments = 3;
    const roomAfterTen = (accountConcurrency: number) => {
      const ledger = new ConcurrencyLedger([], accountConcurrency, machineEnvironments);
      add(ledger, ...Array.from({ length: 10 }, () => 'a'));
      return ledger.hasRoom('a');
    };
    expect(roomAfterTen(3)).toBe(false);
    expect(roomAfterTen(4)).toBe(true);
  });
});
