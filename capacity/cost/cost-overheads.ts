/** What a cost depends on besides prices and measured coefficients. */
import type { Load } from '../demand/load.ts';
import type { Moment } from '../demand/rates.ts';
import type { Deployment } from '../headroom/quota.ts';

/** What a run's coefficients do not cover. Assumptions: replace each by what the account shows. */
export interface CostOverheads {
  /** Share of invocations that start an environment. Under a percent where traffic is steady; more in bursts and at night. */
  coldStartShare: number;
  /** INIT of an environment, billed since August 2025: 0.2 to 0.6 s for bundled JavaScript with a part of the SDK. */
  initSeconds: number;
  /** START, END and REPORT lines with one metric line of the handler. */
  logBytesPerInvocation: number;
  /** One line of an API's access log, with CloudWatch's 26 bytes for each event. */
  accessLogBytesPerRequest: number;
  logRetentionDays: number;
  /** Metrics of the reference stack: events delivered, offline, duplicate, failed, refused; pushes sent, gone, throttled; signatures rejected. */
  customMetrics: number;
  /** Metrics that its nine alarms watch: an alarm on a sum is charged for each metric in it. */
  alarmMetrics: number;
  dashboards: number;
}

export const defaultOverheads: CostOverheads = {
  coldStartShare: 0.005,
  initSeconds: 0.4,
  logBytesPerInvocation: 600,
  accessLogBytesPerRequest: 300,
  logRetentionDays: 14,
  customMetrics: 9,
  alarmMetrics: 19,
  dashboards: 1,
};

export const assumptionsOf = (
  load: Load,
  { coldStartShare, initSeconds, logBytesPerInvocation, accessLogBytesPerRequest }: CostOverheads,
): string[] => [
  `Connections, messages and the share of owners online average ${percent(load.meanToPeak ?? 1)} of their daily peak; webhooks are at their daily mean, ${load.webhooksByHour ? 'and follow the day’s curve' : 'spread evenly over the day'}. A month is 730 h.`,
  'Prices of the Region named, without free tiers, discounts or taxes.',
  'WebSocket messages are metered in both directions, in units of 32 KB: client messages, their answers and pushes. $connect and $disconnect are not counted as messages (AWS does not say whether they are). Partial connection-minutes are charged.',
  'SQS: one send and one receive per 64 KB or part of it, one delete per batch, and the empty long polls of five pollers (one every 20 s each).',
  `Lambda on Arm, billed for mean durations, rounded up to 1 ms; ${percent(coldStartShare)} of invocations are cold starts, with ${initSeconds} s of INIT each.`,
  `CloudWatch: ${logBytesPerInvocation} bytes of logs per invocation, ${accessLogBytesPerRequest} bytes per request of an API that logs them, and the stack’s own metrics, alarms and dashboard.`,
  'Not included: Secrets Manager, KMS, SNS, X-Ray, a few MB of storage, detailed route metrics, reading metrics, other stacks in the account.',
];

const percent = (share: number): string => `${Number((share * 100).toPrecision(3))}%`;

/** Requests that leave a line in an access log, in 1/s: every connection that opens also closes. Pushes leave none. */
export function loggedRequestRate({ connects, messages, webhooks }: Moment, { accessLogs }: Deployment): number {
  const webSocket = accessLogs?.webSocket ? messages + 2 * connects : 0;
  return webSocket + (accessLogs?.webhook ? webhooks : 0);
}
