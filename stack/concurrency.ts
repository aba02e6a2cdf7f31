/**
 * Shares of the account's concurrent executions, so that a flood of webhooks leaves some for `$connect`: the functions of webhooks are
 * capped, and not those of the connect path. A reservation is a ceiling too, and all clients may come back at once. docs/adr/0021 says more.
 */

/** Lambda keeps this much unreserved; in accounts that have no more than that, 10. Lambda developer guide, reserved concurrency, read November 2026. */
const unreservedFloor = 100;
const smallAccountFloor = 10;
/** Of what may be reserved, for ingest. */
const ingestShare = 0.4;
/** Of the account, for deliver: MaximumConcurrency of its event source, which takes nothing from the other functions. */
const deliverShare = 0.2;
/** A smaller reservation would rather throttle webhooks that come at the same time than protect anything. */
export const smallestReservation = 5;
/** Of an account, for all functions, unless raised; new accounts may have less (L-B99A9384, Lambda quotas, read November 2026). */
export const defaultAccountConcurrency = 1_000;
/** MaximumConcurrency: AWS accepts 2 to 1,000. */
const [smallestMaximum, largestMaximum] = [2, 1_000];

export const floorOf = (accountConcurrency: number): number =>
  accountConcurrency > unreservedFloor ? unreservedFloor : smallAccountFloor;

/**
 * @param pool of the account, or what other stacks have left of it. `reserved`: by other functions of this one; `deliver`: what is reserved for deliver, which
 * its event source must not exceed; `floor`: what must stay unreserved.
 */
export function webhookShares(
  pool: number,
  { reserved, deliver, floor = floorOf(pool) }: { reserved: number; deliver: number | null; floor?: number },
): { ingest: number | null; deliver: number } {
  const reservable = pool - floor;
  const ingest = Math.floor(Math.min(ingestShare * reservable, reservable - reserved));
  const most = Math.min(largestMaximum, deliver ?? largestMaximum);
  return {
    ingest: ingest < smallestReservation ? null : ingest,
    deliver: Math.max(smallestMaximum, Math.min(most, Math.floor(deliverShare * pool))),
  };
}

/** Executions that webhooks may hold where nothing can be reserved for them: as many as a reservation would have, and no more than its part of what others have left. */
export function throttledShare(account: number, pool: number): number {
  const { ingest } = webhookShares(account, { reserved: 0, deliver: null });
  return Math.min(ingest ?? 0, Math.floor(ingestShare * pool));
}
