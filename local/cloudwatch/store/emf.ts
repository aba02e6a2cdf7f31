/**
 * Embedded Metric Format: metrics in the log lines of a function.
 * Source: CloudWatch user guide, "Specification: Embedded metric format", read 2026-11.
 */
import { z } from 'zod';
import type { MetricValue } from './metric-sink.ts';

const maxValuesPerMetric = 100;
/**
 * From two weeks ago to two hours ahead; CloudWatch accepts no other (same specification). Here one in the year 50,000 (in microseconds, say)
 * would also make everything else too old to be kept.
 */
const oldestMs = 14 * 86_400_000;
const aheadMs = 2 * 3_600_000;

const emfSchema = z.object({
  _aws: z.object({
    Timestamp: z.number().optional(),
    CloudWatchMetrics: z.array(
      z.object({
        Namespace: z.string().min(1),
        Dimensions: z.array(z.array(z.string())).default([[]]),
        Metrics: z.array(z.object({ Name: z.string().min(1), Unit: z.string().default('None') })),
      }),
    ),
  }),
});

/**
 * The values in one log line; none when it isn't EMF. A metric or dimension whose member is missing or of another type is
 * omitted, as by CloudWatch.
 * @param ingestedAtMs milliseconds since the epoch, for lines without a Timestamp
 */
export function parseEmf(line: string, ingestedAtMs: number): MetricValue[] {
  // Most lines are plain text and are not parsed as JSON. A runtime may put a prefix (time, request id) before the object.
  if (!line.includes('"CloudWatchMetrics"')) return [];
  const root = parseObject(line.slice(line.indexOf('{')));
  const parsed = emfSchema.safeParse(root);
  if (root === undefined || !parsed.success) return [];
  const { Timestamp: timestampMs = ingestedAtMs, CloudWatchMetrics: directives } = parsed.data._aws;
  if (!(timestampMs >= ingestedAtMs - oldestMs && timestampMs <= ingestedAtMs + aheadMs)) return [];
  return directives.flatMap(({ Namespace: namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) => {
      const dimensions = dimensionsOf(names, root);
      if (dimensions === undefined) return [];
      return Metrics.flatMap(({ Name: name, Unit: unit }) =>
        valuesOf(root[name]).map((value) => ({ namespace, name, dimensions, unit, value, timestampMs })),
      );
    }),
  );
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** The store finds the series of a metric by the object of its dimensions, and at length by what is in it: the same ones are the same object. */
const keptDimensions = new Map<string, Readonly<Record<string, string>>>();
/** Far more than a stack has; of one that has more, the oldest are made anew. */
const maxKeptDimensions = 1_000;

function dimensionsOf(
  names: readonly string[],
  root: Record<string, unknown>,
): Readonly<Record<string, string>> | undefined {
  const pairs: [name: string, value: string][] = [];
  for (const name of names) {
    const value = root[name];
    if (typeof value !== 'string') return undefined;
    pairs.push([name, value]);
  }
  const key = JSON.stringify(pairs);
  const known = keptDimensions.get(key);
  if (known !== undefined) return known;
  const made = Object.freeze(Object.fromEntries(pairs));
  if (keptDimensions.size >= maxKeptDimensions) keptDimensions.clear();
  keptDimensions.set(key, made);
  return made;
}

function valuesOf(member: unknown): number[] {
  const values: unknown[] = Array.isArray(member) ? member.slice(0, maxValuesPerMetric) : [member];
  return values.filter((value): value is number => typeof value === 'number' && Number.isFinite(value));
}
