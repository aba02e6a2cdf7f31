/** What PutFunctionConcurrency refuses on AWS: reserving so much that too little is left for the functions without a reservation. */
import type { Limits } from '../quota/limits.ts';
import type { FunctionConcurrency } from './concurrency.ts';

/** The floor of accounts whose concurrency is no higher than the ordinary floor (error messages of accounts with a limit of 10). */
const smallAccountFloor = 10;

/** @throws one sentence when the reservations leave less than the floor. */
export function checkReservedConcurrency(
  functions: readonly FunctionConcurrency[],
  limits: Pick<Limits, 'accountConcurrency' | 'unreservedConcurrencyFloor' | 'quotaScale'>,
): void {
  const { accountConcurrency, unreservedConcurrencyFloor, quotaScale } = limits;
  const reserving = functions.filter(({ reservedConcurrency }) => (reservedConcurrency ?? 0) > 0);
  const reserved = reserving.reduce((sum, { reservedConcurrency }) => sum + (reservedConcurrency ?? 0), 0);
  const floor =
    accountConcurrency > unreservedConcurrencyFloor
      ? unreservedConcurrencyFloor
      : Math.min(smallAccountFloor, unreservedConcurrencyFloor);
  if (reserved === 0 || accountConcurrency - reserved >= floor) return;
  const which = reserving.map(({ functionName, reservedConcurrency: each }) => `${functionName} ${each}`).join(', ');
  const scaled = quotaScale === 1 ? '' : ` (all at ${quotaScale} of their size: quotaScale)`;
  throw new Error(
    `Reserved concurrency (${which}) leaves ${accountConcurrency - reserved} of the account's ${accountConcurrency} unreserved, and Lambda keeps at least ${floor}${scaled}. Lower a reservedConcurrency, or raise accountConcurrency.`,
  );
}
