/** What a cost depends on besides prices and measured coefficients. */
import type { Load } from '../demand/load.ts';
import { askRate, type Moment } from '../demand/rates.ts';
import type { Deployment } from '../headroom/deployment.ts';

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
  /** Of a frame of more than 125 bytes from the server (RFC 6455, 5.2). */
  frameHeaderBytes: number;
  /** Header, content type and tag of a TLS 1.3 record (RFC 8446, 5.2). */
  tlsRecordBytes: number;
  /** The server's side of TLS, with a chain of certificates, and the answer to the upgrade. */
  handshakeBytes: number;
  /** Status line and headers of the answer to a webhook, whose connection the provider keeps. */
  webhookAnswerBytes: number;
}

export const defaultOverheads: CostOverheads = {
  coldStartShare: 0.005,
  initSeconds: 0.4,
  logBytesPerInvocation: 600,
  accessLogBytesPerRequest: 300,
  logRetentionDays: 14,
  frameHeaderBytes: 4,
  tlsRecordBytes: 22,
  handshakeBytes: 5_500,
  webhookAnswerBytes: 300,
};

export const assumptionsOf = (
  load: Load,
  overheads: CostOverheads,
  { deployment, freeTier }: { deployment: Deployment; freeTier: boolean },
): string[] => [
  `Connections, messages and the share of owners online average ${percent(load.meanToPeak ?? 1)} of their daily peak; webhooks are at their daily mean, ${load.webhooksByHour ? 'and follow the day’s curve' : 'spread evenly over the day'}. A month is 730 h.`,
  freeTier
    ? 'Prices of the Region named, less what AWS gives an account for nothing every month: 1 M invocations and 400,000 GB-s, 1 M SQS requests, 25 GB of tables, 100 GB to the internet, 10 metrics, 10 alarm metrics, 3 dashboards, 5 GB of logs. Other stacks of the account share it. API Gateway’s twelve months for accounts from before 2025-07-15, credits, discounts and taxes are left out.'
    : 'Prices of the Region named, without free tiers (--free-tier), discounts or taxes.',
  'WebSocket messages are metered in both directions, in units of 32 KB: client messages, their answers and pushes. $connect and $disconnect are not counted as messages (AWS does not say whether they are). Partial connection-minutes are charged.',
  'SQS: one send and one receive per 64 KB or part of it, one delete per batch, and the empty long polls of five pollers (one every 20 s each).',
  `Lambda on Arm, billed for mean durations, rounded up to 1 ms; ${percent(overheads.coldStartShare)} of invocations are cold starts, with ${overheads.initSeconds} s of INIT each.`,
  `CloudWatch: ${overheads.logBytesPerInvocation} bytes of logs per invocation, ${overheads.accessLogBytesPerRequest} bytes per request of an API that logs them, and the stack’s own metrics, alarms and dashboard.`,
  deployment.code
    ? 'Table: rows by their layout, with ids of 36 characters; point-in-time recovery is charged for the table’s size. Secrets: read by every environment that verifies, anew after 300 s.'
    : 'What tables hold, secrets, alarms, dashboards and metrics of its own are not known of this stack, and left out.',
  `Data out: ${overheads.tlsRecordBytes} bytes of TLS and ${overheads.frameHeaderBytes} of header for each frame, ${overheads.handshakeBytes} for each handshake, ${overheads.webhookAnswerBytes} for each answer to a webhook; TCP and IP headers are left out.`,
  `Left out: ${[...(deployment.webSocket?.detailedMetrics || deployment.webhook?.detailedMetrics ? [] : ['metrics of each route (the setting detailedMetrics is off)']), 'KMS', ...(deployment.topics ? [] : ['SNS']), 'X-Ray', 'restores', 'reading metrics', 'other stacks in the account'].join(', ')}.`,
];

const percent = (share: number): string => `${Number((share * 100).toPrecision(3))}%`;

/** Requests that leave a line in an access log, in 1/s: every connection that opens also closes. Pushes leave none. The fallback's API logs as the webhooks' does. */
export function loggedRequestRate(moment: Moment, { webSocket, webhook, code }: Deployment): number {
  const { connects, messages, webhooks } = moment;
  const ofClients = webSocket?.accessLogs ? messages + 2 * connects : 0;
  return ofClients + (webhook?.accessLogs ? webhooks + (code?.fallback ? askRate(moment) : 0) : 0);
}
