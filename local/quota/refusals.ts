/**
 * Counts refusals by quotas, per second, for the metric `Loadline/Local` `QuotaRefusals` and through it for the decision log.
 * The dimension `Quota` is the quota's id; if the quota is that of one route, function, table or queue, followed by a space and its name.
 */
import type { QuotaId } from '../../aws/quotas/table.ts';
import type { MetricSink } from '../cloudwatch/store/metric-sink.ts';

export const refusalMetric = { namespace: 'Loadline/Local', name: 'QuotaRefusals', unit: 'Count' } as const;

/** What refuses here: an AWS quota, or a limit of this machine that AWS does not have. */
export type Refusing = QuotaId | 'machineConnections' | 'machineInvocations' | 'clientBufferBytes';

/** The value of the metric's dimension. */
export const refusalDimension = (quota: Refusing, scope: string | null = null): string =>
  scope === null ? quota : `${quota} ${scope}`;

export class Refusals {
  #nowMs: () => number;
  #dimensions = new Map<string, Readonly<Record<string, string>>>();
  #seconds = new Map<number, Map<string, number>>();

  /** `nowMs`: milliseconds since the epoch. */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  count(refusing: Refusing, scope: string | null = null): void {
    const quota = refusalDimension(refusing, scope);
    const second = Math.floor(this.#nowMs() / 1_000);
    let counts = this.#seconds.get(second);
    if (counts === undefined) {
      counts = new Map();
      this.#seconds.set(second, counts);
    }
    counts.set(quota, (counts.get(quota) ?? 0) + 1);
    if (!this.#dimensions.has(quota)) this.#dimensions.set(quota, Object.freeze({ Quota: quota }));
  }

  /** Returns the counts since the last call; 0 for a quota that has refused before but not since. */
  publish(sink: MetricSink): void {
    const silent = new Map(this.#dimensions);
    for (const [second, counts] of this.#seconds) {
      for (const [quota, value] of counts) {
        const dimensions = this.#dimensions.get(quota);
        if (dimensions) sink.put({ ...refusalMetric, dimensions, value, timestampMs: second * 1_000 });
        silent.delete(quota);
      }
    }
    this.#seconds.clear();
    for (const dimensions of silent.values())
      sink.put({ ...refusalMetric, dimensions, value: 0, timestampMs: this.#nowMs() });
  }
}
