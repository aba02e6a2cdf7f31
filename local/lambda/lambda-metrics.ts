/** The AWS/Lambda metrics, by function and account-wide (without dimensions). */

import type { ConcurrencyLedger } from '../../aws/lambda-concurrency.ts';
import type { MetricSink } from '../cloudwatch/store/metric-sink.ts';
import type { FunctionModel } from '../template/model.ts';

type Dimensions = Readonly<Record<string, string>>;
const namespace = 'AWS/Lambda';
const account: Dimensions = Object.freeze({});
const gaugeEveryMs = 1_000;

export class LambdaMetrics {
  #sink: MetricSink;
  #dimensions: Map<string, Dimensions>;
  /** Of functions with provisioned concurrency: how much, and under which version or alias it is counted. */
  #provisioned: Map<string, { environments: number; dimensions: Dimensions }>;
  #ledger: ConcurrencyLedger;
  /** Highest concurrency since the last reading: bursts shorter than the interval must not be missed. */
  #peaks = new Map<string, number>();
  #accountPeak = { total: 0, claimed: 0, unreserved: 0 };
  #timer: NodeJS.Timeout;

  constructor(sink: MetricSink, functions: readonly FunctionModel[], ledger: ConcurrencyLedger) {
    this.#sink = sink;
    this.#ledger = ledger;
    this.#dimensions = new Map(functions.map(({ functionName: n }) => [n, Object.freeze({ FunctionName: n })]));
    this.#provisioned = new Map(
      functions.flatMap(({ functionName: FunctionName, provisionedConcurrency: environments = 0, qualifiers = [] }) => {
        const Resource = `${FunctionName}:${qualifiers.at(-1) ?? '$LATEST'}`;
        const dimensions = Object.freeze({ FunctionName, Resource });
        return environments > 0 ? [[FunctionName, { environments, dimensions }] as const] : [];
      }),
    );
    this.#timer = setInterval(() => this.#publishGauges(Date.now()), gaugeEveryMs);
  }

  started(functionName: string): void {
    const provisioned = this.#provisioned.get(functionName);
    if (provisioned !== undefined) {
      const isOnDemand = this.#ledger.running(functionName) > provisioned.environments;
      const name = `ProvisionedConcurrency${isOnDemand ? 'Spillover' : ''}Invocations`;
      const { dimensions } = provisioned;
      this.#sink.put({ namespace, name, dimensions, unit: 'Count', value: 1, timestampMs: Date.now() });
    }
    this.#peaks.set(functionName, Math.max(this.#peaks.get(functionName) ?? 0, this.#ledger.running(functionName)));
    this.#accountPeak.total = Math.max(this.#accountPeak.total, this.#ledger.total);
    this.#accountPeak.claimed = Math.max(this.#accountPeak.claimed, this.#ledger.claimed);
    this.#accountPeak.unreserved = Math.max(this.#accountPeak.unreserved, this.#ledger.unreserved);
  }

  /** Throttled invocations are in neither Invocations nor Errors. */
  throttled(functionName: string): void {
    this.#put(functionName, { name: 'Throttles', unit: 'Count', value: 1, timestampMs: Date.now() });
  }

  /** Invocations and Errors carry the time at which the invocation started, as on AWS. Duration excludes the cold start. */
  ended(functionName: string, call: { startedAtMs: number; durationMs: number; failed: boolean }): void {
    const timestampMs = call.startedAtMs;
    this.#put(functionName, { name: 'Invocations', unit: 'Count', value: 1, timestampMs });
    this.#put(functionName, { name: 'Errors', unit: 'Count', value: call.failed ? 1 : 0, timestampMs });
    this.#put(functionName, { name: 'Duration', unit: 'Milliseconds', value: call.durationMs, timestampMs });
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #put(functionName: string, value: { name: string; unit: string; value: number; timestampMs: number }): void {
    const dimensions = this.#dimensions.get(functionName) ?? { FunctionName: functionName };
    this.#sink.put({ namespace, dimensions, ...value });
    this.#sink.put({ namespace, dimensions: account, ...value });
  }

  #publishGauges(timestampMs: number): void {
    this.#publishProvisioned(timestampMs);
    const unit = 'Count';
    const name = 'ConcurrentExecutions';
    for (const [functionName, peak] of this.#peaks) {
      const dimensions = this.#dimensions.get(functionName) ?? { FunctionName: functionName };
      this.#sink.put({ namespace, name, dimensions, unit, value: peak, timestampMs });
      // So that a function that was never throttled reads 0 rather than "no data".
      this.#sink.put({ namespace, name: 'Throttles', dimensions, unit, value: 0, timestampMs });
      const running = this.#ledger.running(functionName);
      if (peak === 0 && running === 0) this.#peaks.delete(functionName);
      else this.#peaks.set(functionName, running);
    }
    const ofAccount = {
      ConcurrentExecutions: this.#accountPeak.total,
      ClaimedAccountConcurrency: this.#accountPeak.claimed,
      UnreservedConcurrentExecutions: this.#accountPeak.unreserved,
    };
    for (const [gauge, value] of Object.entries(ofAccount)) {
      this.#sink.put({ namespace, name: gauge, dimensions: account, unit, value, timestampMs });
    }
    const { total, claimed, unreserved } = this.#ledger;
    this.#accountPeak = { total, claimed, unreserved };
  }

  #publishProvisioned(timestampMs: number): void {
    for (const [functionName, { environments, dimensions }] of this.#provisioned) {
      const running = Math.min(this.#peaks.get(functionName) ?? 0, environments);
      const gauges = {
        ProvisionedConcurrentExecutions: running,
        ProvisionedConcurrencyUtilization: running / environments,
      };
      for (const [name, value] of Object.entries(gauges))
        this.#sink.put({ namespace, name, dimensions, unit: 'Count', value, timestampMs });
    }
  }
}
