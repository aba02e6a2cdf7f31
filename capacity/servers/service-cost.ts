/** What the service costs a month: what is its own, and what it shares with the functions. Pure. */
import { cacheNodePrices, type ServerPrice, serverPrices } from '../../aws/servers/server-prices.ts';
import { mbPerGb, unitsPerVcpu } from '../../aws/servers/task-size.ts';
import type { Cost } from '../cost/cost.ts';
import { hoursPerMonth } from '../cost/quantity.ts';
import type { Load } from '../demand/load.ts';
import { meanUnits } from './balancer-load.ts';
import { instanceOf, instancesOf } from './instances.ts';
import type { ServiceDemand, ServiceSize } from './service-demand.ts';

export interface ServiceCostPart {
  id: 'tasks' | 'instances' | 'addresses' | 'loadBalancer' | 'loadBalancerUnits' | 'bus' | 'endpoint' | 'shared';
  usdPerMonth: number;
  /** Hours of a month, of all of them. Null: of several, each with its own. */
  hours: number | null;
  /** Null: of several, each with its own. */
  price: ServerPrice | null;
}

export interface ServiceCost {
  parts: ServiceCostPart[];
  /** That are paid for, all month. */
  tasks: number;
  /** Of the parts that are known. */
  usdPerMonth: number;
  /** Components of `shared` whose amount is not known, and so in no sum. Empty: the bill is complete. */
  unknown: string[];
}

/** A load balancer has one in each of its two zones. */
const balancerAddresses = 2;

/** Of the endpoint through which the function that migrates a database reads passwords: one in each of its zones. */
const endpointZones = 2;

/** Components of the functions' bill that have no place in this one. */
const ofFunctions =
  /^(webSocket|httpApi|restApi|fallback|lambda|nat|cloudwatch\.(logs|logStorage|accessLogs|routeMetrics)|secrets\.calls|sqs\.provisionedPollers)/;

/** What both variants have: table or database, queue, data out, secrets, metrics. Log lines are left out: a task writes one a batch. */
export const sharedOf = ({ components }: Pick<Cost, 'components'>): Cost['components'] =>
  components.filter(({ id }) => !ofFunctions.test(id));

/** Components without a known amount that the functions' bill alone has: they make a comparison with the service's uncertain, and not only its sums. */
export const unknownOfFunctions = ({ components }: Pick<Cost, 'components'>): string[] =>
  components.flatMap(({ id, name, amount }) => (ofFunctions.test(id) && amount.kind === 'unknown' ? [name] : []));

/** @param functions the bill of the functions for the same load. Tasks are those of the peak, all month: autoscaling saves some of it. */
export function serviceCost(
  load: Load,
  { tasks }: Pick<ServiceDemand, 'tasks'>,
  size: ServiceSize,
  functions: Pick<Cost, 'components'>,
): ServiceCost {
  const monthly = (id: ServiceCostPart['id'], units: number, price: ServerPrice): ServiceCostPart => ({
    ...{ id, price, hours: units * hoursPerMonth, usdPerMonth: units * price.usd * hoursPerMonth },
  });
  const node = cacheNodePrices[size.bus.nodeType];
  const shared = sharedOf(functions);
  const addresses = balancerAddresses + (size.capacity === 'fargate' ? tasks : instancesOf(tasks, size));
  const parts: ServiceCostPart[] = [
    ...(size.capacity === 'fargate'
      ? [
          {
            id: 'tasks' as const,
            price: null,
            hours: tasks * hoursPerMonth,
            usdPerMonth:
              tasks *
              hoursPerMonth *
              ((size.cpuUnits / unitsPerVcpu) * serverPrices.fargateVcpu.usd +
                (size.memoryMb / mbPerGb) * serverPrices.fargateGb.usd),
          },
        ]
      : [monthly('instances', instancesOf(tasks, size), instanceOf(size).price)]),
    monthly('addresses', addresses, serverPrices.publicAddress),
    monthly('loadBalancer', 1, serverPrices.loadBalancer),
    monthly('loadBalancerUnits', meanUnits(load), serverPrices.loadBalancerUnit),
    ...(node === undefined ? [] : [monthly('bus', size.bus.nodes, node)]),
    ...(size.database === undefined ? [] : [monthly('endpoint', endpointZones, serverPrices.interfaceEndpoint)]),
    {
      ...{ id: 'shared', price: null, hours: null },
      usdPerMonth: shared.reduce((sum, { amount }) => sum + (amount.kind === 'value' ? amount.usdPerMonth : 0), 0),
    },
  ];
  return {
    ...{ parts, tasks },
    usdPerMonth: parts.reduce((sum, { usdPerMonth }) => sum + usdPerMonth, 0),
    unknown: shared.flatMap(({ name, amount }) => (amount.kind === 'unknown' ? [name] : [])),
  };
}
