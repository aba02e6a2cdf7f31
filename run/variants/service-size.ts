/** The tasks of a service, and where what a unit of load costs them comes from. */
import { cacheNodePrices, instancePrices } from '../../aws/servers/server-prices.ts';
import { tasksOfInstance } from '../../capacity/servers/instances.ts';
import { assumedServiceCosts, type ServiceCosts } from '../../capacity/servers/service-costs.ts';
import type { ServiceSize } from '../../capacity/servers/service-demand.ts';
import { referenceService } from '../../scenarios/reference/service.ts';
import type { StackSettings } from '../../stack/settings/settings.ts';
import { UsageError } from '../errors.ts';
import type { MeasuredRun } from './measured-variants.ts';
import type { TasksProfile } from './tasks-profile.ts';

export type TaskCosts = { costs: ServiceCosts } & (
  | { kind: 'profile'; profile: TasksProfile }
  /** `factor`: over what is assumed. */
  | { kind: 'run'; run: MeasuredRun; factor: number }
  | { kind: 'assumed' }
);

/** A profile's, which tells kinds of load apart; else a run's; else assumed. */
export function costsOfTasks(runs: readonly MeasuredRun[], [profile]: readonly TasksProfile[]): TaskCosts {
  if (profile !== undefined) return { kind: 'profile', profile, costs: profile.costs };
  for (const run of runs) if (run.serviceCosts !== null) return { kind: 'run', run, ...run.serviceCosts };
  return { kind: 'assumed', costs: assumedServiceCosts };
}

/** @throws UsageError for a type whose price is not known, and for one on which not one task has room. */
export function sizeOf(settings: StackSettings): ServiceSize {
  const size = referenceService(settings);
  const { capacity, cpuUnits, memoryMb, instanceType, bus } = size;
  if (capacity === 'ec2' && instancePrices[instanceType] === undefined)
    throw new UsageError(
      `server.instanceType ${instanceType}: its price is not known. Use one of ${Object.keys(instancePrices).join(', ')}.`,
    );
  if (capacity === 'ec2' && tasksOfInstance({ instanceType, cpuUnits, memoryMb }) === 0)
    throw new UsageError(
      `server.instanceType ${instanceType} has no room for a task of ${cpuUnits} CPU units and ${memoryMb} MB: name a larger one, or lower server.cpuUnits and server.memoryMb.`,
    );
  if (cacheNodePrices[bus.nodeType] === undefined)
    throw new UsageError(
      `server.bus.nodeType ${bus.nodeType}: its price is not known. Use one of ${Object.keys(cacheNodePrices).join(', ')}.`,
    );
  return size;
}
