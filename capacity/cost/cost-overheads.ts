/** What a cost rests on besides prices and measured coefficients. */
import type { Load } from '../demand/load.ts';

/** What a run's coefficients do not hold. Assumptions, each to be replaced by what an account shows. */
export interface CostOverheads {
  /** Share of invocations that start an environment. Under a percent where traffic is steady; more in bursts and at night. */
  coldStartShare: number;
  /** INIT of an environment, billed since August 2025: 0.2 to 0.6 s for bundled JavaScript with a part of the SDK. */
  initSeconds: number;
  /** START, END and REPORT lines with a metric line of the handler's own. */
  logBytesPerInvocation: number;
  logRetentionDays: number;
  /** The reference stack's own: events delivered, offline, duplicate, failed; pushes sent, gone, throttled; signatures rejected. */
  customMetrics: number;
  /** Metrics that its seven alarms watch: an alarm on a sum is charged for each metric in it. */
  alarmMetrics: number;
  dashboards: number;
}

export const defaultOverheads: CostOverheads = {
  coldStartShare: 0.005,
  initSeconds: 0.4,
  logBytesPerInvocation: 600,
  logRetentionDays: 14,
  customMetrics: 8,
  alarmMetrics: 17,
  dashboards: 1,
};

export const assumptionsOf = (
  load: Load,
  { coldStartShare, initSeconds, logBytesPerInvocation }: CostOverheads,
): string[] => [
  `Connections, messages and the share of owners online at ${percent(load.meanToPeak ?? 1)} of their daily peak in the mean of a day (the plan’s meanToPeak); webhooks at their daily mean, evenly over the day. A month is 730 h.`,
  'Prices of the Region named, without free tiers, discounts and taxes.',
  'WebSocket messages count in both directions, each 32 KB begun as one: client messages, their answers and pushes. $connect and $disconnect are not counted as messages: AWS does not say. Connection minutes begun are counted.',
  'SQS: one send and one receive for each 64 KB begun and one delete for each batch, and the five pollers’ empty long polls (one every 20 s each).',
  `Lambda on Arm, billed by the mean duration of the run, rounded up to 1 ms; ${percent(coldStartShare)} of invocations start an environment, with ${initSeconds} s of INIT.`,
  `CloudWatch: ${logBytesPerInvocation} bytes of log an invocation, the stack’s own metrics, alarms and dashboard.`,
  'Not included: Secrets Manager, KMS, storage of a few MB, detailed route metrics, reading of metrics, other stacks of the account.',
];

const percent = (share: number): string => `${Number((share * 100).toPrecision(3))}%`;
