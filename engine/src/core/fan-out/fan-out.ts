import { maxMisdeliveredId } from '../../misdelivery.ts';
import { type MissedPublish, maxNamedUsers } from '../../missed-publish.ts';
import { type Device, stayedOpen } from '../connections/device.ts';
import type { FleetLoad } from '../fleet/fleet-spec.ts';
import { shownText } from '../measure/shown-text.ts';
import type { Tally } from '../measure/tally.ts';
import type { Clock } from '../schedule/clock.ts';
import { type Channel, makeChannels, Subscriptions } from './subscriptions.ts';

/** A publish and its delivery to subscribers, which is counted apart from the outcome of the publish itself. */
interface Publish {
  id: string;
  channel: Channel;
  /** Order of publishes to the channel. */
  sequence: number;
  publisher: Device;
  intendedAtMicros: number;
  sentAtMicros: number;
  state: 'sent' | 'answered' | 'unanswered';
  /** Those subscribed when it was sent that it has not reached yet. */
  awaited: Set<Device>;
  reached: Set<Device>;
  /** Times of deliveries before the answer: counted when it arrives. */
  early: number[];
  firstAtMicros: number | null;
}

/** Characters of a message beside its id, its channel and its body, however it is formatted. */
const shortestMessage = '{"type":"message","id":"","channel":"","body":""}'.length;
/** How long a publish is remembered after its pushes have become late: for duplicates, and for pushes that come after all. */
const rememberedMicros = 60 * 1_000_000;

/**
 * Publishes to channels, and their ledger: intended = sent + dropped; sent = answered + timedOut + errorFrame + connectionClosed + under way;
 * of those answered, expected = delivered + late + still awaited (missing, at the end). Duplicates and deliveries to others are counted separately.
 * The publisher of a channel is its first subscriber, so that the order of a channel's messages is known: one that arrives after a later
 * one of the same channel is reordered (and delivered).
 * One that was answered, and that a subscriber never got whose connection was open from before it was sent until the end (or until it is forgotten),
 * is missed: it is listed by id (missed-publish.ts).
 */
export class FanOut {
  readonly #clock: Clock;
  readonly #tally: Tally;
  readonly #timeoutMicros: number;
  readonly #lateMicros: number;
  readonly #body: string;
  /** Of the ids of this fleet's publishes: no other fleet and no other run has it. */
  readonly #idHead: string;
  readonly #channels: readonly Channel[];
  readonly #subscriptions: Subscriptions;
  /** By id, in the order in which they were sent. */
  readonly #publishes = new Map<string, Publish>();
  readonly #unanswered = new Set<Publish>();
  /** Answered, but not yet delivered to every subscriber. */
  readonly #incomplete = new Set<Publish>();
  #cursor = 0;
  #sequence = 0;
  #sweptMicros = Number.NEGATIVE_INFINITY;
  /** When the fleet began to close its connections; null: it has not. */
  #endMicros: number | null = null;

  constructor(options: { clock: Clock; tally: Tally; load: FleetLoad; devices: readonly Device[]; prefix: string }) {
    const { clock, tally, load } = options;
    this.#clock = clock;
    this.#tally = tally;
    this.#timeoutMicros = load.timeoutSeconds * 1_000_000;
    this.#lateMicros = load.pushTimeoutSeconds * 1_000_000;
    this.#body = 'x'.repeat(load.publishBytes);
    this.#idHead = `p-${options.prefix.replace(/^c-/, '')}-`;
    this.#channels = makeChannels(load.channels, options.devices, options.prefix);
    this.#subscriptions = new Subscriptions({ clock, tally, timeoutMicros: this.#timeoutMicros }, this.#channels);
  }

  /** Subscriptions that have not been answered. */
  get subscribing(): number {
    return this.#subscriptions.underWay;
  }
  /** Whether an answer, or a delivery on a connection that is open, is still to come. */
  get hasUnderWay(): boolean {
    if (this.#unanswered.size > 0) return true;
    for (const { awaited } of this.#incomplete) for (const device of awaited) if (device.state === 'open') return true;
    return false;
  }

  opened(device: Device): void {
    this.#subscriptions.opened(device);
  }

  lost(device: Device): void {
    this.#subscriptions.lost(device);
    for (const publish of this.#unanswered)
      if (publish.publisher === device) this.#unanswer(publish, 'publishesConnectionClosed');
  }

  /** Publishes to the next channel in turn. */
  publish(intendedAtMicros: number): void {
    this.#tally.count('publishesIntended');
    const channel = this.#channels[this.#cursor++ % Math.max(1, this.#channels.length)];
    const [publisher] = channel?.subscribed ?? [];
    if (channel === undefined || publisher === undefined) {
      this.#tally.count('publishesDropped');
      this.#tally.count('publishesDroppedNoConnection');
      return;
    }
    const id = `${this.#idHead}${(this.#sequence++).toString(36)}`;
    const payload = Buffer.from(`{"action":"publish","id":"${id}","channel":"${channel.name}","body":"${this.#body}"}`);
    const sentAtMicros = this.#clock.nowMicros();
    if (!publisher.socket?.sendText(payload)) {
      this.#tally.count('publishesDropped');
      this.#tally.count(publisher.socket?.isOpen ? 'publishesDroppedNotRead' : 'publishesDroppedNoConnection');
      return;
    }
    this.#tally.count('publishesSent');
    this.#tally.count('bytesSent', payload.length);
    this.#tally.recordMicros('sendLagMicros', sentAtMicros - intendedAtMicros);
    const publish: Publish = {
      id,
      channel,
      sequence: channel.sent++,
      publisher,
      intendedAtMicros,
      sentAtMicros,
      state: 'sent',
      awaited: new Set(channel.subscribed),
      reached: new Set(),
      early: [],
      firstAtMicros: null,
    };
    this.#publishes.set(id, publish);
    this.#unanswered.add(publish);
  }

  subscribed(device: Device, id: string): void {
    this.#subscriptions.answered(device, id);
  }

  /** The stack's answer to a publish. */
  published(device: Device, id: string, receivedAtMicros: number): void {
    const publish = this.#publishes.get(id);
    if (publish?.state !== 'sent' || publish.publisher !== device) {
      this.#tally.countFailure('answer late, repeated or unknown');
      return;
    }
    if (receivedAtMicros - publish.sentAtMicros > this.#timeoutMicros) {
      this.#unanswer(publish, 'publishesTimedOut');
      return;
    }
    this.#unanswered.delete(publish);
    publish.state = 'answered';
    this.#tally.count('publishesAnswered');
    this.#tally.recordMicros('publishMicros', receivedAtMicros - publish.intendedAtMicros);
    const { early, awaited } = publish;
    this.#tally.count('fanOutExpected', awaited.size + early.length);
    if (awaited.size > 0) this.#incomplete.add(publish);
    early.forEach((atMicros, n) => {
      this.#deliver(publish, atMicros, awaited.size === 0 && n === early.length - 1);
    });
    publish.early = [];
  }

  /** Whether a message of this size can be the publish of this id: a shorter one has lost a part of its body. */
  isWhole(id: string, characters: number): boolean {
    const { length = 0 } = this.#publishes.get(id)?.channel.name ?? '';
    return characters >= shortestMessage + id.length + length + this.#body.length;
  }

  /** A message of a channel has reached a subscriber. */
  received(device: Device, id: string, receivedAtMicros: number): void {
    const publish = this.#publishes.get(id);
    if (publish === undefined || !(publish.awaited.has(device) || publish.reached.has(device))) {
      this.#unawaited(device, id, publish?.channel ?? null);
      return;
    }
    if (!publish.awaited.delete(device)) {
      this.#tally.count('fanOutDuplicate');
      return;
    }
    publish.reached.add(device);
    const newest = publish.channel.newest.get(device) ?? -1;
    if (publish.sequence < newest) this.#tally.count('fanOutReordered');
    else publish.channel.newest.set(device, publish.sequence);
    if (publish.state === 'sent') publish.early.push(receivedAtMicros);
    else if (publish.state === 'answered') this.#deliver(publish, receivedAtMicros, publish.awaited.size === 0);
    else this.#tally.count('fanOutOfUnanswered');
  }

  /** A message that nothing says is due here: the channel is another's, or the device had not subscribed, or no longer. `channel`: null: of no publish that is remembered. */
  #unawaited(device: Device, id: string, channel: Channel | null): void {
    const isMember = channel?.members.has(device) ?? id.startsWith(this.#idHead);
    if (isMember) this.#tally.count('fanOutUnexpected');
    else countMisdirected(this.#tally, device, { id, of: channel?.name ?? null });
  }

  /** True if the error frame's id is that of a subscription or a publish. */
  failed(device: Device, id: string, code: string): boolean {
    if (this.#subscriptions.failed(device, id, code)) return true;
    const publish = this.#publishes.get(id);
    if (publish === undefined || publish.publisher !== device) return false;
    this.#tally.countFailure(`publish ${code}`);
    if (publish.state === 'sent') this.#unanswer(publish, 'publishesErrorFrame');
    return true;
  }

  /** Called each second. */
  sweep(nowMicros: number): void {
    this.#subscriptions.sweep(nowMicros);
    for (const publish of this.#unanswered) {
      if (nowMicros - publish.sentAtMicros <= this.#timeoutMicros) break;
      this.#unanswer(publish, 'publishesTimedOut');
    }
    // Too old a second ago already: what had arrived by then has been read since, also after this process stood still.
    const sweptMicros = this.#sweptMicros;
    this.#sweptMicros = nowMicros;
    for (const [id, publish] of this.#publishes) {
      if (sweptMicros - publish.intendedAtMicros <= this.#lateMicros + rememberedMicros) return;
      this.#publishes.delete(id);
      this.#end(publish, nowMicros);
    }
  }

  /** The fleet begins to close its connections: whose was open until now should have got every message. */
  closing(nowMicros: number): void {
    this.#endMicros ??= nowMicros;
  }

  /** Nothing more will arrive. */
  finish(nowMicros: number): void {
    this.closing(nowMicros);
    for (const publish of this.#incomplete) this.#end(publish, nowMicros);
  }

  /** Counts an answered publish as missed, once, if it is. */
  #end(publish: Publish, nowMicros: number): void {
    if (!this.#incomplete.delete(publish)) return;
    const { id, channel, sentAtMicros, awaited } = publish;
    const until = this.#endMicros ?? nowMicros;
    const missing = [...awaited].filter((device) => stayedOpen(device, sentAtMicros, until));
    if (missing.length === 0) return;
    const users = missing.slice(0, maxNamedUsers).map(({ user }) => user.id);
    const missed: MissedPublish = { id, channel: channel.name, subscribers: missing.length, users };
    this.#tally.countMissedPublish(missed);
  }

  #unanswer(
    publish: Publish,
    outcome: 'publishesTimedOut' | 'publishesErrorFrame' | 'publishesConnectionClosed',
  ): void {
    this.#unanswered.delete(publish);
    publish.state = 'unanswered';
    this.#tally.count(outcome);
    this.#tally.count('fanOutOfUnanswered', publish.early.length);
    publish.early = [];
  }

  #deliver(publish: Publish, atMicros: number, isLast: boolean): void {
    const latencyMicros = atMicros - publish.intendedAtMicros;
    this.#tally.count(latencyMicros > this.#lateMicros ? 'fanOutLate' : 'fanOutDelivered');
    this.#tally.recordMicros('fanOutMicros', latencyMicros);
    if (publish.firstAtMicros === null) {
      publish.firstAtMicros = atMicros;
      this.#tally.recordMicros('fanOutFirstMicros', latencyMicros);
    }
    if (!isLast) return;
    this.#incomplete.delete(publish);
    this.#tally.recordMicros('fanOutLastMicros', latencyMicros);
    this.#tally.recordMicros('fanOutSpreadMicros', atMicros - publish.firstAtMicros);
  }
}

/** A message of a channel, by its publish's id, on a connection that never asked for it. `of`: the channel; null: one of another fleet, or of another run. */
export const countMisdirected = (tally: Tally, device: Device, { id, of }: { id: string; of: string | null }): void =>
  tally.countMisdelivery({ what: 'publish', id: shownText(id.slice(0, maxMisdeliveredId)), of, to: device.user.id });
