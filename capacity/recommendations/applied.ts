/** A plan and its stack after what was recommended. */
import type { UsagePlan } from '../demand/plan.ts';
import type { Deployment } from '../headroom/quota.ts';
import type { Change } from './recommendation-terms.ts';

export interface Planned {
  plan: UsagePlan;
  deployment: Deployment;
}

/** Carries out changes, whatever their order: each setting is in one of them only. Pure. */
export const applied = (changes: readonly Change[], before: Planned): Planned => changes.reduce(apply, before);

function apply({ plan, deployment }: Planned, { quotas, settings, plan: ofPlan }: Change): Planned {
  const { reservedConcurrency, provisionedConcurrency, memoryMb, ...others } = settings ?? {};
  return {
    plan: { ...plan, ...ofPlan, quotas: { ...plan.quotas, ...quotas } },
    deployment: {
      ...deployment,
      ...others,
      memoryMb: { ...deployment.memoryMb, ...memoryMb },
      reservedConcurrency: { ...deployment.reservedConcurrency, ...reservedConcurrency },
      provisionedConcurrency: { ...deployment.provisionedConcurrency, ...provisionedConcurrency },
    },
  };
}
