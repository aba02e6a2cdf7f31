/** What a chart shows, whoever draws it: lines over one axis, or what happened when, in lanes. */
/**
 * Values of `date` are ms since the epoch, UTC; of `percentile` 1 / (1 − q): 2 is p50, 1,000 is p99.9. A log axis has no place for 0 and below: such a value is a gap.
 */
export interface Axis {
  /** `seconds`, `messages/s`: what stands at the axis and in the head of the data table. */
  name: string;
  scale: 'linear' | 'log' | 'date' | 'share' | 'logShare' | 'dollars' | 'percentile';
  /** Ends of the axis; without them it has those of the values. */
  from?: number;
  to?: number;
}

/** null where nothing is known: a gap. */
export type Points = [x: number, y: number | null][];

interface Line {
  name: string;
  /** Where it comes from: `client`, `CloudWatch`. */
  from?: string;
  points: Points;
  /** `area`: stacked on the areas before it. Default: a line from point to point. */
  draw?: 'line' | 'step' | 'area' | 'dots';
  /** The space down to the line before it is tinted: a band. */
  band?: true;
}

interface About {
  /** Unique in the document. */
  id: string;
  title: string;
  /** What it shows, in a sentence or two: below it, and in its place where there is no drawing. */
  sentence: string;
  x: Axis;
  /** A stretch of x that is tinted: the steady state, a bracket. */
  spans: { name: string; from: number; to: number; tone: 'plain' | 'bad' }[];
  /** Where something begins or happened, on x: a stage. */
  moments: { name: string; at: number }[];
}

export interface LineChart extends About {
  kind: 'lines';
  y: Axis;
  lines: Line[];
  /** Limits in y's unit: quotas, objectives. Those far above every value are only named. */
  bounds: { name: string; value: number }[];
}

/** What happened when: a row of stretches each. */
export interface LaneChart extends About {
  kind: 'lanes';
  lanes: {
    name: string;
    tone: 'near' | 'bad' | 'muted';
    spans: { from: number; to: number; count: number | null }[];
  }[];
}

export type Chart = LineChart | LaneChart;
