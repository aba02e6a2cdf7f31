import type { User } from '../connections/device.ts';
import type { Counting, Tally } from '../measure/tally.ts';
import type { Clock } from '../schedule/clock.ts';
import { DueHeap } from '../schedule/due-heap.ts';
import type { Task } from '../schedule/loop.ts';
import type { MixedRoutes } from '../schedule/mixed-routes.ts';
import { isInShare } from '../schedule/pacer.ts';
import type { Ledger } from './ledger.ts';
import type { PostOutcome } from './post-outcome.ts';
import type { Poster } from './poster.ts';
import type { RequestOf, WebhookEvent } from './webhook-request.ts';
import { retryWaitMicros, type WebhookRetryPolicy } from './webhook-retries.ts';

/** Maximum concurrent posts. Beyond this the target has stopped answering and the machine would run out of ports: the rest are dropped. */
const maxPostsUnderWay = 4_000;
/** Replays repeat one of the most recent accepted events. */
const replayCandidates = 32;

/** Retries per tick; then the sockets are served before the next tick. */
const maxRetriesPerTick = 128;

interface SentEvent {
  fields: WebhookEvent;
  /** Posts under way, and those waiting to be sent again. */
  open: number;
  isAccepted: boolean;
}

/** One post: the first of its event, a retry, a duplicate, or a replay of an accepted event. */
interface EventPost {
  event: SentEvent;
  attempt: number;
  isReplay: boolean;
}

export interface WebhookOptions {
  clock: Clock;
  tally: Tally;
  ledger: Ledger;
  poster: Poster;
  /** Of events: those that are connected, and those that are not. */
  owners: readonly User[];
  offlineOwners: readonly User[];
  random: () => number;
  requestOf: RequestOf;
  routes: MixedRoutes;
  /** At least one. */
  sizes: readonly { bytes: number; weight: number }[];
  replayShare: number;
  offlineShare: number;
  duplicateShare: number;
  retries: WebhookRetryPolicy;
  /** Unique to the run and the fleet: the stack remembers event ids for a day. */
  eventIdPrefix: string;
  /** Seconds since the epoch, for the body. */
  secondOf(micros: number): number;
  /** Milliseconds since the epoch, for the time of a post. */
  msOf(micros: number): number;
}

/**
 * Webhooks from due to ended, including retries and duplicates:
 * intended = posted + dropped; posted = accepted + throttled + rejected + timedOut + failed + under way.
 * An event is accepted with its first accepted post, and unaccepted when none was accepted and none is left to send.
 */
export class Webhooks implements Task {
  readonly #options: WebhookOptions;
  readonly #totalWeight: number;
  readonly #accepted: SentEvent[] = [];
  readonly #waiting = new DueHeap<EventPost>();
  #acceptedCount = 0;
  #arrivals = 0;
  #newEvents = 0;
  #stopped = false;
  /** Replays that are due: the next arrival becomes one as soon as there is an event to repeat. */
  #replaysOwed = 0;

  constructor(options: WebhookOptions) {
    this.#options = options;
    this.#totalWeight = options.sizes.reduce((sum, { weight }) => sum + weight, 0);
  }

  /** Posts waiting to be sent again. */
  get waiting(): number {
    return this.#waiting.size;
  }

  post(intendedAtMicros: number): void {
    const { replayShare, duplicateShare } = this.#options;
    if (isInShare(this.#arrivals++, replayShare)) this.#replaysOwed++;
    const replayed = this.#replaysOwed > 0 ? this.#pick(this.#accepted) : undefined;
    if (replayed) {
      if (this.#send({ event: replayed, attempt: 1, isReplay: true }, intendedAtMicros)) this.#replaysOwed--;
      return;
    }
    const sequence = this.#newEvents;
    const event = this.#newEvent(intendedAtMicros);
    if (event === null) return;
    this.#send({ event, attempt: 1, isReplay: false }, intendedAtMicros);
    if (!isInShare(sequence, duplicateShare)) return;
    if (this.#send({ event, attempt: 1, isReplay: false }, intendedAtMicros))
      this.#countingOf(event).count('duplicatesPosted');
  }

  nextDueMicros(): number {
    return this.#waiting.nextDueMicros;
  }

  run(nowMicros: number): void {
    for (let n = 0; n < maxRetriesPerTick && this.#waiting.nextDueMicros <= nowMicros; n++) {
      const due = this.#waiting.pop();
      if (due === undefined) return;
      due.item.event.open--;
      if (this.#send(due.item, due.dueMicros)) this.#countingOf(due.item.event).count('retriesPosted');
      else this.#giveUpIfLast(due.item.event);
    }
  }

  /** From now on nothing is retried. */
  stop(): void {
    this.#stopped = true;
    for (let due = this.#waiting.pop(); due !== undefined; due = this.#waiting.pop()) {
      due.item.event.open--;
      this.#giveUpIfLast(due.item.event);
    }
  }

  /** Null if it cannot be posted: it is then counted as dropped, and no event exists. */
  #newEvent(intendedAtMicros: number): SentEvent | null {
    const { clock, owners, offlineOwners, offlineShare, ledger, eventIdPrefix, secondOf, routes } = this.#options;
    const route = routes.next();
    const counting = routes.counting(route);
    if (this.#isFull(counting)) return null;
    const sequence = this.#newEvents++;
    const owner = this.#pick(isInShare(sequence, offlineShare) ? offlineOwners : owners);
    if (!owner) throw new Error('events have at least one owner, and an offline one when the share is above 0');
    const eventId = `${eventIdPrefix}${sequence.toString(36)}`;
    ledger.posted(eventId, owner, { intendedAtMicros, postedAtMicros: clock.nowMicros(), counting });
    const timeSeconds = secondOf(intendedAtMicros);
    const fields = { eventId, owner, sequence, timeSeconds, bytes: this.#nextBytes(), route };
    return { fields, open: 0, isAccepted: false };
  }

  /** With too many posts under way the next is counted as dropped. */
  #isFull(counting: Counting): boolean {
    if (this.#options.poster.underWay < maxPostsUnderWay) return false;
    counting.count('webhooksIntended');
    counting.count('webhooksDropped');
    counting.count('webhooksDroppedUnanswered');
    return true;
  }

  #countingOf({ fields }: SentEvent): Counting {
    return this.#options.routes.counting(fields.route);
  }

  /** False when the post was dropped. */
  #send(post: EventPost, intendedAtMicros: number): boolean {
    const counting = this.#countingOf(post.event);
    if (this.#isFull(counting)) return false;
    const { clock, tally, poster, requestOf, msOf } = this.#options;
    const request = requestOf(post.event.fields, { attempt: post.attempt, nowMs: msOf(clock.nowMicros()) });
    post.event.open++;
    counting.count('webhooksIntended');
    const sentAtMicros = poster.post(request, (outcome, atMicros) => {
      this.#count(outcome, counting, atMicros - intendedAtMicros);
      this.#ended(post, outcome, atMicros);
    });
    counting.count('webhooksPosted');
    if (post.isReplay) counting.count('replaysPosted');
    tally.recordMicros('sendLagMicros', sentAtMicros - intendedAtMicros);
    return true;
  }

  #ended(post: EventPost, outcome: PostOutcome, atMicros: number): void {
    const { ledger, retries } = this.#options;
    const { event } = post;
    event.open--;
    if (outcome.kind === 'accepted') {
      if (post.isReplay) this.#countingOf(event).count('replaysAccepted');
      if (event.isAccepted) return;
      event.isAccepted = true;
      ledger.accepted(event.fields.eventId);
      this.#accepted[this.#acceptedCount++ % replayCandidates] = event;
      return;
    }
    const waitMicros = this.#stopped ? null : retryWaitMicros(retries, post.attempt, outcome);
    if (waitMicros === null) {
      this.#giveUpIfLast(event);
      return;
    }
    event.open++;
    this.#waiting.push(atMicros + waitMicros, { ...post, attempt: post.attempt + 1 });
  }

  #giveUpIfLast(event: SentEvent): void {
    if (event.isAccepted || event.open > 0) return;
    this.#countingOf(event).count('eventsUnaccepted');
    this.#options.ledger.unaccepted(event.fields.eventId);
  }

  #nextBytes(): number {
    const { sizes, random } = this.#options;
    const [only] = sizes;
    if (sizes.length === 1 && only) return only.bytes;
    let left = random() * this.#totalWeight;
    for (const { bytes, weight } of sizes) {
      left -= weight;
      if (left < 0) return bytes;
    }
    return sizes.at(-1)?.bytes ?? 0;
  }

  #count(outcome: PostOutcome, counting: Counting, latencyMicros: number): void {
    const { tally } = this.#options;
    switch (outcome.kind) {
      case 'accepted':
        counting.count('webhooksAccepted');
        counting.recordMicros('webhookMicros', latencyMicros);
        return;
      case 'throttled':
        counting.count('webhooksThrottled');
        tally.countFailure('webhook 429');
        return;
      case 'rejected':
        counting.count('webhooksRejected');
        tally.countFailure(`webhook ${outcome.status}`);
        return;
      case 'timedOut':
        counting.count('webhooksTimedOut');
        tally.countFailure('webhook timed out');
        return;
      case 'failed':
        counting.count('webhooksFailed');
        tally.countFailure(`webhook ${outcome.code}`);
    }
  }

  #pick<T>(from: readonly T[]): T | undefined {
    return from[Math.floor(this.#options.random() * from.length)];
  }
}
