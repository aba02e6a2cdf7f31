/** What a unit of load costs a task, by a run: its sum was measured, its parts are in the proportion of other costs. Pure. */
import { assumedServiceCosts, type Bound, type ServiceCosts } from './service-costs.ts';

/** What a run did. */
export interface ServiceUnits {
  connect: number;
  message: number;
  webhook: number;
  push: number;
}

const kinds = ['connect', 'message', 'webhook', 'push'] as const;
const bounds: readonly Bound[] = ['low', 'mid', 'high'];

/** `factor`: CPU that was measured over what `base` says of the same units. Null: nothing was done, or CPU was not measured. */
export function measuredServiceCosts(
  units: ServiceUnits,
  cpuSeconds: number | null,
  base: ServiceCosts = assumedServiceCosts,
): { costs: ServiceCosts; factor: number } | null {
  const { cpuSeconds: of } = base;
  const expected = kinds.reduce((sum, kind) => sum + units[kind] * of[kind].mid, 0);
  if (cpuSeconds === null || expected === 0) return null;
  const factor = cpuSeconds / expected;
  const scaled = (kind: (typeof kinds)[number]) => {
    const [low = 0, mid = 0, high = 0] = bounds.map((bound) => of[kind][bound] * factor);
    return { low, mid, high };
  };
  return {
    factor,
    costs: {
      ...base,
      cpuSeconds: {
        ...{ connect: scaled('connect'), message: scaled('message') },
        ...{ webhook: scaled('webhook'), push: scaled('push') },
      },
    },
  };
}
