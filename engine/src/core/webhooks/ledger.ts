import type { Device, User } from '../connections/device.ts';
import type { Tally } from '../measure/tally.ts';

interface Push {
  receivedAtMicros: number;
  /** False if the connection opened after the event was posted: the stack knew of the connection before its upgrade was answered. */
  awaited: boolean;
}

interface Entry {
  /** Order of the posts. */
  sequence: number;
  owner: User;
  intendedAtMicros: number;
  state: 'posted' | 'accepted' | 'ownerOffline' | 'unaccepted';
  /** Connections of the owner, open when the event was posted, that it has not reached yet. */
  awaited: Device[];
  /** Connections that it has reached. */
  reached: Device[];
  /** Pushes that arrived before the post was answered: classified with the answer. */
  early: Push[];
  delivered: boolean;
}

/** How long an event is remembered. The provider's last retry comes within 20 min (Nylas, notifications, 2026-11). */
const rememberedMicros = 30 * 60 * 1_000_000;

/**
 * Every event from post to pushes. Each push ends exactly once:
 * arrived = delivered + late + duplicate + unexpected + ofUnaccepted + early (of posts not answered yet),
 * and pushesExpected = pushesDelivered + pushesLate + those still awaited. A push that reaches a connection after one of a later event is
 * delivered, and also counted as reordered.
 * Each accepted event is delivered (at least one push), or its owner was offline, or it is still under way.
 */
export class Ledger {
  readonly #tally: Tally;
  readonly #lateMicros: number;
  readonly #entries = new Map<string, Entry>();
  #sequence = 0;
  /** Accepted events that have not reached every connection. */
  readonly #incomplete = new Set<Entry>();

  /** A push that comes later than this after its event was due is late. */
  constructor(tally: Tally, pushTimeoutSeconds: number) {
    this.#tally = tally;
    this.#lateMicros = pushTimeoutSeconds * 1_000_000;
  }

  /** A new event is being posted to this owner. */
  posted(eventId: string, owner: User, intendedAtMicros: number): void {
    this.#entries.set(eventId, {
      sequence: this.#sequence++,
      owner,
      intendedAtMicros,
      state: 'posted',
      awaited: owner.devices.filter((device) => device.state === 'open'),
      reached: [],
      early: [],
      delivered: false,
    });
  }

  /** The stack accepted the event. Called for the first accepted post of an event; replays change nothing here. */
  accepted(eventId: string): void {
    const entry = this.#entries.get(eventId);
    if (entry?.state !== 'posted') return;
    this.#tally.count('eventsAccepted');
    this.#tally.count('pushesExpected', entry.awaited.length + entry.early.filter((push) => push.awaited).length);
    if (entry.awaited.length + entry.early.length === 0) {
      entry.state = 'ownerOffline';
      this.#tally.count('eventsOwnerOffline');
      return;
    }
    entry.state = 'accepted';
    for (const push of entry.early) this.#deliver(entry, push);
    entry.early = [];
    if (entry.awaited.length > 0) this.#incomplete.add(entry);
    else this.#tally.count('eventsDeliveredToAll');
  }

  /** The stack refused the event, or the client never learned that it was accepted. */
  unaccepted(eventId: string): void {
    const entry = this.#entries.get(eventId);
    if (entry?.state !== 'posted') return;
    entry.state = 'unaccepted';
    this.#tally.count('pushesOfUnaccepted', entry.early.length);
    entry.early = [];
  }

  pushed(device: Device, eventId: string, receivedAtMicros: number): void {
    const entry = this.#entries.get(eventId);
    if (entry === undefined || device.user !== entry.owner) {
      this.#tally.count('pushesUnexpected');
      return;
    }
    if (entry.reached.includes(device)) {
      this.#tally.count('pushesDuplicate');
      return;
    }
    entry.reached.push(device);
    if (entry.sequence < device.newestEvent) this.#tally.count('pushesReordered');
    else device.newestEvent = entry.sequence;
    const at = entry.awaited.indexOf(device);
    if (at >= 0) entry.awaited.splice(at, 1);
    const push = { receivedAtMicros, awaited: at >= 0 };
    switch (entry.state) {
      case 'posted':
        entry.early.push(push);
        return;
      case 'unaccepted':
        this.#tally.count('pushesOfUnaccepted');
        return;
      case 'ownerOffline':
        // The owner came online after the answer: counted as offline already, and an event ends once.
        this.#tally.count('pushesUnexpected');
        this.#tally.countFailure('push to an owner who was offline when it was accepted');
        return;
      case 'accepted':
        this.#deliver(entry, push);
        if (entry.awaited.length === 0 && this.#incomplete.delete(entry)) this.#tally.count('eventsDeliveredToAll');
    }
  }

  /** Whether a push is still expected on an open connection. */
  get hasPushesUnderWay(): boolean {
    for (const entry of this.#incomplete) {
      if (entry.awaited.some((device) => device.state === 'open')) return true;
    }
    return false;
  }

  /** Forgets events that are too old to be retried. Called each second. */
  sweep(nowMicros: number): void {
    for (const [eventId, entry] of this.#entries) {
      if (nowMicros - entry.intendedAtMicros < rememberedMicros) return;
      this.#entries.delete(eventId);
      this.#incomplete.delete(entry);
    }
  }

  #deliver(entry: Entry, push: Push): void {
    if (!push.awaited) this.#tally.count('pushesExpected');
    const latencyMicros = push.receivedAtMicros - entry.intendedAtMicros;
    this.#tally.count(latencyMicros > this.#lateMicros ? 'pushesLate' : 'pushesDelivered');
    this.#tally.recordMicros('deliveryMicros', latencyMicros);
    if (!entry.delivered) this.#tally.count('eventsDelivered');
    entry.delivered = true;
  }
}
