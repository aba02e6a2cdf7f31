/** What a load balancer is charged for. */

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
