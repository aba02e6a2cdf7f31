/** Quotas that were given a value although nothing of the stack depends on them. */
import type { QuotaInForce } from './quota.ts';

/** No row of the headroom table, yet they move others: those that follow from them. */
const movesOthers: ReadonlySet<string> = new Set(['reservedInvocationRate', 'unreservedConcurrencyFloor']);

/** Of the ids and codes that were stated, those without an effect on this stack. `limits`: the quotas in force, with these values. */
export function withoutEffect(stated: readonly string[], limits: readonly QuotaInForce[]): string[] {
  const effective = new Set(
    limits.flatMap(({ id, quota, isOwnLimit, code, burstCode, burst, sharesLimitOf }) => [
      id,
      // Of each resource that has none of its own stated; what is set for one resource is its own.
      isOwnLimit ? null : quota,
      code,
      burst === null ? null : burstCode,
      sharesLimitOf ?? null,
    ]),
  );
  return stated.filter((key) => !effective.has(key) && !movesOthers.has(key));
}
