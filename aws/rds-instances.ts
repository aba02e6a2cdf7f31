/** Instance classes of RDS for PostgreSQL: memory, vCPUs, and under which name their hour is priced (prices.ts). Source: RDS user guide, "DB instance classes", read November 2026. */
import type { PriceName } from './prices.ts';

interface InstanceClass {
  memoryGib: number;
  vcpus: number;
  price: PriceName;
}

const instanceClasses = {
  't4g.micro': { memoryGib: 1, vcpus: 2, price: 'rdsT4gMicroHour' },
  't4g.small': { memoryGib: 2, vcpus: 2, price: 'rdsT4gSmallHour' },
  't4g.medium': { memoryGib: 4, vcpus: 2, price: 'rdsT4gMediumHour' },
  't4g.large': { memoryGib: 8, vcpus: 2, price: 'rdsT4gLargeHour' },
  't4g.xlarge': { memoryGib: 16, vcpus: 4, price: 'rdsT4gXlargeHour' },
  'm7g.large': { memoryGib: 8, vcpus: 2, price: 'rdsM7gLargeHour' },
  'm7g.xlarge': { memoryGib: 16, vcpus: 4, price: 'rdsM7gXlargeHour' },
  'm7g.2xlarge': { memoryGib: 32, vcpus: 8, price: 'rdsM7g2xlargeHour' },
} as const satisfies Record<string, InstanceClass>;

/** `db.t4g.micro` or `t4g.micro`; null for a class of which nothing is known here. */
export function instanceClassOf(name: string): InstanceClass | null {
  const known: Readonly<Record<string, InstanceClass>> = instanceClasses;
  return known[name.replace(/^db\./, '')] ?? null;
}

/** PostgreSQL keeps these for superusers (superuser_reserved_connections). */
export const reservedConnections = 3;
/** RDS Proxy is charged for at least so many vCPUs of its database. RDS Proxy pricing, read November 2026. */
export const proxyLeastVcpus = 2;

/** A family's sizes double from here: `large` has this much for each family. */
const largeGib: Readonly<Record<string, number>> = { t: 8, m: 8, c: 4, r: 16, x: 32 };
const doublings: Readonly<Record<string, number>> = { micro: -3, small: -2, medium: -1, large: 0, xlarge: 1 };

/** Memory of any class by its name, in GiB; null for one whose name says nothing. */
export function memoryGibOf(name: string): number | null {
  const known = instanceClassOf(name);
  if (known) return known.memoryGib;
  const [, family = '', times = '1', size = ''] =
    /^(?:db\.)?([a-z])[a-z0-9]*\.(\d*)x?(micro|small|medium|large|xlarge|$)/.exec(
      name.replace(/(\d+)xlarge$/, '$1xxlarge'),
    ) ?? [];
  const base = largeGib[family];
  const doubling = doublings[size];
  if (base === undefined || doubling === undefined) return null;
  return base * 2 ** doubling * (times === '' ? 1 : Number(times));
}

/** Bytes of memory for each connection, and the most that the default allows. Source: RDS user guide, "Quotas and constraints", read November 2026. */
const bytesPerConnection = 9_531_392;
const mostConnections = 5_000;

/**
 * max_connections without a parameter group of one's own: LEAST(DBInstanceClassMemory / 9531392, 5000). An upper bound: what the system itself uses is not
 * part of DBInstanceClassMemory, and AWS does not say how much that is.
 */
export const defaultMaxConnections = (memoryGib: number): number =>
  Math.min(mostConnections, Math.floor((memoryGib * 2 ** 30) / bytesPerConnection));
