/** One active fault, in one process: what it affects, how often it has fired, and when it has ended. */

import { draw, streamOf } from '../../aws/random.ts';
import { TokenBucket } from '../../aws/token-bucket.ts';
import { longestTimerMs } from '../process/sleep.ts';
import { delayAt } from './delay.ts';
import type { Caller, CrashMoment, SetFault } from './faults.ts';
import { operationMatcher } from './latency-profile.ts';
import { failureOf, type Service, type ServiceError, throttleOf } from './services.ts';

/** One operation of a service, as patterns match it. */
export interface Call {
  service: Service;
  operation: string;
  caller?: Caller;
}

/** What a fault does to an operation that it affects. */
export type Effect =
  | { kind: 'refuse'; throttled: boolean; error: ServiceError }
  /** `ended` aborts when the fault ends. */
  | { kind: 'lostRequest' | 'lostAnswer'; way: 'hang' | 'reset'; ended: AbortSignal }
  | { kind: 'crash'; when: CrashMoment; afterMs: number };

export class FaultState {
  readonly fault: SetFault;
  fired = 0;
  /** Operations, messages or connections that it has considered. */
  #met = 0;
  #stream: number;
  #delayStream: number;
  #matchers: readonly ((operation: string) => boolean)[];
  #bucket: TokenBucket | null;
  #ended = new AbortController();
  #timer: NodeJS.Timeout | null = null;
  #nowMs: () => number;
  /** `disconnect` and the like: rounds that are over. */
  #rounds = 0;

  constructor(fault: SetFault, process: string, nowMs: () => number) {
    this.fault = fault;
    this.#nowMs = nowMs;
    this.#stream = streamOf(`fault ${fault.name} ${process}`);
    this.#delayStream = streamOf(`delay ${fault.name} ${process}`);
    this.#matchers = fault.operation.map(operationMatcher);
    this.#bucket = fault.kind === 'throttle' && fault.quota ? new TokenBucket(fault.quota, nowMs()) : null;
    if (fault.durationSeconds === undefined) return;
    const endsAtMs = fault.setAtMs + (fault.startSeconds + fault.durationSeconds) * 1_000;
    const leftMs = Math.max(0, endsAtMs - nowMs());
    // A fault that lasts longer ends by the clock alone.
    if (leftMs > longestTimerMs) return;
    this.#timer = setTimeout(() => this.end(), leftMs);
    this.#timer.unref();
  }

  meets({ service, operation, caller = 'others' }: Call): boolean {
    const { fault } = this;
    if (fault.service !== service || !this.isOn) return false;
    if (fault.callers !== 'everyone' && fault.callers !== caller) return false;
    if (!this.matches(operation)) return false;
    return this.draws() && !this.#bucket?.take(this.#nowMs());
  }

  /** Whether it affects the next one that it considers. */
  draws(): boolean {
    const { skip, most, seed, share } = this.fault;
    const sequence = this.#met;
    this.#met += 1;
    if (sequence < skip || (most !== undefined && this.fired >= most)) return false;
    return draw(seed, this.#stream, sequence) < share;
  }

  /** The delay of a `latency` that fires now, in ms; 0 for every other kind. */
  delayMs(): number {
    const { fault } = this;
    return fault.kind === 'latency' ? delayAt(fault.delay, draw(fault.seed, this.#delayStream, this.fired)) : 0;
  }

  /** Null for kinds that do not affect operations. */
  effectOn(service: Service): Effect | null {
    const { fault } = this;
    switch (fault.kind) {
      case 'error':
        return { kind: 'refuse', throttled: false, error: errorOf(fault, service) };
      case 'throttle':
        return { kind: 'refuse', throttled: true, error: throttleOf(service) };
      case 'partition':
        return { kind: 'lostRequest', way: fault.way, ended: this.#ended.signal };
      case 'lostAnswer':
        return { kind: 'lostAnswer', way: fault.way, ended: this.#ended.signal };
      case 'crash':
        return { kind: 'crash', when: fault.when, afterMs: fault.afterMs };
      case 'failover': {
        const isAway = draw(fault.seed, this.#delayStream, this.fired) < awayShare;
        return { kind: 'refuse', throttled: false, error: isAway ? unavailable : failureOf(service) };
      }
      default:
        return null;
    }
  }

  /** Whether its patterns match this. */
  matches(operation: string): boolean {
    return this.#matchers.some((matches) => matches(operation));
  }

  /** Begins the round of a `disconnect`, `taskStop` or `failover` that is due; false if none is. */
  beginRound(): boolean {
    const { fault } = this;
    if (!hasRounds(fault) || !this.isOn) return false;
    const elapsedSeconds = this.#elapsedSeconds();
    const every = 'everySeconds' in fault ? fault.everySeconds : undefined;
    const due = every === undefined ? 1 : Math.floor(elapsedSeconds / every) + 1;
    if (this.#rounds >= due) return false;
    this.#rounds = due;
    return true;
  }

  end(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#ended.abort();
  }

  /** Whether it has begun and has not ended. */
  get isOn(): boolean {
    const { durationSeconds } = this.fault;
    const elapsedSeconds = this.#elapsedSeconds();
    return elapsedSeconds >= 0 && (durationSeconds === undefined || elapsedSeconds < durationSeconds);
  }

  /** Since its start. */
  #elapsedSeconds(): number {
    return (this.#nowMs() - this.fault.setAtMs) / 1_000 - this.fault.startSeconds;
  }
}

const hasRounds = ({ kind }: SetFault): boolean => kind === 'disconnect' || kind === 'taskStop' || kind === 'failover';

/** Of the requests to a table that fails over, those answered with 503; the others are internal errors. An assumption. */
const awayShare = 0.5;
/** DynamoDB developer guide, "Error handling with DynamoDB", read November 2026. */
const unavailable: ServiceError = {
  type: 'com.amazonaws.dynamodb.v20120810#ServiceUnavailable',
  status: 503,
  message: 'DynamoDB is currently unavailable.',
};

function errorOf({ error, status, message }: Extract<SetFault, { kind: 'error' }>, service: Service): ServiceError {
  const usual = failureOf(service);
  return {
    type: error ?? usual.type,
    // An error with a custom name is a client error, as most are, unless the status says otherwise.
    status: status ?? (error === undefined ? usual.status : 400),
    message: message ?? usual.message,
  };
}
