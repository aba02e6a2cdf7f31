import type { Device } from '../connections/device.ts';
import type { Tally } from '../measure/tally.ts';
import type { Clock } from '../schedule/clock.ts';

export interface Channel {
  name: string;
  members: ReadonlySet<Device>;
  /** Members whose subscription has been confirmed and whose connection is open. */
  subscribed: Set<Device>;
  /** Messages published to it so far. */
  sent: number;
  /** Number of the newest message that each has received. */
  newest: Map<Device, number>;
}

/** Channels of the given sizes; devices become members in turn. A device is never in the same channel twice. */
export function makeChannels(
  sizes: readonly { count: number; subscribers: number }[],
  devices: readonly Device[],
  prefix: string,
): Channel[] {
  let next = 0;
  return sizes
    .flatMap(({ count, subscribers }) => Array.from({ length: count }, () => Math.min(subscribers, devices.length)))
    .map((size, n) => {
      const members = new Set(
        Array.from({ length: size }, () => devices[next++ % devices.length]).filter((d) => d !== undefined),
      );
      return { name: `${prefix}-${n}`, members, subscribed: new Set(), sent: 0, newest: new Map() };
    });
}

const idHead = 's-';

/** Subscriptions: sent = answered + timedOut + errorFrame + connectionClosed + under way. */
export class Subscriptions {
  readonly #clock: Clock;
  readonly #tally: Tally;
  readonly #timeoutMicros: number;
  readonly #channelsOf = new Map<Device, Channel[]>();
  readonly #underWay = new Map<string, { device: Device; channel: Channel; sentAtMicros: number }>();
  #sequence = 0;

  constructor(
    { clock, tally, timeoutMicros }: { clock: Clock; tally: Tally; timeoutMicros: number },
    channels: readonly Channel[],
  ) {
    this.#clock = clock;
    this.#tally = tally;
    this.#timeoutMicros = timeoutMicros;
    for (const channel of channels) {
      for (const device of channel.members) {
        const own = this.#channelsOf.get(device) ?? [];
        this.#channelsOf.set(device, [...own, channel]);
      }
    }
  }

  get underWay(): number {
    return this.#underWay.size;
  }

  /** Subscribes a connection that has just opened to its channels. */
  opened(device: Device): void {
    for (const channel of this.#channelsOf.get(device) ?? []) {
      const id = `${idHead}${(this.#sequence++).toString(36)}`;
      const payload = Buffer.from(`{"action":"subscribe","id":"${id}","channel":"${channel.name}"}`);
      if (!device.socket?.sendText(payload)) continue;
      this.#tally.count('subscribesSent');
      this.#underWay.set(id, { device, channel, sentAtMicros: this.#clock.nowMicros() });
    }
  }

  answered(device: Device, id: string): void {
    const subscription = this.#underWay.get(id);
    if (subscription?.device !== device) {
      this.#tally.countFailure('answer late, repeated or unknown');
      return;
    }
    this.#underWay.delete(id);
    subscription.channel.subscribed.add(device);
    this.#tally.count('subscribesAnswered');
    this.#tally.recordMicros('subscribeMicros', this.#clock.nowMicros() - subscription.sentAtMicros);
  }

  /** True if the id is that of a subscription under way. */
  failed(device: Device, id: string, code: string): boolean {
    if (this.#underWay.get(id)?.device !== device) return false;
    this.#underWay.delete(id);
    this.#tally.count('subscribesErrorFrame');
    this.#tally.countFailure(`subscribe ${code}`);
    return true;
  }

  lost(device: Device): void {
    const channels = this.#channelsOf.get(device);
    if (channels === undefined) return;
    for (const channel of channels) channel.subscribed.delete(device);
    for (const [id, subscription] of this.#underWay) {
      if (subscription.device !== device) continue;
      this.#underWay.delete(id);
      this.#tally.count('subscribesConnectionClosed');
    }
  }

  sweep(nowMicros: number): void {
    for (const [id, { sentAtMicros }] of this.#underWay) {
      if (nowMicros - sentAtMicros <= this.#timeoutMicros) return;
      this.#underWay.delete(id);
      this.#tally.count('subscribesTimedOut');
    }
  }
}
