/** How many processes and addresses a number of connections needs, and whether this machine can carry it. Pure. */
import { maxConnectionsPerAddress } from '../../engine/src/core/fleet/fleet-spec.ts';

/** Resources of the machine. Null: no limit, or unknown. */
export interface IdleMachine {
  /** File descriptors of a process. */
  maxDescriptors: number | null;
  /** Ephemeral ports of one source address. */
  portsOfAddress: number;
  availableBytes: number;
  /** Connections that the kernel can still track; null without connection tracking. */
  trackable: number | null;
}

interface IdlePlan {
  /** Server processes, and as many of clients: each pair has its own server port and source addresses. */
  pairs: number;
  connectionsOfPair: number[];
  /** Source addresses of each pair's client, which it takes in turn. */
  addressesOfPair: string[][];
}

export type IdlePlanResult = { kind: 'ok'; plan: IdlePlan } | { kind: 'impossible'; sentence: string };

/** Of a process: modules, pipes, files. */
const spareDescriptors = 256;
/**
 * Share of an address's ports that are bound: a quarter, less a tenth. Node binds a source address with SO_REUSEADDR, and Linux then looks in
 * one parity of the lower half of the range first; once that is full each bind scans all of it without success (inet_csk_find_open_port).
 * Measured 2026-11: 1,400 connects a second up to 7,000 on an address, below 100 from there on.
 */
const portShare = 0.225;
/** Memory of both sides and the kernel per idle connection, measured 2026-11, with a margin. */
const bytesOfConnection = 40_000;

export function planIdle(connections: number, machine: IdleMachine): IdlePlanResult {
  const { maxDescriptors, portsOfAddress, availableBytes, trackable } = machine;
  const byDescriptors = (maxDescriptors ?? Number.POSITIVE_INFINITY) - spareDescriptors;
  const byPorts = Math.floor(portsOfAddress * portShare);
  const most = Math.min(maxConnectionsPerAddress, byDescriptors);
  if (most < 1_000 || byPorts < 1_000)
    return most < 1_000
      ? impossible(
          `A process may open ${maxDescriptors} files here, which is too few: raise the limit (ulimit -n 20000).`,
        )
      : impossible(`An address has only ${portsOfAddress} ports: widen net.ipv4.ip_local_port_range.`);
  const neededBytes = connections * bytesOfConnection;
  if (neededBytes > availableBytes)
    return impossible(
      `${connections} connections need about ${gigabytes(neededBytes)} GB on both sides, but only ${gigabytes(availableBytes)} GB are free: use --connections ${Math.floor(availableBytes / bytesOfConnection)} or less.`,
    );
  if (trackable !== null && connections > trackable)
    return impossible(
      `The kernel can track ${trackable} more connections: raise net.netfilter.nf_conntrack_max, or use --connections ${trackable} or less.`,
    );
  const pairs = Math.ceil(connections / most);
  const share = (n: number) => Math.floor(connections / pairs) + (n < connections % pairs ? 1 : 0);
  return {
    kind: 'ok',
    plan: {
      pairs,
      connectionsOfPair: Array.from({ length: pairs }, (_, n) => share(n)),
      // All of 127.0.0.0/8 is the machine's own on Linux.
      addressesOfPair: Array.from({ length: pairs }, (_, n) =>
        Array.from({ length: Math.ceil(share(n) / byPorts) }, (_, k) => `127.0.${1 + n}.${1 + k}`),
      ),
    },
  };
}

const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(1);
const impossible = (sentence: string): IdlePlanResult => ({ kind: 'impossible', sentence });
