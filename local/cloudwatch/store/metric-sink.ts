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

/** Receives the metrics of all parts of the local target. */
export interface MetricSink {
  put(metric: MetricValue): void;
}
