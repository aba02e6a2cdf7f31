import type { MessageSocket } from '../wire/socket.ts';

/** A user of the product: the owner of webhooks, with one device for each open tab. */
export interface User {
  id: string;
  devices: Device[];
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
  /** Its connection is being closed in order to be reopened. */
  reopens: boolean;
  /** Number of the newest event pushed to it: a lower one after it is out of order. */
  newestEvent: number;
}

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
    reopens: false,
    newestEvent: -1,
  };
}
