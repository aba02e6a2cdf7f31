/** This machine's resources for many connections, from Linux's /proc. */
import { readFileSync } from 'node:fs';
import { maxDescriptors } from '../../engine/src/core/machine/machine.ts';
import type { IdleMachine } from './plan.ts';

const read = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
};
const numberIn = (path: string): number | null => {
  const text = read(path);
  return text === null ? null : Number(text);
};

/** Null without /proc. */
export function readMachine(): IdleMachine | null {
  const [low, high] = (read('/proc/sys/net/ipv4/ip_local_port_range') ?? '').trim().split(/\s+/).map(Number);
  const available = /^MemAvailable:\s+(\d+) kB$/m.exec(read('/proc/meminfo') ?? '')?.[1];
  if (low === undefined || high === undefined || available === undefined) return null;
  const most = numberIn('/proc/sys/net/netfilter/nf_conntrack_max');
  const now = numberIn('/proc/sys/net/netfilter/nf_conntrack_count');
  return {
    maxDescriptors: maxDescriptors(),
    portsOfAddress: high - low + 1,
    availableBytes: Number(available) * 1_024,
    trackable: most === null ? null : most - (now ?? 0),
  };
}

/** Kernel memory of all TCP sockets of the machine, in bytes; null if unknown. It is not part of any process's resident memory. */
export function socketBytes(): number | null {
  const pages = /^TCP: .* mem (\d+)$/m.exec(read('/proc/net/sockstat') ?? '')?.[1];
  return pages === undefined ? null : Number(pages) * 4_096;
}
