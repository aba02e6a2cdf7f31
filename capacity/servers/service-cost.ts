/** What the service costs a month: what is its own, and what it shares with the functions. Pure. */
import { balancerUnits } from '../../aws/servers/server-limits.ts';
import { cacheNodePrices, instancePrices, type ServerPrice, serverPrices } from '../../aws/servers/server-prices.ts';
import type { Cost } from '../cost/cost.ts';
import { fanOutMean } from '../cost/fan-out-mean.ts';
import { dailyMean, type Load } from '../demand/load.ts';
import { meanMoment, pushesPerWebhook } from '../demand/rates.ts';
import type { ServiceDemand, ServiceSize } from './service-demand.ts';

export interface ServiceCostPart {
  id: 'tasks' | 'instances' | 'addresses' | 'loadBalancer' | 'loadBalancerUnits' | 'bus' | 'shared';
  usdPerMonth: number;
  /** Null: of several, each with its own. */
  price: ServerPrice | null;
}

export interface ServiceCost {
  parts: ServiceCostPart[];
  usdPerMonth: number;
}

/** As AWS's calculator has it. */
const hoursPerMonth = 730;
const unitsPerCpu = 1_024;
const mbPerGb = 1_024;
const bytesPerGb = 1e9;
/** A load balancer has one in each of its two zones. */
const balancerAddresses = 2;
/** Of an answer to a message, a pushed event, and a handshake, with headers: assumed. */
const frameBytes = 300;
const handshakeBytes = 2_000;

/** Components of the functions' bill that have no place in this one. */
const ofFunctions =
  /^(webSocket|httpApi|restApi|lambda|cloudwatch\.(logs|logStorage|accessLogs|routeMetrics)|secrets\.calls|sqs\.provisionedPollers)/;

/** What both variants have: table, queue, data out, secrets, metrics. Log lines are left out: a task writes one a batch. */
const sharedUsd = ({ components }: Pick<Cost, 'components'>): number =>
  components
    .filter(({ id }) => !ofFunctions.test(id))
    .reduce((sum, { amount }) => sum + (amount.kind === 'value' ? amount.usdPerMonth : 0), 0);

/** @param functions the bill of the functions for the same load. Tasks are those of the peak, all month: autoscaling saves some of it. */
export function serviceCost(
  load: Load,
  { tasks }: Pick<ServiceDemand, 'tasks'>,
  size: ServiceSize,
  functions: Pick<Cost, 'components'>,
): ServiceCost {
  const monthly = (id: ServiceCostPart['id'], units: number, price: ServerPrice): ServiceCostPart => ({
    ...{ id, price, usdPerMonth: units * price.usd * hoursPerMonth },
  });
  const node = cacheNodePrices[size.bus.nodeType];
  const addresses = balancerAddresses + (size.capacity === 'fargate' ? tasks : instancesOf(tasks, size));
  const parts: ServiceCostPart[] = [
    ...(size.capacity === 'fargate'
      ? [
          {
            id: 'tasks' as const,
            price: null,
            usdPerMonth:
              tasks *
              hoursPerMonth *
              ((size.cpuUnits / unitsPerCpu) * serverPrices.fargateVcpu.usd +
                (size.memoryMb / mbPerGb) * serverPrices.fargateGb.usd),
          },
        ]
      : [monthly('instances', instancesOf(tasks, size), instanceOf(size).price)]),
    monthly('addresses', addresses, serverPrices.publicAddress),
    monthly('loadBalancer', 1, serverPrices.loadBalancer),
    monthly('loadBalancerUnits', meanUnits(load), serverPrices.loadBalancerUnit),
    ...(node === undefined ? [] : [monthly('bus', size.bus.nodes, node)]),
    { id: 'shared', price: null, usdPerMonth: sharedUsd(functions) },
  ];
  return { parts, usdPerMonth: parts.reduce((sum, { usdPerMonth }) => sum + usdPerMonth, 0) };
}

function instanceOf({ instanceType }: ServiceSize) {
  const instance = instancePrices[instanceType];
  if (instance === undefined)
    throw new Error(`The price of ${instanceType} is not known: ${Object.keys(instancePrices).join(', ')} are.`);
  return instance;
}

/** Tasks share instances by CPU and memory. */
function instancesOf(tasks: number, size: ServiceSize): number {
  const { vcpu, memoryGb } = instanceOf(size);
  const perInstance = Math.floor(
    Math.min(vcpu / (size.cpuUnits / unitsPerCpu), (memoryGb * mbPerGb * 0.9) / size.memoryMb),
  );
  return Math.ceil(tasks / Math.max(1, perInstance));
}

/** Of the mean of the day. */
function meanUnits(peak: Load): number {
  const load = dailyMean(peak);
  const { connects, messages, webhooks } = meanMoment(load);
  const { pushedBytes } = fanOutMean(load);
  const bytesPerSecond =
    messages * (load.messageBytes + frameBytes) +
    webhooks * (load.webhookBytes + pushesPerWebhook(load) * frameBytes) +
    connects * handshakeBytes +
    pushedBytes;
  return balancerUnits({
    newConnectionsPerSecond: connects + webhooks / 10,
    activeConnections: load.peakConnections,
    gbPerHour: (bytesPerSecond * 3_600) / bytesPerGb,
  });
}
