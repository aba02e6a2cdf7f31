/** How many fleets, in threads or processes, and from which addresses; and whether this machine can carry them. Pure. */
import { maxConnectionsPerAddress } from '../core/fleet/fleet-spec.ts';
import { freePorts, type Ports } from '../core/machine/ports.ts';

/** Resources of the machine. Null: unknown, or no limit. */
export interface Machine {
  cores: number;
  /** File descriptors of a process. */
  maxDescriptors: number | null;
  /** Ephemeral ports; a function, because finding out means reading the table of all sockets. Absent: unknown. */
  readPorts?: () => Ports | null;
}

export interface FleetPlan {
  fleets: number;
  isolation: 'threads' | 'processes';
  localAddresses: string[];
}

export type PlanResult = { kind: 'ok'; plan: FleetPlan } | { kind: 'invalid'; problem: string };

interface Wanted {
  connections: number;
  /** Null: by the cores. */
  fleets: number | null;
  fleetsIn: 'auto' | 'threads' | 'processes';
  localAddresses: readonly string[];
  /** As in a URL. */
  targetHost: string;
  targetPort: number;
}

/** Of a process: modules, pipes, the record file, kept-alive posts. */
const spareDescriptors = 256;
/** Of an address: posts, and what else the machine opens meanwhile. */
const sparePorts = 256;
/** This few always find ports: for virtual users with one connection each, sockets are not looked at. */
const fewConnections = 100;
/** IPv4's: its other addresses are the machine's own on Linux. IPv6 has ::1 alone. */
const loopback = /^(127(\.\d+){3}|localhost)$/;
/**
 * Connections of a bound loopback address that open fast: a quarter of 28,232 ports, less a tenth. Node binds with SO_REUSEADDR, and Linux then
 * looks in one parity of the lower half of the range first; once that is full each bind scans all of it without success
 * (inet_csk_find_open_port). Measured 2026-11: 1,400 connects a second up to 7,000 on an address, below 100 from there on.
 */
const fastConnectionsPerAddress = 6_350;
/** Used by nothing else, so it has as many free ports as any unused address. */
const farLoopbackAddress = '127.255.255.254';

export function planFleets(wanted: Wanted, machine: Machine): PlanResult {
  const { connections, fleetsIn } = wanted;
  const processesNeeded = Math.ceil(connections / maxConnectionsPerAddress);
  const isolation = fleetsIn === 'auto' ? (processesNeeded > 1 ? 'processes' : 'threads') : fleetsIn;
  // One core is reserved for the target, Artillery and the system.
  const byCores = Math.max(1, Math.min(connections, machine.cores - 1));
  const fleets = wanted.fleets ?? Math.max(byCores, isolation === 'processes' ? processesNeeded : 1);
  if (fleets > Math.max(1, connections))
    return invalid(
      `fleet.fleets: ${fleets} fleets are more than the ${connections} connections to share. Use fewer fleets.`,
    );

  const planned = planAddresses(wanted, connections > fewConnections ? (machine.readPorts?.() ?? null) : null);
  if (planned.kind === 'invalid') return planned;
  const ofProcess = isolation === 'processes' ? Math.ceil(connections / fleets) : connections;
  if (machine.maxDescriptors !== null && ofProcess + spareDescriptors > machine.maxDescriptors)
    return invalid(
      `fleet.connections: ${ofProcess} connections in one process need ${ofProcess + spareDescriptors} file descriptors, but its limit is ${machine.maxDescriptors}. Raise it (ulimit -n ${ofProcess + spareDescriptors}), or set fleetsIn: processes and more fleets.`,
    );
  return { kind: 'ok', plan: { fleets, isolation, localAddresses: planned.localAddresses } };
}

function planAddresses(
  wanted: Wanted,
  ports: Ports | null,
): { kind: 'ok'; localAddresses: string[] } | { kind: 'invalid'; problem: string } {
  const { connections, localAddresses, targetHost, targetPort } = wanted;
  /** Connections that an address can carry; null: the one that the system chooses. */
  const roomOf = (address: string | null) =>
    ports === null
      ? maxConnectionsPerAddress
      : Math.max(0, Math.min(maxConnectionsPerAddress, freePorts(ports, address, targetPort) - sparePorts));
  const given = localAddresses.length > 0;
  if (!given && connections <= roomOf(null)) return { kind: 'ok', localAddresses: [] };
  const chosen = given ? [...localAddresses] : loopback.test(targetHost) ? loopbackAddresses(connections, roomOf) : [];
  // Connections take the addresses in turn: the fullest one is the limit.
  const room = chosen.length === 0 ? roomOf(null) : Math.min(...chosen.map(roomOf)) * chosen.length;
  if (connections <= room) return { kind: 'ok', localAddresses: chosen };
  return invalid(
    `fleet.connections: ${connections} are more than the ${room} that can be opened from ${addresses(Math.max(1, chosen.length))}${why(room, chosen.length, ports)}. Add localAddresses, or use more machines.`,
  );
}

/** On the loopback every 127.x.y.z is the machine's own on Linux, so that a local target needs no setup. Those in use are left out. */
function loopbackAddresses(connections: number, roomOf: (address: string) => number): string[] {
  const most = roomOf(farLoopbackAddress);
  const chosen: string[] = [];
  let least = most;
  for (
    let n = 2;
    n < 65_536 && most > 0 && Math.min(least, fastConnectionsPerAddress) * chosen.length < connections;
    n++
  ) {
    const address = `127.0.${Math.floor(n / 256)}.${n % 256}`;
    const room = roomOf(address);
    if (room < most * 0.9) continue;
    chosen.push(address);
    least = Math.min(least, room);
  }
  return chosen;
}

const addresses = (count: number) => (count === 1 ? 'one local address' : `${count} local addresses`);

function why(room: number, addressCount: number, ports: Ports | null): string {
  if (ports === null || room >= maxConnectionsPerAddress * Math.max(1, addressCount)) return '';
  return `: only that many of the ports ${ports.low} to ${ports.high} (net.ipv4.ip_local_port_range) are free`;
}

const invalid = (problem: string) => ({ kind: 'invalid', problem }) as const;
