/** One value of one metric at one moment, as a service would publish it. */
export interface MetricValue {
  namespace: string;
  name: string;
  dimensions: Readonly<Record<string, string>>;
  /** CloudWatch's own unit names: Count, Milliseconds, Bytes, Seconds, None … */
  unit: string;
  value: number;
  /** Milliseconds since the epoch. */
  timestampMs: number;
}

/** Where the parts of the local target leave their metrics. */
export interface MetricSink {
  put(metric: MetricValue): void;
}
