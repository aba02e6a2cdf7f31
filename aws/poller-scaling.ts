/**
 * How many batches of one SQS event source may run concurrently. Pure except for its own state.
 *
 * Standard queue: 5 at the start, up to 300 more a minute while every poller has messages, at most 1,250, or MaximumConcurrency; back
 * to 5 as polls come back empty, and to as few as `pollerIdleConcurrency` where MaximumConcurrency is not set.
 * Source: Lambda developer guide, "Configuring scaling behavior for SQS event source mappings", read November 2026.
 *
 * When batches fail or are throttled Lambda "backs off" without figures: here the number is halved, at most once a second and never
 * below 2, and grows again by the same 300 a minute. Functions that report batch item failures are not slowed down by failures.
 */
import { lambdaQuotas } from './quotas/lambda.ts';

export interface PollerScaling {
  pollerInitialConcurrency: number;
  pollerGrowthPerMinute: number;
  pollerMaxConcurrency: number;
  /** Long polls that stay open without traffic. */
  pollerIdleConcurrency: number;
}

/** Of an event source with provisioned pollers: as many from the start as it keeps at least, and never fewer. Source: as above. */
export function provisionedScaling({ minimum, maximum }: { minimum: number; maximum: number }): PollerScaling {
  const { provisionedPollerConcurrency, provisionedGrowthPerMinute, provisionedMaxConcurrency } = lambdaQuotas;
  const executions = (pollers: number) =>
    Math.min(pollers * provisionedPollerConcurrency.default, provisionedMaxConcurrency.default);
  return {
    pollerInitialConcurrency: executions(minimum),
    pollerGrowthPerMinute: provisionedGrowthPerMinute.default,
    pollerMaxConcurrency: executions(maximum),
    pollerIdleConcurrency: executions(minimum),
  };
}

/** How long one ReceiveMessage of a poller waits for messages. */
export const longPollSeconds = 20;
/** A poller whose invocation was throttled retries after this, doubling up to `most`. AWS documents no figure. */
export const throttledPollerMs = { first: 100, most: 5_000 };

const backOffFloor = 2;
const backOffIntervalMs = 1_000;

export class PollerScaler {
  #scaling: PollerScaling;
  #limit: number;
  #initial: number;
  #idle: number;
  #target: number;
  #tickedAtMs: number;
  #backedOffAtMs = Number.NEGATIVE_INFINITY;
  /** Below the initial number for lack of messages, not because batches failed. */
  #idling = false;

  constructor(scaling: PollerScaling, maximumConcurrency: number | null, nowMs: number) {
    this.#scaling = scaling;
    this.#limit = maximumConcurrency ?? scaling.pollerMaxConcurrency;
    this.#initial = Math.min(this.#limit, scaling.pollerInitialConcurrency);
    this.#idle = maximumConcurrency === null ? Math.min(this.#initial, scaling.pollerIdleConcurrency) : this.#initial;
    this.#target = this.#initial;
    this.#tickedAtMs = nowMs;
  }

  /** Batches, and therefore long polls, that may run concurrently. */
  get allowed(): number {
    return Math.floor(this.#target);
  }

  /** Call it about once a second. @param saturated whether every poller has messages to work on */
  tick(saturated: boolean, nowMs: number): void {
    const grownBy = ((nowMs - this.#tickedAtMs) / 60_000) * this.#scaling.pollerGrowthPerMinute;
    this.#tickedAtMs = nowMs;
    if (saturated) this.#target = Math.min(this.#limit, this.#target + grownBy);
  }

  /** A poll came back empty. @returns whether its poller stops */
  foundNothing(pollers: number): boolean {
    if (pollers <= this.#idle) return false;
    this.#target = Math.max(this.#idle, Math.min(this.#target, pollers - 1));
    this.#idling = this.#target < this.#initial;
    return true;
  }

  /** A poll found messages: the pollers that had gone idle return immediately. */
  foundMessages(): void {
    if (this.#idling) this.#target = Math.max(this.#target, this.#initial);
    this.#idling = false;
  }

  /** A batch was throttled, or failed in a function that does not report failures by message. */
  backOff(nowMs: number): void {
    if (nowMs - this.#backedOffAtMs < backOffIntervalMs) return;
    this.#backedOffAtMs = nowMs;
    this.#target = Math.max(Math.min(backOffFloor, this.#initial), this.#target / 2);
  }
}
