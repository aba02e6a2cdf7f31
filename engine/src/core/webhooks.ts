import type { Clock } from './clock.ts';
import type { User } from './device.ts';
import type { Ledger } from './ledger.ts';
import { messageCreatedBody } from './nylas-event.ts';
import { isInShare } from './pacer.ts';
import type { Poster, PostOutcome } from './poster.ts';
import { signWebhook } from './signing.ts';
import type { Tally } from './tally.ts';

/** Posts under way at once. Beyond it the target has stopped answering and the machine's ports would run out: the rest is dropped. */
const maxPostsUnderWay = 4_000;
/** Replays repeat one of the last accepted events. */
const replayCandidates = 32;

interface SentEvent {
  eventId: string;
  body: Buffer;
  signature: string;
}

export interface WebhookOptions {
  clock: Clock;
  tally: Tally;
  ledger: Ledger;
  poster: Poster;
  users: readonly User[];
  offlineOwners: readonly User[];
  random: () => number;
  secret: string;
  bytes: number;
  replayShare: number;
  offlineOwnerShare: number;
  /** Unique to the run and the fleet: the stack remembers event ids for a day. */
  eventIdPrefix: string;
  /** Seconds since the epoch, for the body. */
  secondOf(micros: number): number;
}

/**
 * Webhooks from due to ended:
 * intended = posted + dropped; posted = accepted + throttled + rejected + timedOut + failed + under way.
 */
export class Webhooks {
  readonly #options: WebhookOptions;
  readonly #accepted: SentEvent[] = [];
  #acceptedCount = 0;
  #arrivals = 0;
  #newEvents = 0;
  /** Replays that are due: an arrival becomes one as soon as there is an event to repeat. */
  #replaysOwed = 0;

  constructor(options: WebhookOptions) {
    this.#options = options;
  }

  post(intendedAtMicros: number): void {
    const { tally, poster, replayShare } = this.#options;
    tally.count('webhooksIntended');
    if (isInShare(this.#arrivals++, replayShare)) this.#replaysOwed++;
    if (poster.underWay >= maxPostsUnderWay) {
      tally.count('webhooksDropped');
      return;
    }
    const replayed = this.#replaysOwed > 0 ? this.#pick(this.#accepted) : undefined;
    if (replayed) {
      this.#replaysOwed--;
      tally.count('replaysPosted');
    }
    this.#send(replayed ?? this.#newEvent(intendedAtMicros), intendedAtMicros, replayed !== undefined);
  }

  #newEvent(intendedAtMicros: number): SentEvent {
    const { users, offlineOwners, offlineOwnerShare, ledger, eventIdPrefix, secret, bytes, secondOf } = this.#options;
    const sequence = this.#newEvents++;
    const owner = this.#pick(isInShare(sequence, offlineOwnerShare) ? offlineOwners : users);
    if (!owner) throw new Error('a fleet has at least one user, and an offline one when the share is above 0');
    const eventId = `${eventIdPrefix}-${sequence.toString(36)}`;
    const body = messageCreatedBody({ eventId, grantId: owner.id, timeSeconds: secondOf(intendedAtMicros), bytes });
    ledger.posted(eventId, owner, intendedAtMicros);
    return { eventId, body, signature: signWebhook(body, secret) };
  }

  #send(event: SentEvent, intendedAtMicros: number, isReplay: boolean): void {
    const { tally, poster } = this.#options;
    const headers = { 'x-nylas-signature': event.signature };
    const sentAtMicros = poster.post(event.body, headers, (outcome, atMicros) => {
      this.#count(outcome, intendedAtMicros, atMicros);
      if (isReplay) {
        if (outcome.kind === 'accepted') tally.count('replaysAccepted');
        return;
      }
      if (outcome.kind !== 'accepted') {
        this.#options.ledger.unaccepted(event.eventId);
        return;
      }
      this.#options.ledger.accepted(event.eventId);
      this.#accepted[this.#acceptedCount++ % replayCandidates] = event;
    });
    tally.count('webhooksPosted');
    tally.recordMicros('sendLagMicros', sentAtMicros - intendedAtMicros);
  }

  #count(outcome: PostOutcome, intendedAtMicros: number, atMicros: number): void {
    const { tally } = this.#options;
    switch (outcome.kind) {
      case 'accepted':
        tally.count('webhooksAccepted');
        tally.recordMicros('webhookMicros', atMicros - intendedAtMicros);
        return;
      case 'throttled':
        tally.count('webhooksThrottled');
        tally.countFailure('webhook 429');
        return;
      case 'rejected':
        tally.count('webhooksRejected');
        tally.countFailure(`webhook ${outcome.status}`);
        return;
      case 'timedOut':
        tally.count('webhooksTimedOut');
        tally.countFailure('webhook timed out');
        return;
      case 'failed':
        tally.count('webhooksFailed');
        tally.countFailure(`webhook ${outcome.code}`);
    }
  }

  #pick<T>(from: readonly T[]): T | undefined {
    return from[Math.floor(this.#options.random() * from.length)];
  }
}
