/** Whether a variant holds a load, by one rule for all: what is exceeded, and whether a raise or a setting would do. Pure. */
import type { Headroom, KnownHeadroom } from '../headroom/headroom.ts';
import { bindingQuota } from '../headroom/headroom.ts';
import type { QuotaInForce } from '../headroom/quota.ts';
import { mostRaised } from '../recommendations/quota-raises.ts';

/**
 * `holds`: nothing is exceeded. `onceRaised`: what is exceeded can be raised, or set, to what is asked. `doesNotHold`: something cannot.
 * `unknown`: no quota has a known demand.
 */
export type HoldState = 'holds' | 'onceRaised' | 'doesNotHold' | 'unknown';

export interface Exceeded {
  quotaId: string;
  name: string;
  /** Service Quotas code; null where AWS has none. */
  code: string | null;
  unit: string;
  needed: number;
  limit: number;
  /** How its limit is moved that far; null: it is not. `set`: by the setting. */
  remedy: { kind: 'raise'; code: string | null } | { kind: 'set'; setting: string } | null;
}

export interface Hold {
  state: HoldState;
  /** With the least headroom; null: no quota has a known demand. */
  binding:
    | (Pick<KnownHeadroom, 'quotaId' | 'name' | 'code' | 'unit' | 'demand' | 'limit' | 'utilisation'> &
        Pick<QuotaInForce, 'limitFrom' | 'source' | 'readOn' | 'confidence'>)
    | null;
  exceeded: Exceeded[];
}

export function holdOf(headroom: readonly Headroom[], quotas: readonly QuotaInForce[]): Hold {
  const least = bindingQuota(headroom);
  const exceeded = headroom
    .filter((row) => row.kind === 'value')
    .filter(({ utilisation }) => utilisation > 1)
    .flatMap((row) => {
      const quota = quotas.find(({ id }) => id === row.quotaId);
      return quota === undefined ? [] : [exceededOf(row, quota)];
    });
  const quota = least.kind === 'binds' ? quotas.find(({ id }) => id === least.binding.quotaId) : undefined;
  if (least.kind !== 'binds' || quota === undefined) return { state: 'unknown', binding: null, exceeded };
  const { quotaId, name, code, unit, demand, limit, utilisation } = least.binding;
  const { limitFrom, source, readOn, confidence } = quota;
  const state =
    exceeded.length === 0 ? 'holds' : exceeded.some(({ remedy }) => remedy === null) ? 'doesNotHold' : 'onceRaised';
  const binding = {
    ...{ quotaId, name, code, unit, demand, limit, utilisation },
    ...{ limitFrom, source, readOn, confidence },
  };
  return { state, binding, exceeded };
}

function exceededOf({ quotaId, name, code, unit, demand, limit, utilisation }: KnownHeadroom, quota: QuotaInForce) {
  // A bucket's burst is compared with more than its rate, and grows with it.
  const isWithin = utilisation <= reachOf(quota) / quota.limit;
  return { ...{ quotaId, name, code, unit, needed: demand, limit }, remedy: isWithin ? remedyOf(quota) : null };
}

/** How far its limit may be moved. */
function reachOf(quota: QuotaInForce): number {
  const [first] = quota.remedies;
  switch (first.kind) {
    case 'raise':
      return mostRaised(quota, quota.limit) ?? quota.limit;
    case 'set':
      return first.most === null ? Number.POSITIVE_INFINITY : Math.max(first.most, quota.limit);
    case 'redesign':
      return quota.limit;
  }
}

function remedyOf({ remedies: [first] }: QuotaInForce): Exceeded['remedy'] {
  switch (first.kind) {
    case 'raise':
      return { kind: 'raise', code: first.code };
    case 'set':
      return { kind: 'set', setting: first.setting };
    case 'redesign':
      return null;
  }
}
