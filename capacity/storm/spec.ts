/** What a simulated storm is made of. Times in ms unless the name says seconds; virtual time begins at 0 with the storm. */

import type { BackOff } from '../../aws/back-off.ts';
import type { AdmissionLimits } from '../../aws/lambda-admission.ts';
import type { PollerScaling } from '../../aws/poller-scaling.ts';
import type { QuotaId } from '../../aws/quotas/table.ts';
import type { BucketQuota } from '../../aws/token-bucket.ts';
import type { FunctionPart, FunctionTimes } from './functions.ts';

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
  /** Further attempts of the provider when it is refused with 429 or 503; after the last one the webhook is lost. */
  providerRetries: readonly RetryWindow[];
  /** @connections calls for one webhook. */
  pushesPerWebhook: number;
}

/** A provider's retry comes at a random moment of this time after its first attempt, uniformly: its back-off has jitter. */
export interface RetryWindow {
  fromMs: number;
  toMs: number;
}

/** One event that is pushed to many tabs, at the start. */
export interface FanOutStorm {
  tabs: number;
  /** Until when all of them should have it. */
  deadlineMs: number;
  /** How long one @connections call takes. */
  callMs: number;
  /** Calls that all senders together make at a time; null: as many as it takes. */
  callsAtOnce: number | null;
}

/** What the function that empties the queue calls once for each webhook: `ratePerSecond` and `burst` as in a token bucket. Refused calls fail, and with them the webhook. */
export interface DownstreamLimit extends BucketQuota {
  /** Whether refused calls use up the limit as well. */
  refusedCallsCount: boolean;
}

/** The queue and its event source. */
interface StormQueue {
  visibilityTimeoutMs: number;
  /** Receives after which a message goes to the dead-letter queue; null: there is none. */
  maxReceiveCount: number | null;
  /** Whether the function reports the failed messages of a batch (ReportBatchItemFailures). Otherwise one failure fails its whole batch. */
  partialBatches: boolean;
  /** MaximumConcurrency of the event source; null: not set. */
  maximumConcurrency: number | null;
}

/** Of the requests of a kind, those that take one route, and what throttles it; null: the account alone. */
export interface RouteThrottle {
  /** 0 to 1; those of a kind that take no route are the rest. */
  share: number;
  throttle: BucketQuota | null;
}

export interface StormQuotas {
  newConnections: BucketQuota;
  /** Less what other traffic uses. */
  accountThrottle: BucketQuota;
  /** Throttle of $connect and of the messages' routes; null: the account's only. */
  webSocketApiThrottle: BucketQuota | null;
  httpApiThrottle: BucketQuota | null;
  /** Of a stack whose routes are known, in place of these two: each route has a bucket of its own. */
  routes?: { connect: BucketQuota | null; messages: readonly RouteThrottle[]; webhooks: readonly RouteThrottle[] };
  /** Webhooks come to the URL of a function, and take nothing of the account's throttle. */
  webhooksPassBy?: true;
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
  fanOut: FanOutStorm | null;
  /** Null: nothing limits the function that empties the queue but AWS. */
  downstream: DownstreamLimit | null;
  quotas: StormQuotas;
  /** By where each stands; null: nothing runs there (an API that queues webhooks by itself, a route without a function). */
  functions: Record<FunctionPart, FunctionTimes | null>;
  /** Table units written. */
  writeUnits: { perConnect: number; perDisconnect: number; perWebhook: number };
  /** Webhooks that one invocation of the consumer takes at most; its mean duration is that of one webhook, and grows with them. */
  batchSize: number;
  queue: StormQueue;
}

export interface LimitUse {
  limit: QuotaId;
  /** What it refused. 0: nothing was refused, but something waited (the queue for pollers, pushes for the throttle). */
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
  recoveredAtSeconds: Milestones;
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
  /** In the dead-letter queue, and how many of these without a single invocation: every receive was throttled. */
  deadLettered: number;
  deadLetteredWithoutRun: number;
  /** None of these, at the horizon. */
  pending: number;
  /** Attempts of the provider after a refusal. */
  retries: number;
  /** Webhooks that became messages of the queue, and how often these were received in total. */
  accepted: number;
  receives: number;
  downstream: DownstreamResult | null;
  /** From the provider's first attempt to the end of the batch that delivers it, of those delivered; null when none was. */
  delivery: Spread | null;
  peakQueued: number;
  peakAgeSeconds: number;
  /** When the last was delivered; null when none was, or some are pending. */
  drainedAtSeconds: number | null;
}

export interface DownstreamResult {
  calls: number;
  refused: number;
}

export interface FanOutResult {
  tabs: number;
  sent: number;
  /** Sent after the deadline, or not at all by the horizon. */
  late: number;
  /** When 50%, 90%, 99% and all of the tabs had it; null when never. */
  pushedAtSeconds: Milestones;
  /** Calls a second that the deadline asks for; null without one. */
  neededPerSecond: number | null;
  /** How long the whole of the account's throttle is needed for it: N / r. */
  throttleSeconds: number;
  /** A lower bound: (N − b) / r of the account's throttle. */
  floorSeconds: number;
}

/** When shares of a whole were reached, from the start. */
export interface Milestones {
  half: number | null;
  most: number | null;
  nearlyAll: number | null;
  all: number | null;
}

export interface StormSecond {
  second: number;
  connected: number;
  attempts: number;
  refusals: number;
  queued: number;
  pollers: number;
  /** Calls of the fan-out that went through. */
  pushed: number;
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
  fanOut: FanOutResult | null;
  /** Longest reached first; empty: no limit was reached. */
  limits: LimitUse[];
  /** By logical id. */
  functions: Record<string, { invocations: number; throttles: number; peakConcurrency: number; coldStarts: number }>;
  peakConcurrency: number;
  seconds: StormSecond[];
}
