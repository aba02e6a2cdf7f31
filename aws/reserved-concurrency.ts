/** What PutFunctionConcurrency and PutProvisionedConcurrencyConfig reject on AWS: reserving, or keeping ready, so much that too little is left for all other functions. */
import type { FunctionConcurrency } from './lambda-concurrency.ts';

/** What a function takes of the account's concurrency whether it runs or not. */
export const claimOf = ({
  reservedConcurrency,
  provisionedConcurrency = 0,
}: Pick<FunctionConcurrency, 'reservedConcurrency' | 'provisionedConcurrency'>): number =>
  reservedConcurrency ?? provisionedConcurrency;

/** The floor of accounts whose concurrency is no higher than the ordinary floor (error messages of accounts with a limit of 10). */
const smallAccountFloor = 10;

/** The part of the account's concurrency that no function may reserve or have provisioned. `floor`: that of an account of ordinary size. */
export const unreservedFloor = (accountConcurrency: number, floor: number): number =>
  accountConcurrency > floor ? floor : Math.min(smallAccountFloor, floor);

/** @throws one sentence when reservations and what is provisioned beside them leave less than the floor, or a function has more provisioned than reserved. */
export function checkReservedConcurrency(
  functions: readonly FunctionConcurrency[],
  limits: { accountConcurrency: number; unreservedConcurrencyFloor: number; quotaScale: number },
): void {
  const { accountConcurrency, unreservedConcurrencyFloor, quotaScale } = limits;
  const beyond = functions.find(
    ({ reservedConcurrency, provisionedConcurrency = 0 }) =>
      reservedConcurrency !== null && provisionedConcurrency > reservedConcurrency,
  );
  if (beyond !== undefined)
    throw new Error(
      `The provisioned concurrency of ${beyond.functionName} (${beyond.provisionedConcurrency}) is more than is reserved for it (${beyond.reservedConcurrency}), which Lambda does not take. Raise its reserved concurrency, or lower the provisioned.`,
    );
  const reserving = functions.filter((each) => claimOf(each) > 0);
  const reserved = reserving.reduce((sum, each) => sum + claimOf(each), 0);
  const floor = unreservedFloor(accountConcurrency, unreservedConcurrencyFloor);
  if (reserved === 0 || accountConcurrency - reserved >= floor) return;
  const which = reserving.map((each) => `${each.functionName} ${claimOf(each)}`).join(', ');
  const what = reserving.some((each) => each.reservedConcurrency === null) ? 'Reserved and provisioned' : 'Reserved';
  const scaled = quotaScale === 1 ? '' : ` (all scaled by ${quotaScale}: quotaScale)`;
  throw new Error(
    `${what} concurrency (${which}) leaves ${accountConcurrency - reserved} of the account's ${accountConcurrency} unreserved, and Lambda keeps at least ${floor}${scaled}. Lower a reservedConcurrency, or raise accountConcurrency.`,
  );
}
