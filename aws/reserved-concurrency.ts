/** What PutFunctionConcurrency rejects on AWS: reserving so much that too little is left for the functions without a reservation. */
import type { FunctionConcurrency } from './lambda-concurrency.ts';

/** The floor of accounts whose concurrency is no higher than the ordinary floor (error messages of accounts with a limit of 10). */
const smallAccountFloor = 10;

/** The part of the account's concurrency that no function may reserve. `floor`: that of an account of ordinary size. */
export const unreservedFloor = (accountConcurrency: number, floor: number): number =>
  accountConcurrency > floor ? floor : Math.min(smallAccountFloor, floor);

/** @throws one sentence when the reservations leave less than the floor. */
export function checkReservedConcurrency(
  functions: readonly FunctionConcurrency[],
  limits: { accountConcurrency: number; unreservedConcurrencyFloor: number; quotaScale: number },
): void {
  const { accountConcurrency, unreservedConcurrencyFloor, quotaScale } = limits;
  const reserving = functions.filter(({ reservedConcurrency }) => (reservedConcurrency ?? 0) > 0);
  const reserved = reserving.reduce((sum, { reservedConcurrency }) => sum + (reservedConcurrency ?? 0), 0);
  const floor = unreservedFloor(accountConcurrency, unreservedConcurrencyFloor);
  if (reserved === 0 || accountConcurrency - reserved >= floor) return;
  const which = reserving.map(({ functionName, reservedConcurrency: each }) => `${functionName} ${each}`).join(', ');
  const scaled = quotaScale === 1 ? '' : ` (all scaled by ${quotaScale}: quotaScale)`;
  throw new Error(
    `Reserved concurrency (${which}) leaves ${accountConcurrency - reserved} of the account's ${accountConcurrency} unreserved, and Lambda keeps at least ${floor}${scaled}. Lower a reservedConcurrency, or raise accountConcurrency.`,
  );
}
