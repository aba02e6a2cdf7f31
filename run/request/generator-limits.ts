/** What one machine's load generator supports. */
import { maxConnectionsPerAddress, maxFleets } from '../../engine/src/core/fleet/fleet-spec.ts';
import type { Workload } from '../../record/workload.ts';
import { UsageError } from '../errors.ts';

/** Processes of this machine's generator that open as many connections; at most as many as it may have. */
export const fleetsFor = ({ connections }: Pick<Workload, 'connections'>): number =>
  Math.min(maxFleets, Math.max(1, Math.ceil(connections / maxConnectionsPerAddress)));

/** @throws UsageError when the load exceeds what this machine's generator supports. */
export function checkLoad(workload: Workload, fleets: number): void {
  const needed = Math.ceil(workload.connections / maxConnectionsPerAddress);
  if (needed > fleets && needed <= maxFleets) {
    throw new UsageError(
      `${workload.connections} connections are more than the ${maxConnectionsPerAddress} that a process can open: give --fleets ${needed}, or fewer connections.`,
    );
  }
  if (needed > maxFleets) {
    throw new UsageError(
      `${workload.connections} connections are more than the ${maxConnectionsPerAddress * maxFleets} that one machine supports: spread them over several (docs/distributed.md).`,
    );
  }
  if (fleets > Math.min(maxFleets, Math.max(1, workload.connections))) {
    throw new UsageError(`--fleets ${fleets} is too many: give at most ${maxFleets}, and no more than connections.`);
  }
}
