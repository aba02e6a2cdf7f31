/** Quotas that a plan, an option or a file may give a value: by id or by code. */
import { isQuotaId, quotaFact, quotaIds, quotaName } from '../../aws/quotas/table.ts';
import { nearestKey } from '../yaml/nearest-key.ts';

/** Key → what it is. */
const known: ReadonlyMap<string, string> = new Map(
  quotaIds.flatMap((id): [string, string][] => {
    const { code, burstCode } = quotaFact(id);
    const name = quotaName(id);
    return [
      [id, name],
      ...(code === null ? [] : [[code, name] as [string, string]]),
      ...(burstCode === null ? [] : [[burstCode, `burst of the ${name}`] as [string, string]]),
    ];
  }),
);

/** Names that a limits file has: a plan's are codes of their own. */
const fieldsOfLimits: ReadonlySet<string> = new Set(['burst', 'ratePerSecond']);

/** Of one resource: with its logical id after the quota's, as in `reservedConcurrency.MyFunction`. */
export const isKnownQuota = (key: string): boolean => {
  const [id = key, resource] = key.split(/\.(.*)/s);
  return resource === undefined
    ? known.has(key) && key !== 'reservedConcurrency'
    : isQuotaId(id) && resource !== '' && !fieldsOfLimits.has(resource);
};

/** A sentence about an unknown one: the nearest known, or where they are listed. */
export function unknownQuota(key: string): string {
  const keys = [...known.keys()];
  const nearest = nearestKey(key, keys) ?? nearestKey(key.replace(/\..*$/, ''), keys);
  const next =
    nearest === null
      ? 'Give a code or an id listed in docs/reference/quota-ids.md.'
      : `Did you mean "${nearest}" (${known.get(nearest)})?`;
  return `no quota has that code or id. ${next}`;
}
