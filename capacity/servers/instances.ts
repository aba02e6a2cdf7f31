/** How many tasks an EC2 instance has room for. Pure. */
import { instancePrices } from '../../aws/servers/server-prices.ts';
import { mbPerGb, unitsPerVcpu } from '../../aws/servers/task-size.ts';
import type { ServiceSize } from './service-demand.ts';

type TaskSize = Pick<ServiceSize, 'instanceType' | 'cpuUnits' | 'memoryMb'>;

/** Of an instance's memory, what tasks may have: the rest is for its system and the agent of ECS. An assumption. */
export const memoryShareOfTasks = 0.9;

export const isKnownInstance = (type: string): boolean => instancePrices[type] !== undefined;

/** @throws for a type that is not in the table of prices. */
export function instanceOf({ instanceType }: Pick<ServiceSize, 'instanceType'>) {
  const instance = instancePrices[instanceType];
  if (instance === undefined)
    throw new Error(`The price of ${instanceType} is not known: ${Object.keys(instancePrices).join(', ')} are.`);
  return instance;
}

/** Tasks share instances by CPU and memory. 0: not one fits. */
export function tasksOfInstance(size: TaskSize): number {
  const { vcpu, memoryGb } = instanceOf(size);
  const byCpu = vcpu / (size.cpuUnits / unitsPerVcpu);
  const byMemory = (memoryGb * mbPerGb * memoryShareOfTasks) / size.memoryMb;
  return Math.floor(Math.min(byCpu, byMemory));
}

/** Infinite where not one task fits. */
export const instancesOf = (tasks: number, size: TaskSize): number => {
  const each = tasksOfInstance(size);
  return each === 0 ? Number.POSITIVE_INFINITY : Math.ceil(tasks / each);
};
