/** What a unit of load costs a task of the service: an estimate with an interval. */

/** An estimate, and between which values it lies. */
export interface Estimate {
  low: number;
  mid: number;
  high: number;
}
export type Bound = keyof Estimate;

export interface ServiceCosts {
  /** CPU seconds of one unit. */
  cpuSeconds: { connect: Estimate; message: Estimate; webhook: Estimate; push: Estimate };
  bytesPerConnection: Estimate;
  /** Of a task without connections. */
  baseBytes: Estimate;
}

const kib = 1_024;
const mib = 1_048_576;
const around = (mid: number, factor: number): Estimate => ({ low: mid / factor, mid, high: mid * factor });

/**
 * `ws` alone takes 1/7,200 s of CPU for a handshake, 1/71,000 s for an echo of 100 bytes, and 7.4 KiB in the process and about 4 KiB in the kernel for a
 * connection (ws 8.23, Node 20, loopback, without TLS, one run of November 2026). The rest is what the reference stack does beside: verifying tokens, signing
 * calls of DynamoDB and SQS, parsing, the bus. Assumed, and so with a factor of 2 either way; memory up to what a client that stops reading may cost.
 */
export const assumedServiceCosts: ServiceCosts = {
  cpuSeconds: {
    connect: around(1.2e-3, 2),
    message: around(60e-6, 2),
    webhook: around(2e-3, 2),
    push: around(80e-6, 2),
  },
  bytesPerConnection: { low: 12 * kib, mid: 16 * kib, high: 32 * kib },
  baseBytes: { low: 90 * mib, mid: 120 * mib, high: 180 * mib },
};
