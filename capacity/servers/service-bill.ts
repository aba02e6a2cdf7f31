/** The bill of a service in the form of every other: its own parts, and what it shares with the functions, component by component. Pure. */
import { serverPrices } from '../../aws/servers/server-prices.ts';
import { unitsPerVcpu } from '../../aws/servers/task-size.ts';
import type { Cost } from '../cost/cost.ts';
import type { Load } from '../demand/load.ts';
import { billOf, type ServiceBill } from './choose.ts';
import { type ServiceCostPart, serviceCost, sharedOf } from './service-cost.ts';
import { serviceDemand } from './service-demand.ts';

type Component = Cost['components'][number];

export function billOfService(load: Load, { size, costs, shared, prices }: ServiceBill): Cost {
  const functions = billOf(load, shared, prices);
  const demand = serviceDemand(load, size, costs);
  const { parts, usdPerMonth, unknown } = serviceCost(load, demand, size, functions);
  const vcpu = size.cpuUnits / unitsPerVcpu;
  const own = parts.flatMap((part) => (part.id === 'shared' ? [] : [componentOf(part, { ...demand, vcpu })]));
  return {
    ...functions,
    components: [...own, ...sharedOf(functions)],
    usdPerMonth,
    complete: unknown.length === 0,
    usdPerUserMonth: load.users > 0 ? usdPerMonth / load.users : null,
    usdPerMillionPushes:
      functions.usdPerMillionPushes === null || functions.usdPerMonth === 0
        ? null
        : (functions.usdPerMillionPushes * usdPerMonth) / functions.usdPerMonth,
    assumptions,
  };
}

const assumptions = [
  'Tasks are those of the peak and a spare one, all month: autoscaling saves some of it. Capacity units of the load balancer are those of the day’s mean.',
  'Table, queue, secrets and data out are those of the functions for the same load, by the code path. Logs of tasks, volumes of EC2 instances and traffic between zones are left out.',
];

type OwnId = Exclude<ServiceCostPart['id'], 'shared'>;

const names: Record<OwnId, { name: string; unit: string; sentence: string }> = {
  tasks: { name: 'Fargate tasks', unit: 'task-hour', sentence: 'tasks × hours of a month × their vCPU and GB' },
  instances: { name: 'EC2 instances', unit: 'instance-hour', sentence: 'instances for the tasks × hours of a month' },
  addresses: {
    ...{ name: 'Public IPv4 addresses', unit: 'address-hour' },
    sentence: 'two of the load balancer, and one of each task or instance',
  },
  loadBalancer: { name: 'Load balancer', unit: 'load balancer-hour', sentence: 'hours of a month' },
  loadBalancerUnits: {
    ...{ name: 'Load balancer capacity units', unit: 'LCU-hour' },
    sentence: 'by new connections, open connections or bytes, whichever is most, × hours of a month',
  },
  bus: { name: 'Valkey nodes', unit: 'node-hour', sentence: 'nodes × hours of a month' },
  endpoint: {
    ...{ name: 'Endpoint for the passwords of the database', unit: 'VPC endpoint-hour' },
    sentence: 'one in each of two zones × hours of a month',
  },
};

function componentOf(
  { id, usdPerMonth, price, hours }: ServiceCostPart,
  { tasks, vcpu }: { tasks: number; vcpu: number },
): Component {
  if (id === 'shared') throw new Error('What is shared has components of its own.');
  const { source, date } = price ?? serverPrices.fargateVcpu;
  const of = id === 'tasks' ? `${names[id].sentence}: ${tasks} of ${vcpu} vCPU` : names[id].sentence;
  return {
    ...{ id: `service.${id}`, ...names[id], sentence: of },
    amount: { kind: 'value', quantityPerMonth: hours ?? 0, usdPerMonth },
    ...{ priceSource: source, priceDate: date },
  };
}
