import type { MessageSocket } from '../wire/socket.ts';

/** A user of the product: the owner of webhooks, with one device for each open tab. */
export interface User {
  id: string;
  /** Place among the users of the fleet: the row of a feed that is theirs. */
  index: number;
  devices: Device[];
  /** Of the owner of webhooks for one tab alone: that tab's name. */
  tab?: string;
  /** Of the owner of webhooks for everyone: all devices of the fleet are theirs. */
  isEveryone?: true;
}

interface PastConnection {
  openedAtMicros: number;
  leftAtMicros: number;
}

/** One connection's place in the fleet: a browser tab. */
export interface Device {
  user: User;
  /** Place in the order of connects. */
  index: number;
  state: 'waiting' | 'connecting' | 'open' | 'closing' | 'ended';
  socket: MessageSocket | null;
  connectIntendedAtMicros: number;
  /** Place in the list of open devices; meaningful while open. */
  openIndex: number;
  /** Messages of this device still under way. */
  outstanding: number;
  /** Consecutive connects that failed or were lost: the exponent of the back-off. */
  failedAttempts: number;
  /** When an open connection was lost that has not been recovered; null otherwise. */
  lostAtMicros: number | null;
  hasOpened: boolean;
  /** When its connection opened; Infinity while none is open. */
  openedAtMicros: number;
  /** When its earlier connections were open, oldest first, each from its opening until it was lost or asked to close. */
  past: readonly PastConnection[];
  /** When it last had a socket, open or not; -Infinity: never. Meaningless while it has one. */
  socketEndedAtMicros: number;
  /** Its connection is being closed in order to be reopened. */
  reopens: boolean;
  /** Number of the newest event pushed to it: a lower one after it is out of order. */
  newestEvent: number;
  /** It asks for events over HTTP at intervals, in place of a connection; until when it last did, -Infinity: never. */
  isPolling: boolean;
  polledUntilMicros: number;
  /** It is not to have a connection: the stage of the rollout has not reached its user, or was rolled back. */
  isOutside: boolean;
  /** When its first and its last complete read of events began; Infinity and -Infinity: it has made none. What was kept between them it has read, or was pushed. */
  firstReadMicros: number;
  lastReadMicros: number;
}

/** Name of a device, unique in its run. */
export const tabOf = (device: Device): string => `${device.user.id}.${device.user.devices.indexOf(device)}`;

/** Shared by all devices that have had one connection at most: nearly all. */
const none: readonly PastConnection[] = [];

export function newDevice(user: User, index: number): Device {
  return {
    user,
    index,
    state: 'waiting',
    socket: null,
    connectIntendedAtMicros: 0,
    openIndex: -1,
    outstanding: 0,
    failedAttempts: 0,
    lostAtMicros: null,
    hasOpened: false,
    openedAtMicros: Number.POSITIVE_INFINITY,
    past: none,
    socketEndedAtMicros: Number.NEGATIVE_INFINITY,
    reopens: false,
    newestEvent: -1,
    isPolling: false,
    polledUntilMicros: Number.NEGATIVE_INFINITY,
    isOutside: false,
    firstReadMicros: Number.POSITIVE_INFINITY,
    lastReadMicros: Number.NEGATIVE_INFINITY,
  };
}

/** Earlier connections are remembered as long as events are (ledger.ts). */
const rememberedMicros = 30 * 60 * 1_000_000;

/** Its connection is no longer open. */
export function leave(device: Device, nowMicros: number): void {
  const { openedAtMicros, past } = device;
  const recent = past.filter(({ leftAtMicros }) => leftAtMicros >= nowMicros - rememberedMicros);
  device.past = [...recent, { openedAtMicros, leftAtMicros: nowMicros }];
  device.openedAtMicros = Number.POSITIVE_INFINITY;
}

/** When a connection of it was open between two moments: one for each connection, oldest first. */
export function openBetween(device: Device, fromMicros: number, untilMicros: number): [from: number, to: number][] {
  const current = { openedAtMicros: device.openedAtMicros, leftAtMicros: Number.POSITIVE_INFINITY };
  return [...device.past, current]
    .filter(({ openedAtMicros, leftAtMicros }) => openedAtMicros <= untilMicros && leftAtMicros >= fromMicros)
    .map(({ openedAtMicros, leftAtMicros }) => [
      Math.max(openedAtMicros, fromMicros),
      Math.min(leftAtMicros, untilMicros),
    ]);
}

/** Whether one and the same connection of it was open all the time between two moments. */
export const stayedOpen = (device: Device, fromMicros: number, untilMicros: number): boolean =>
  openBetween(device, fromMicros, untilMicros).some(([from, to]) => from === fromMicros && to === untilMicros);

/** Whether it had no socket at any time since this moment (none open, none opening, none closing), and did not poll. */
export function isAwaySince(device: Device, fromMicros: number): boolean {
  const hasSocket = device.state === 'connecting' || device.state === 'open' || device.state === 'closing';
  const hasPolled = device.isPolling || device.polledUntilMicros >= fromMicros;
  return !hasSocket && !hasPolled && device.socketEndedAtMicros < fromMicros;
}

/** Whether what happens to its user now is to reach it. */
export const isReachable = ({ state, isPolling }: Device): boolean => state === 'open' || isPolling;

/** Whether it has read all events that were kept between two moments. */
export const hasRead = (
  { firstReadMicros, lastReadMicros }: Device,
  fromMicros: number,
  untilMicros: number,
): boolean => firstReadMicros <= fromMicros && lastReadMicros > untilMicros;
