/** Quotas that a plan, an option or a file may give a value: by id or by code. */
import { quotaFact, quotaIds, quotaName } from '../../aws/quotas/table.ts';
import { roles } from '../../capacity/demand/coefficients.ts';
import { nearestKey } from '../yaml/nearest-key.ts';

/** Key → what it is. */
const known: ReadonlyMap<string, string> = new Map(
  quotaIds.flatMap((id): [string, string][] => {
    const { code, burstCode } = quotaFact(id);
    const name = quotaName(id);
    const keys = id === 'reservedConcurrency' ? roles.map((role) => `${id}.${role}`) : [id];
    return [
      ...keys.map((key): [string, string] => [key, name]),
      ...(code === null ? [] : [[code, name] as [string, string]]),
      ...(burstCode === null ? [] : [[burstCode, `burst of the ${name}`] as [string, string]]),
    ];
  }),
);

export const isKnownQuota = (key: string): boolean => known.has(key);

/** A sentence about an unknown one: the nearest known, or where they are listed. */
export function unknownQuota(key: string): string {
  const keys = [...known.keys()];
  const nearest = nearestKey(key, keys) ?? nearestKey(key.replace(/\..*$/, ''), keys);
  const next =
    nearest === null
      ? 'Give a code or an id listed in docs/quota-ids.md.'
      : `Did you mean "${nearest}" (${known.get(nearest)})?`;
  return `no quota has that code or id. ${next}`;
}
