/** What a load balancer counts. Names: Elastic Load Balancing user guide (application), "CloudWatch metrics", read November 2026. */
import type { Socket } from 'node:net';
import type { MetricBatch } from '../process/messages.ts';

const namespace = 'AWS/ApplicationELB';

interface Answer {
  status: number;
  /** The balancer's, not the target's. */
  isOwnAnswer: boolean;
  seconds: number;
}

export class BalancerMetrics {
  readonly #dimensions: Readonly<Record<string, string>>;
  readonly #open = new Set<Socket>();
  #counts = new Map<string, number>();
  #seconds: number[] = [];
  /** Of connections that have ended. */
  #endedBytes = 0;
  #bytes = 0;

  constructor(fullName: string) {
    this.#dimensions = { LoadBalancer: fullName };
  }

  connected(socket: Socket): void {
    this.#add('NewConnectionCount');
    this.#open.add(socket);
    socket.once('close', () => {
      this.#open.delete(socket);
      this.#endedBytes += socket.bytesRead + socket.bytesWritten;
    });
  }

  answered({ status, isOwnAnswer, seconds }: Answer): void {
    this.#add('RequestCount');
    this.#add(`HTTPCode_${isOwnAnswer ? 'ELB' : 'Target'}_${status === 101 ? 2 : Math.floor(status / 100)}XX_Count`);
    if (!isOwnAnswer) this.#seconds.push(seconds);
  }

  targetFailed(): void {
    this.#add('TargetConnectionErrorCount');
  }

  /** Of the time since the last call. */
  drain(timestampMs: number, healthyTargets: number): MetricBatch[] {
    const bytes = [...this.#open].reduce(
      (sum, socket) => sum + socket.bytesRead + socket.bytesWritten,
      this.#endedBytes,
    );
    const batch = (name: string, unit: string, values: readonly number[]): MetricBatch => ({
      ...{ namespace, name, unit, values, timestampMs },
      dimensions: this.#dimensions,
    });
    const batches = [
      // CloudWatch counts a connection on both sides of the balancer.
      batch('ActiveConnectionCount', 'Count', [2 * this.#open.size]),
      batch('HealthyHostCount', 'Count', [healthyTargets]),
      batch('ProcessedBytes', 'Bytes', [bytes - this.#bytes]),
      ...[...this.#counts].map(([name, count]) => batch(name, 'Count', [count])),
      ...(this.#seconds.length > 0 ? [batch('TargetResponseTime', 'Seconds', this.#seconds)] : []),
    ];
    this.#bytes = bytes;
    this.#counts = new Map();
    this.#seconds = [];
    return batches;
  }

  #add(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }
}
