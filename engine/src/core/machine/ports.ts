/** Ephemeral ports, from Linux's /proc: their range, and which are in use. */
import { readFileSync } from 'node:fs';

/** A TCP socket that holds an ephemeral port, including one in TIME_WAIT. */
export interface PortHolder {
  /** IPv4; `0.0.0.0` for a socket on all addresses. */
  address: string;
  port: number;
  /** 0: it listens. */
  remotePort: number;
}

export interface Ports {
  low: number;
  high: number;
  holders: readonly PortHolder[];
}

/** Null without /proc. Reads the table of all sockets, so call it once, before a start. */
export function readPorts(): Ports | null {
  try {
    const range = parsePortRange(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8'));
    const tables = ['/proc/net/tcp', '/proc/net/tcp6'].map(readIfPresent);
    return range && { ...range, holders: tables.flatMap((table) => parsePortHolders(table, range)) };
  } catch {
    return null;
  }
}

/** IPv6 may be switched off. */
function readIfPresent(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Parses `32768\t60999`; null for anything else. */
export function parsePortRange(text: string): { low: number; high: number } | null {
  const [low = Number.NaN, high = Number.NaN] = text.trim().split(/\s+/).map(Number);
  return high >= low ? { low, high } : null;
}

const localAndRemote = /^\s*\d+: ([\dA-F]{8}|[\dA-F]{32}):([\dA-F]{4}) [\dA-F]+:([\dA-F]{4}) /gm;
/** An IPv4 address within an IPv6 one, as the kernel writes it: words in the machine's byte order. */
const mappedHead = '0000000000000000FFFF0000';

/** The rows of /proc/net/tcp or tcp6 whose local port is an ephemeral one. Pure IPv6 addresses are skipped. */
export function parsePortHolders(table: string, { low, high }: { low: number; high: number }): PortHolder[] {
  const holders: PortHolder[] = [];
  for (const [, hex = '', local = '', remote = ''] of table.matchAll(localAndRemote)) {
    const port = Number.parseInt(local, 16);
    const isOnAll = /^0+$/.test(hex);
    if (port < low || port > high || (hex.length > 8 && !isOnAll && !hex.startsWith(mappedHead))) continue;
    holders.push({
      address: addressOf(isOnAll ? '00000000' : hex.slice(-8)),
      port,
      remotePort: Number.parseInt(remote, 16),
    });
  }
  return holders;
}

/** `0100007F` → `127.0.0.1` on a little-endian machine, which is every Linux platform of Node except s390x. */
const addressOf = (hex: string): string =>
  [6, 4, 2, 0].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join('.');

/**
 * Ports left for connections from this address. A socket that is bound to an address shares its port with none on it; null, the system's
 * choice of address and port, shares it with any that has another remote end, so only those connected to the target's port count.
 */
export function freePorts({ low, high, holders }: Ports, address: string | null, targetPort: number): number {
  const taken = new Set<number>();
  for (const holder of holders) {
    const isTaken =
      address === null
        ? holder.remotePort === targetPort || holder.remotePort === 0
        : holder.address === address || holder.address === '0.0.0.0';
    if (isTaken) taken.add(holder.port);
  }
  return high - low + 1 - taken.size;
}
