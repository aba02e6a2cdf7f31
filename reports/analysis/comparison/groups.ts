/** Kinds of measures that are compared. Apart from the measures: help and completion name them and load nothing else. */
export const measureGroups = ['latency', 'throughput', 'coefficients', 'headroom', 'cost'] as const;
export type MeasureGroup = (typeof measureGroups)[number];
