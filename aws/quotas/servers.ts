/** Quotas of a service of tasks: of what runs them, of the load balancer in front of them, of the cache between them; and limits that the service sets for itself. */
import { type QuotaFact, usual } from './quota.ts';
import { fixed, raisable, raisedBySupport, settable } from './remedies.ts';

const balancerGuide = 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html';

/** Settings of the service, not figures of AWS. */
const ofService = {
  ...usual,
  ...settable('tasks.most of the service', null, 'shard'),
  service: 'ecs',
  default: 0,
  per: 'service',
  source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-autoscaling-targettracking.html',
} as const;

export const serverQuotas = {
  serviceTasks: { ...ofService, name: 'Tasks of the service', unit: 'tasks' },
  taskCpu: { ...ofService, name: 'CPU of tasks', unit: 'vCPU' },
  taskMemory: { ...ofService, name: 'Memory of connections in tasks', unit: 'MB' },
  taskConnections: { ...ofService, name: 'Connections of tasks', unit: 'connections' },
  /** Of a new account; AWS raises it by itself as it is used, and on request: accounts with 4,000 are known. AWS documents only that new accounts have less. */
  fargateVcpu: {
    ...usual,
    ...raisable('L-3032A538', 4_000 / 6, 'shard'),
    service: 'fargate',
    name: 'Fargate On-Demand vCPU resource count',
    default: 6,
    unit: 'vCPU',
    per: 'account',
    source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html',
    confidence: 'M',
  },
  /** Of a new account. */
  instanceVcpu: {
    ...usual,
    ...raisable('L-1216C47A', 200, 'shard'),
    service: 'ec2',
    name: 'Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances',
    default: 5,
    unit: 'vCPU',
    per: 'account',
    source: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-on-demand-instances.html',
    confidence: 'M',
  },
  balancerTargets: {
    ...usual,
    ...raisable('L-7E6692B2', 10, 'shard'),
    service: 'elasticloadbalancing',
    name: 'Targets per Application Load Balancer',
    default: 1_000,
    unit: 'targets',
    per: 'load balancer',
    source: balancerGuide,
  },
  /** What a load balancer takes without a reservation is not documented: it scales by itself. */
  balancerUnits: {
    ...usual,
    ...raisedBySupport('shard'),
    service: 'elasticloadbalancing',
    name: 'Reserved capacity units (LCU) per Application Load Balancer',
    default: 15_000,
    unit: 'LCU',
    per: 'load balancer',
    source: balancerGuide,
  },
  /** A listener and a sender of each task. */
  cacheConnections: {
    ...usual,
    ...fixed('shard'),
    service: 'elasticache',
    name: 'Connections of a node',
    default: 65_000,
    unit: 'connections',
    per: 'node',
    source: 'https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/BestPractices.Clients.html',
    confidence: 'M',
  },
} as const satisfies Record<string, QuotaFact>;
