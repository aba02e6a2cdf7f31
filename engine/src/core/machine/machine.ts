/** Room for more connections on this machine, from Linux's /proc. On other systems it is unknown, which does not mean zero. */
import { readFileSync, statSync } from 'node:fs';
import type { MachineGauges } from '../../records.ts';
import { parsePortRange } from './ports.ts';

const read = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
};

/** Open descriptors of this process and their limit; sockets of the machine that hold a port, and the ports available per address. */
export function machineGauges(): MachineGauges {
  return {
    ...given('openDescriptors', openDescriptors()),
    ...given('maxDescriptors', maxDescriptors()),
    ...given('portsInUse', portsInUse(read('/proc/net/sockstat') ?? '')),
    ...given('portsOfAddress', portsOfAddress()),
  };
}

const given = (key: keyof MachineGauges, value: number | null): MachineGauges =>
  value === null ? {} : { [key]: value };

/** Since Linux 6.2 the folder's size is the number of descriptors, which takes one call. Counting 19,000 entries would stall the loop. */
function openDescriptors(): number | null {
  try {
    const { size } = statSync('/proc/self/fd');
    return size > 0 ? size : null;
  } catch {
    return null;
  }
}

let descriptorLimit: number | null | undefined;
/** The soft limit; Node raises it to the hard one when it starts. Null: unlimited or unknown. */
export function maxDescriptors(): number | null {
  descriptorLimit ??= parseDescriptorLimit(read('/proc/self/limits') ?? '');
  return descriptorLimit;
}

export function parseDescriptorLimit(limits: string): number | null {
  const soft = /^Max open files\s+(\d+)/m.exec(limits)?.[1];
  return soft === undefined ? null : Number(soft);
}

/** TCP sockets that hold a port: in use, and in TIME_WAIT. */
export function portsInUse(sockstat: string): number | null {
  const line = /^TCP: inuse (\d+) orphan \d+ tw (\d+)/m.exec(sockstat);
  return line === null ? null : Number(line[1]) + Number(line[2]);
}

let rangeSize: number | null | undefined;
/** Ephemeral ports of one source address. */
function portsOfAddress(): number | null {
  if (rangeSize === undefined) {
    const range = parsePortRange(read('/proc/sys/net/ipv4/ip_local_port_range') ?? '');
    rangeSize = range && range.high - range.low + 1;
  }
  return rangeSize;
}
