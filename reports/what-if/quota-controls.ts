/** The quotas of the account and Region: each that the stack meets, but for those that follow from others or from settings. Pure. */
import type { UsagePlan } from '../../capacity/demand/plan.ts';
import type { QuotaInForce } from '../../capacity/headroom/quota.ts';
import { quotasInForce, quotasOf, statedValue } from '../../capacity/headroom/quotas.ts';
import { quantity } from '../analysis/numbers.ts';
import type { Control, Inputs } from './control.ts';
import { around, atLeast, numberInput } from './number-control.ts';

const origins = {
  default: 'AWS’s default',
  region: 'the Region’s default',
  derived: 'as it follows from others',
  plan: 'as the account has it',
} as const;

/** `base`: those of the report, which say what holds where nothing is stated. */
export function quotaControls({ plan, deployment }: Inputs): Control[] {
  const inForce = quotasInForce(deployment, plan.quotas);
  const present = controlsOfQuotas(inForce, plan);
  const others = quotasOf(deployment).filter(
    ({ onlyIfStated, id }) => onlyIfStated && !inForce.some((quota) => quota.id === id),
  );
  return [
    ...present,
    ...others.map(({ id, name, unit, code, default: value }) =>
      control({ id, name, unit, hint: code ?? '', value, absent: { text: 'none', value: undefined, inForce: null } }),
    ),
  ];
}

/** One for each that is an account's or a Region's own. */
export function controlsOfQuotas(inForce: readonly QuotaInForce[], { quotas }: Pick<UsagePlan, 'quotas'>): Control[] {
  return inForce.flatMap((quota): Control[] => {
    const { id, name, code, unit, limitFrom } = quota;
    if (limitFrom === 'setting' || isOfOthers(quota)) return [];
    const stated = statedValue(quota);
    // By its code, or for all resources of its kind, it may be stated as well; by its own id it is then stated anew.
    const isStated = quotas[id] !== undefined;
    const absent = { text: `${quantity(stated, unit)}, ${origins[limitFrom]}`, value: undefined, inForce: stated };
    return [control({ id, name, unit, hint: code ?? '', value: stated, absent: isStated ? withoutPlan : absent })];
  });
}

/** It has the limit of another quota, or the one that a setting with a control of its own gives it. */
const isOfOthers = ({ quota, sharesLimitOf }: QuotaInForce): boolean =>
  sharesLimitOf !== undefined || quota === 'reservedConcurrency' || quota === 'reservedInvocationRate';

const withoutPlan = { text: 'AWS’s default', value: undefined, inForce: null };

interface Stated {
  id: string;
  name: string;
  unit: string;
  hint: string;
  value: number;
  absent: typeof withoutPlan | { text: string; value: undefined; inForce: number | null };
}

const control = ({ id, name, unit, hint, value, absent }: Stated): Control => ({
  ...{ id: `quotas.${id}`, path: ['plan', 'quotas', id], group: 'quotas', label: name, hint },
  input: numberInput({ unit, bounds: atLeast(0, Number.MAX_SAFE_INTEGER, false), slider: around(value), absent }),
});
