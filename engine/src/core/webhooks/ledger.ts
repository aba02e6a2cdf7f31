import { maxMisdeliveredId } from '../../misdelivery.ts';
import type { CounterName, HistogramName, Span } from '../../records.ts';
import {
  type Device,
  hasRead,
  isAwaySince,
  isReachable,
  openBetween,
  stayedOpen,
  type User,
} from '../connections/device.ts';
import { shownText } from '../measure/shown-text.ts';
import type { Counting, Tally } from '../measure/tally.ts';
import { DeviceSet } from './device-set.ts';
import type { IsOfOtherUser } from './other-users.ts';

/** How an event comes to a tab. */
type Way = 'push' | 'poll';

interface Push {
  receivedAtMicros: number;
  /** False if the connection opened after the event was posted: the stack knew of the connection before its upgrade was answered. */
  awaited: boolean;
  /** How it was awaited; or else how it came. */
  as: Way;
}

interface Entry {
  id: string;
  /** Order of the posts. */
  sequence: number;
  owner: User;
  /** Of its route. */
  counting: Counting;
  intendedAtMicros: number;
  /** When it was first posted. */
  postedAtMicros: number;
  state: 'posted' | 'accepted' | 'unaccepted';
  /** Connections of the owner, open when the event was posted, that it has not reached yet. */
  awaited: DeviceSet;
  /** Those of the awaited that polled when it was posted; null: none did. */
  awaitedByPoll: DeviceSet | null;
  /** Connections that it has reached. */
  reached: DeviceSet;
  /** Those that have read it, in place of a push or before it; null: none has. */
  readBy: DeviceSet | null;
  /** Pushes that arrived before the post was answered: classified with the answer. */
  early: Push[];
  delivered: boolean;
  /** When it first reached anybody; the time of its post: it has not. */
  reachedAtMicros: number;
}

/** What is counted of each way. */
const counters = {
  push: { expected: 'pushesExpected', inTime: 'pushesDelivered', late: 'pushesLate', latency: 'deliveryMicros' },
  poll: { expected: 'polledExpected', inTime: 'polledDelivered', late: 'polledLate', latency: 'polledMicros' },
} as const satisfies Record<Way, Record<'expected' | 'inTime' | 'late', CounterName> & { latency: HistogramName }>;

interface LedgerOptions {
  msOf?: (micros: number) => number;
  isOfOtherUser?: IsOfOtherUser;
}

const isOf = (owner: User, device: Device): boolean =>
  device.user === owner || owner.isEveryone === true || owner.devices.includes(device);

/** How long an event is remembered. The provider's last retry comes within 20 min (Nylas, notifications, 2026-11). */
const rememberedMicros = 30 * 60 * 1_000_000;

/**
 * Every event from post to pushes. Each push ends exactly once:
 * arrived = delivered + late + duplicate + unexpected + misdelivered + ofUnaccepted + early (of posts not answered yet),
 * and pushesExpected = pushesDelivered + pushesLate + those still awaited. A push that reaches a connection after one of a later event is
 * delivered, and also counted as reordered. What tabs read that polled when the event was posted is counted in the same way, apart (polledExpected, …).
 * Each accepted event ends exactly once as well (records.ts): delivered to all with its last push, or, at the end or when it is forgotten, as what
 * the client knows of it then. Those not delivered to all are listed by id.
 */
export class Ledger {
  readonly #tally: Tally;
  readonly #lateMicros: number;
  readonly #msOf: (micros: number) => number;
  readonly #isOfOtherUser: IsOfOtherUser;
  readonly #entries = new Map<string, Entry>();
  #sequence = 0;
  /** Accepted events that have not reached every connection. */
  readonly #incomplete = new Set<Entry>();
  /** Accepted events whose owner had no open connection when they were posted, and that have reached none since. Apart, because nothing waits for them. */
  readonly #unawaited = new Set<Entry>();
  /** When the fleet began to close its connections; null: it has not. */
  #endMicros: number | null = null;

  /** A push that comes later than the timeout after its event was due is late. `msOf`: a moment in milliseconds since the epoch, for the list. */
  constructor(
    tally: Tally,
    pushTimeoutSeconds: number,
    {
      msOf = (micros: number) => micros / 1_000,
      isOfOtherUser = (owner, _id, { user }) => owner !== null && owner !== user,
    }: LedgerOptions = {},
  ) {
    this.#tally = tally;
    this.#msOf = msOf;
    this.#isOfOtherUser = isOfOtherUser;
    this.#lateMicros = pushTimeoutSeconds * 1_000_000;
  }

  /** A new event is being posted to this owner. `counting`: what its route has done; default: the fleet. */
  posted(
    id: string,
    owner: User,
    {
      intendedAtMicros,
      postedAtMicros = intendedAtMicros,
      counting = this.#tally,
    }: { intendedAtMicros: number; postedAtMicros?: number; counting?: Counting },
  ): void {
    this.#entries.set(id, {
      id,
      sequence: this.#sequence++,
      owner,
      counting,
      intendedAtMicros,
      postedAtMicros,
      state: 'posted',
      awaited: new DeviceSet(owner.devices, isReachable),
      awaitedByPoll: owner.devices.some(polls) ? new DeviceSet(owner.devices, polls) : null,
      reached: new DeviceSet(owner.devices),
      readBy: null,
      early: [],
      delivered: false,
      reachedAtMicros: postedAtMicros,
    });
  }

  /** The stack accepted the event. Called for the first accepted post of an event; replays change nothing here. */
  accepted(eventId: string): void {
    const entry = this.#entries.get(eventId);
    if (entry?.state !== 'posted') return;
    entry.state = 'accepted';
    entry.counting.count('eventsAccepted');
    const byPoll = entry.awaitedByPoll?.size ?? 0;
    const early = (way: Way) => entry.early.filter((push) => push.awaited && push.as === way).length;
    entry.counting.count('pushesExpected', entry.awaited.size - byPoll + early('push'));
    entry.counting.count('polledExpected', byPoll + early('poll'));
    for (const push of entry.early) this.#deliver(entry, push);
    entry.early = [];
    if (entry.awaited.size > 0) this.#incomplete.add(entry);
    else if (entry.delivered) entry.counting.count('eventsDeliveredToAll');
    else this.#unawaited.add(entry);
  }

  /** The stack refused the event, or the client never learned that it was accepted. */
  unaccepted(eventId: string): void {
    const entry = this.#entries.get(eventId);
    if (entry?.state !== 'posted') return;
    entry.state = 'unaccepted';
    entry.counting.count('pushesOfUnaccepted', entry.early.length);
    entry.early = [];
  }

  /** `way`: pushed to it, or read by it. What a tab reads twice, since reads overlap, or has had as a push, it drops. */
  pushed(device: Device, eventId: string, receivedAtMicros: number, way: Way = 'push'): void {
    const entry = this.#entries.get(eventId);
    if (entry === undefined || !isOf(entry.owner, device)) {
      this.#notItsOwn(device, eventId, entry?.owner ?? null);
      return;
    }
    const wasRead = entry.readBy?.has(device) ?? false;
    if (way === 'poll') {
      entry.readBy ??= new DeviceSet(entry.owner.devices);
      entry.readBy.add(device);
    }
    if (!entry.reached.add(device)) {
      entry.counting.count(way === 'poll' || wasRead ? 'polledRepeated' : 'pushesDuplicate');
      return;
    }
    if (way === 'push' && entry.sequence < device.newestEvent) entry.counting.count('pushesReordered');
    device.newestEvent = Math.max(entry.sequence, device.newestEvent);
    const awaited = entry.awaited.delete(device);
    const awaitedAs = entry.awaitedByPoll?.delete(device) ? 'poll' : 'push';
    const push: Push = { receivedAtMicros, awaited, as: awaited ? awaitedAs : way };
    switch (entry.state) {
      case 'posted':
        entry.early.push(push);
        return;
      case 'unaccepted':
        entry.counting.count('pushesOfUnaccepted');
        return;
      case 'accepted':
        this.#deliver(entry, push);
        if (entry.awaited.size > 0) return;
        if (this.#incomplete.delete(entry) || this.#unawaited.delete(entry))
          entry.counting.count('eventsDeliveredToAll');
    }
  }

  #notItsOwn(device: Device, eventId: string, owner: User | null): void {
    if (!this.#isOfOtherUser(owner, eventId, device)) {
      this.#tally.count('pushesUnexpected');
      return;
    }
    const id = shownText(eventId.slice(0, maxMisdeliveredId));
    this.#tally.countMisdelivery({ what: 'event', id, of: owner?.id ?? null, to: device.user.id });
  }

  /** Whether an event is still expected on an open connection, or by a tab that polls. */
  get hasPushesUnderWay(): boolean {
    for (const entry of this.#incomplete) if (entry.awaited.some(isReachable)) return true;
    return false;
  }

  /** The fleet begins to close its connections: what it then knows of each event stands, unless its pushes still come. */
  closing(nowMicros: number): void {
    this.#endMicros ??= nowMicros;
  }

  /** Nothing more will arrive: ends every accepted event that has not ended. */
  finish(nowMicros: number): void {
    this.closing(nowMicros);
    for (const entry of this.#incomplete) this.#end(entry, nowMicros);
    for (const entry of this.#unawaited) this.#end(entry, nowMicros);
  }

  /** Forgets events that are too old to be retried. Called each second. */
  sweep(nowMicros: number): void {
    for (const [eventId, entry] of this.#entries) {
      if (nowMicros - entry.intendedAtMicros < rememberedMicros) return;
      this.#entries.delete(eventId);
      this.#end(entry, nowMicros);
    }
  }

  /** Counts an accepted event as what is known of it, once. */
  #end(entry: Entry, nowMicros: number): void {
    if (!this.#incomplete.delete(entry) && !this.#unawaited.delete(entry)) return;
    const { id, owner, counting, postedAtMicros, awaited, reachedAtMicros } = entry;
    const until = this.#endMicros ?? nowMicros;
    const isMissing = awaited.some(
      (device) => stayedOpen(device, postedAtMicros, until) || hasRead(device, postedAtMicros, reachedAtMicros),
    );
    // A connection that closed before its push is not waited for.
    if (entry.delivered && !isMissing) counting.count('eventsDeliveredToAll');
    else if (entry.delivered) counting.countEvent({ id, state: 'deliveredToSome' });
    else if (!isMissing && owner.devices.every((device) => isAwaySince(device, postedAtMicros)))
      counting.countEvent({ id, state: 'ownerOffline' });
    else {
      const state = isMissing ? 'unreached' : 'ownerChanged';
      const open = this.#openSpans(owner, postedAtMicros, until);
      const read = this.#readSpans(owner);
      const listed = { id, state, postedMs: this.#msOf(postedAtMicros), open } as const;
      counting.countEvent(read.length > 0 ? { ...listed, read } : listed);
    }
  }

  #readSpans(owner: User): Span[] {
    return owner.devices.flatMap(({ firstReadMicros, lastReadMicros }): Span[] =>
      firstReadMicros < lastReadMicros ? [[this.#msOf(firstReadMicros), this.#msOf(lastReadMicros)]] : [],
    );
  }

  /** Connections overlap and follow one another: each has its own span, since a push reaches one of them. */
  #openSpans(owner: User, fromMicros: number, untilMicros: number): Span[] {
    return owner.devices.flatMap((device) =>
      openBetween(device, fromMicros, untilMicros).map(([from, to]): Span => [this.#msOf(from), this.#msOf(to)]),
    );
  }

  #deliver(entry: Entry, push: Push): void {
    const { expected, inTime, late, latency } = counters[push.as];
    if (!push.awaited) entry.counting.count(expected);
    const latencyMicros = push.receivedAtMicros - entry.intendedAtMicros;
    entry.counting.count(latencyMicros > this.#lateMicros ? late : inTime);
    entry.counting.recordMicros(latency, latencyMicros);
    if (entry.delivered) return;
    entry.counting.count('eventsDelivered');
    entry.delivered = true;
    entry.reachedAtMicros = push.receivedAtMicros;
  }
}

const polls = ({ isPolling, state }: Device): boolean => isPolling && state !== 'open';
