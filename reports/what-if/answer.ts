/** The answer to changed inputs: what `loadline plan` would say. The one place where the page calculates. Pure. */
import type { Deployment } from '../../capacity/headroom/deployment.ts';
import { bindingQuota, type Headroom } from '../../capacity/headroom/headroom.ts';
import { quotasInForce } from '../../capacity/headroom/quotas.ts';
import { projectPoints } from '../../capacity/projection/projection.ts';
import { applied } from '../../capacity/recommendations/applied.ts';
import { buildPlanReport, type PlanInput, type PlanReport } from '../plan-report.ts';
import { type Control, type Inputs, withValue } from './control.ts';
import { lastPosition, valueAt } from './slider.ts';

/** What the report was made from: whatever a reader does not change. */
export type WhatIfBase = PlanInput;

export const inputsOf = ({ plan, deployment }: WhatIfBase): Inputs => ({ plan, deployment });

/** The stack that the inputs mean. */
export const stackOf = ({ plan, deployment, withoutFunctions }: Inputs): Deployment =>
  withoutFunctions === undefined
    ? deployment
    : applied([{ settings: { withoutFunctions } }], { plan, deployment }).deployment;

const changed = (base: WhatIfBase, inputs: Inputs): WhatIfBase => ({
  ...base,
  plan: inputs.plan,
  deployment: { ...stackOf(inputs), newTable: inputs.plan.newTable },
});

export const answerTo = (base: WhatIfBase, inputs: Inputs): PlanReport => buildPlanReport(changed(base, inputs));

/** A quota, and how much of it is used. */
interface Used {
  name: string;
  utilisation: number;
}

/** What the rest of a slider does to what binds. */
export type Along =
  /** Up to there (or from there on) every quota holds, and beyond it this one does not. */
  | { kind: 'fills'; value: number; quota: string }
  /** Every quota holds all along; this one binds at the end where most is used. */
  | { kind: 'holds'; value: number; used: Used }
  /** Some quota is exceeded all along. */
  | { kind: 'exceeded'; used: Used }
  | { kind: 'unknown' };

/**
 * Where along a control's slider the first quota is full: by bisection of its positions. Today, or of the whole horizon where it acts later.
 * Yields after each position, so that a page can answer its reader in between.
 */
export function* seekAlong(base: WhatIfBase, inputs: Inputs, control: Control): Generator<undefined, Along> {
  const { input, later } = control;
  if (input.kind !== 'number') return { kind: 'unknown' };
  const { slider, bounds } = input;
  const usedAt = (position: number) =>
    mostUsed(base, withValue(inputs, control, valueAt(position, slider, bounds)), later === true);
  const first = usedAt(0);
  yield;
  const last = usedAt(lastPosition);
  if (first === null || last === null) return { kind: 'unknown' };
  const most = last.utilisation >= first.utilisation ? last : first;
  if (most.utilisation <= 1)
    return { kind: 'holds', value: valueAt(most === last ? lastPosition : 0, slider, bounds), used: most };
  if (Math.min(first.utilisation, last.utilisation) > 1) return { kind: 'exceeded', used: most };
  let [holds, full] = most === last ? [0, lastPosition] : [lastPosition, 0];
  let quota = most.name;
  while (Math.abs(full - holds) > 1) {
    yield;
    const middle = Math.round((full + holds) / 2);
    const used = usedAt(middle);
    if (used !== null && used.utilisation > 1) [full, quota] = [middle, used.name];
    else holds = middle;
  }
  return { kind: 'fills', value: valueAt(holds, slider, bounds), quota };
}

/** What binds today, or at its highest over the horizon; null where nothing is known. */
function mostUsed(base: WhatIfBase, inputs: Inputs, later: boolean): Used | null {
  const { plan, coefficients, deployment } = changed(base, inputs);
  // Today does not depend on later stages: without them there is less to calculate.
  const upTo = later ? plan : { ...plan, rollout: plan.rollout.slice(0, 1), horizonMonths: 0 };
  const points = projectPoints(upTo, coefficients, quotasInForce(deployment, plan.quotas), deployment);
  const used = (later ? points : points.slice(0, 1)).flatMap(({ headroom }) => usedOf(headroom));
  return used.reduce<Used | null>((most, each) => (most && most.utilisation >= each.utilisation ? most : each), null);
}

function usedOf(headroom: readonly Headroom[]): Used[] {
  const answer = bindingQuota(headroom);
  return answer.kind === 'binds' ? [{ name: answer.binding.name, utilisation: answer.binding.utilisation }] : [];
}
