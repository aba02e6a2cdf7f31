/** Limits and laws of load balancers, tasks and cache nodes. */

export interface ServerLimit {
  value: number;
  unit: string;
  source: string;
  /** When the source was read. */
  read: string;
}

const limit = (value: number, unit: string, source: string): ServerLimit => ({ value, unit, source, read: '2026-11' });
const elb = 'Elastic Load Balancing user guide (application), quotas';

export const serverLimits = {
  /** Adjustable. */
  targetsOfBalancer: limit(1_000, 'targets', elb),
  /** On-Demand vCPU of Fargate (L-3032A538) in a new account; raised by use and on request. */
  fargateVcpu: limit(6, 'vCPU', 'public notes of 2026; AWS says only that new accounts have less'),
  connectionsOfCacheNode: limit(65_000, 'connections', 'ElastiCache user guide, best practices'),
} as const;

/** One load balancer capacity unit carries this much of each; what it carries least of is charged. Secondary sources that agree, read November 2026. */
const balancerUnit = { newConnectionsPerSecond: 25, activeConnections: 3_000, gbPerHour: 1 } as const;

/**
 * Capacity units of an hour: the largest of the three. Rules beyond the first ten are charged too: there is one.
 * Whether active connections are counted on one side or on both is not documented: one.
 */
export function balancerUnits(load: {
  newConnectionsPerSecond: number;
  activeConnections: number;
  gbPerHour: number;
}): number {
  return Math.max(
    load.newConnectionsPerSecond / balancerUnit.newConnectionsPerSecond,
    load.activeConnections / balancerUnit.activeConnections,
    load.gbPerHour / balancerUnit.gbPerHour,
  );
}
