/** What a simulated storm is made of. Times in ms unless the name says seconds; virtual time begins at 0 with the storm. */

import type { BackOff } from '../../aws/back-off.ts';
import type { AdmissionLimits } from '../../aws/lambda-admission.ts';
import type { PollerScaling } from '../../aws/poller-scaling.ts';
import type { QuotaId } from '../../aws/quotas/table.ts';
import type { BucketQuota } from '../../aws/token-bucket.ts';
import type { Role } from '../demand/coefficients.ts';
import type { FunctionTimes } from './functions.ts';

/** All of these clients lose their connection and reconnect. */
export interface ReconnectStorm {
  count: number;
  /** The losses are spread evenly over this time; 0: all simultaneously. */
  lostOverMs: number;
  backOff: BackOff;
  /** A client gives up one handshake after this long, and backs off. */
  timeoutMs: number;
  /** Added to every answer: the network between client and Region, TCP and TLS. */
  networkMs: number;
  /** Sent by a client as soon as it is connected: subscriptions and the like. */
  messagesAfterConnect: number;
}

/** Webhooks that arrive together; each is pushed to its owner's connections. */
export interface WebhookStorm {
  count: number;
  /** They arrive evenly over this time; 0: all simultaneously. */
  overMs: number;
  ingest: 'lambda' | 'direct';
  /** The provider retries this long after its first attempt when refused with 429 or 503; after the last retry the webhook is lost. */
  providerRetriesAfterMs: readonly number[];
  /** @connections calls for one webhook. */
  pushesPerWebhook: number;
}

export interface StormQuotas {
  newConnections: BucketQuota;
  /** Less what other traffic uses. */
  accountThrottle: BucketQuota;
  /** Throttle of $connect and of the messages' routes; null: the account's only. */
  webSocketApiThrottle: BucketQuota | null;
  httpApiThrottle: BucketQuota | null;
  /** Write units of the table. */
  dynamodbOnDemandWrite: BucketQuota;
  /** `accountConcurrency`: less what other functions reserve or use. */
  lambda: AdmissionLimits;
  poller: PollerScaling;
}

export interface StormSpec {
  seed: number;
  /** Virtual time after which the simulation ends, whatever is left. */
  horizonSeconds: number;
  clients: ReconnectStorm | null;
  webhooks: WebhookStorm | null;
  quotas: StormQuotas;
  functions: Record<Role, FunctionTimes>;
  /** Table units written. */
  writeUnits: { perConnect: number; perDisconnect: number; perWebhook: number };
  /** Webhooks that one invocation of `deliver` takes at most; its mean duration is that of one webhook, and grows with them. */
  batchSize: number;
}

export interface LimitUse {
  limit: QuotaId;
  /** What it refused. For `pollerMaxConcurrency`: nothing is refused, the queue waits. */
  refusals: number;
  /** Seconds of virtual time in which it was reached. */
  seconds: number;
}

export interface Spread {
  p50Seconds: number;
  p90Seconds: number;
  p99Seconds: number;
  maxSeconds: number;
}

export interface ReconnectResult {
  count: number;
  reconnected: number;
  gaveUp: number;
  /** Neither, at the horizon. */
  pending: number;
  attempts: number;
  timedOut: number;
  maxAttemptsOfAClient: number;
  /** From a client's loss to its new connection; null when none reconnected. */
  recovery: Spread | null;
  /** When 50%, 90%, 99% and all of the clients were connected, from the start; null when never. */
  recoveredAtSeconds: { half: number | null; most: number | null; nearlyAll: number | null; all: number | null };
  /** A lower bound for every policy: (N − b) / r of the bucket for new connections. */
  floorSeconds: number;
  /** `$disconnect` invocations that were throttled: AWS does not retry them, so the rows stay until their TTL. */
  disconnectsLost: number;
  /** Messages after the connect that were refused. */
  messagesRefused: number;
}

export interface WebhookResult {
  count: number;
  delivered: number;
  /** Refused on the provider's last attempt. */
  lost: number;
  /** Neither, at the horizon. */
  pending: number;
  /** Attempts of the provider after a refusal. */
  retries: number;
  /** From the provider's first attempt to the end of the batch that delivers it, of those whose batch has begun; null when none has. */
  delivery: Spread | null;
  peakQueued: number;
  peakAgeSeconds: number;
  /** When the last was delivered. */
  drainedAtSeconds: number | null;
}

export interface StormSecond {
  second: number;
  connected: number;
  attempts: number;
  refusals: number;
  queued: number;
  concurrency: number;
}

export interface StormResult {
  kind: 'simulated';
  seed: number;
  /** Virtual time that was simulated. */
  simulatedSeconds: number;
  /** False: the horizon came first. */
  finished: boolean;
  clients: ReconnectResult | null;
  webhooks: WebhookResult | null;
  /** Longest reached first; empty: no limit was reached. */
  limits: LimitUse[];
  functions: Record<Role, { invocations: number; throttles: number; peakConcurrency: number; coldStarts: number }>;
  peakConcurrency: number;
  seconds: StormSecond[];
}
