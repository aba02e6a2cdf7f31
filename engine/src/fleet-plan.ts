/** How many fleets, in what, and from which addresses; and whether this machine can do it at all. Pure. */
import { maxConnectionsPerAddress } from './core/fleet-spec.ts';

/** What the machine has. Null: not known, or no limit. */
export interface Machine {
  cores: number;
  /** File descriptors of a process. */
  maxDescriptors: number | null;
}

export interface FleetPlan {
  fleets: number;
  isolation: 'threads' | 'processes';
  localAddresses: string[];
}

export type PlanResult = { kind: 'ok'; plan: FleetPlan } | { kind: 'invalid'; problem: string };

/** Of a process: modules, pipes, the record file, kept-alive posts. */
const spareDescriptors = 256;
/** A fleet is no faster for being there without a connection of its own. */
const loopback = /^(127(\.\d+){3}|localhost|\[::1\])$/;

export function planFleets(
  wanted: {
    connections: number;
    /** Null: by the cores. */
    fleets: number | null;
    fleetsIn: 'auto' | 'threads' | 'processes';
    localAddresses: readonly string[];
    /** As in a URL. */
    targetHost: string;
  },
  machine: Machine,
): PlanResult {
  const { connections, fleetsIn } = wanted;
  const processesNeeded = Math.ceil(connections / maxConnectionsPerAddress);
  const isolation = fleetsIn === 'auto' ? (processesNeeded > 1 ? 'processes' : 'threads') : fleetsIn;
  // One core is left for the target, Artillery and the system.
  const byCores = Math.min(connections, Math.max(1, machine.cores - 1));
  const fleets = wanted.fleets ?? Math.max(byCores, isolation === 'processes' ? processesNeeded : 1);
  if (fleets > connections)
    return invalid(`fleet.fleets: ${fleets} fleets cannot share ${connections} connection(s). Use fewer fleets.`);

  const localAddresses = addressesFor(wanted);
  const most = maxConnectionsPerAddress * Math.max(1, localAddresses.length);
  if (connections > most)
    return invalid(
      `fleet.connections: ${connections} are more than the ${most} that can be opened from ${Math.max(1, localAddresses.length)} local address(es). Give more localAddresses, or use more machines.`,
    );
  const ofProcess = isolation === 'processes' ? Math.ceil(connections / fleets) : connections;
  if (machine.maxDescriptors !== null && ofProcess + spareDescriptors > machine.maxDescriptors)
    return invalid(
      `fleet.connections: ${ofProcess} connections in one process need ${ofProcess + spareDescriptors} file descriptors, and its limit is ${machine.maxDescriptors}. Raise it (ulimit -n ${ofProcess + spareDescriptors}), or set fleetsIn: processes and more fleets.`,
    );
  return { kind: 'ok', plan: { fleets, isolation, localAddresses } };
}

/** On the loopback every 127.x.y.z is the machine's own on Linux, so that a local target needs no set-up. */
function addressesFor({ connections, localAddresses, targetHost }: Parameters<typeof planFleets>[0]): string[] {
  if (localAddresses.length > 0 || connections <= maxConnectionsPerAddress || !loopback.test(targetHost))
    return [...localAddresses];
  const needed = Math.ceil(connections / maxConnectionsPerAddress);
  return Array.from({ length: needed }, (_, n) => `127.0.${Math.floor((n + 2) / 256)}.${(n + 2) % 256}`);
}

const invalid = (problem: string): PlanResult => ({ kind: 'invalid', problem });
