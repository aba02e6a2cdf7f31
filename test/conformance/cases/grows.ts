import type { ConformanceCase } from '../conformance-case.ts';
import { type MetricName, sumNow, sumOf } from '../metrics.ts';
import type { Subject } from '../subject.ts';

/** A metric that must grow by at least this much. Other cases may increase it meanwhile. */
export const grows = (
  row: string,
  metricOf: (subject: Subject) => MetricName,
  { by, act }: { by: number; act: (subject: Subject) => Promise<unknown> },
): ConformanceCase => ({
  row,
  check: async (subject) => {
    const before = await sumNow(subject, metricOf(subject));
    await act(subject);
    await sumOf(subject, metricOf(subject), before + by);
  },
});
