/** Prices of load balancers, tasks, instances and cache nodes, in USD, us-east-1. */

export interface ServerPrice {
  usd: number;
  /** What one unit is. */
  unit: string;
  source: string;
  /** When the source was read or the price list was made. */
  date: string;
}

const hour = (usd: number, what: string, source: string, date: string): ServerPrice => ({
  ...{ usd, unit: `${what}-hour`, source, date },
});
const ecs = ['AWS Price List, Fargate on Linux/Arm', '2026-08-12'] as const;
const elb = ['AWS Price List, Elastic Load Balancing (application)', '2026-08-12'] as const;
const ec2 = ['AWS Price List, EC2 on demand, from a public extract', '2026-10-08'] as const;
const elasticache = ['AWS Price List, ElastiCache (Valkey)', '2026-10-02'] as const;

export const serverPrices = {
  fargateVcpu: hour(0.03238, 'vCPU', ...ecs),
  fargateGb: hour(0.00356, 'GB', ...ecs),
  loadBalancer: hour(0.0225, 'load balancer', ...elb),
  loadBalancerUnit: hour(0.008, 'LCU', ...elb),
  /** In one zone; what goes through it is $0.01 a GB besides. */
  interfaceEndpoint: hour(0.01, 'VPC endpoint', 'AWS Price List, VPC', '2026-08-12'),
  publicAddress: hour(0.005, 'public IPv4 address', 'AWS Price List, VPC', '2026-08-12'),
} as const;

/** By instance type: vCPU, GB and price. */
export const instancePrices: Readonly<Record<string, { vcpu: number; memoryGb: number; price: ServerPrice }>> = {
  't4g.medium': { vcpu: 2, memoryGb: 4, price: hour(0.0336, 'instance', ...ec2) },
  'c7g.medium': { vcpu: 1, memoryGb: 2, price: hour(0.0363, 'instance', ...ec2) },
  'c7g.large': { vcpu: 2, memoryGb: 4, price: hour(0.0725, 'instance', ...ec2) },
  'c7g.xlarge': { vcpu: 4, memoryGb: 8, price: hour(0.145, 'instance', ...ec2) },
  'c7g.2xlarge': { vcpu: 8, memoryGb: 16, price: hour(0.29, 'instance', ...ec2) },
  'm7g.medium': { vcpu: 1, memoryGb: 4, price: hour(0.0408, 'instance', ...ec2) },
  'm7g.large': { vcpu: 2, memoryGb: 8, price: hour(0.0816, 'instance', ...ec2) },
  'm7g.xlarge': { vcpu: 4, memoryGb: 16, price: hour(0.1632, 'instance', ...ec2) },
};

/** By node type. */
export const cacheNodePrices: Readonly<Record<string, ServerPrice>> = {
  'cache.t4g.micro': hour(0.0128, 'node', ...elasticache),
  'cache.t4g.small': hour(0.0256, 'node', ...elasticache),
  'cache.t4g.medium': hour(0.052, 'node', ...elasticache),
  'cache.m7g.large': hour(0.1264, 'node', ...elasticache),
  'cache.r7g.large': hour(0.1752, 'node', ...elasticache),
};
