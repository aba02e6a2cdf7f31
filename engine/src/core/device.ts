import type WebSocket from 'ws';

/** A message that has been sent and has not ended. */
export interface Ping {
  id: string;
  intendedAtMicros: number;
  sentAtMicros: number;
  device: Device;
}

/** A user of the product: the owner of webhooks, with one device for each open tab. */
export interface User {
  id: string;
  devices: Device[];
}

/** One connection's place in the fleet: a browser tab. */
export interface Device {
  user: User;
  state: 'waiting' | 'connecting' | 'open' | 'closing' | 'ended';
  socket: WebSocket | null;
  connectIntendedAtMicros: number;
  /** Place in the list of open devices; meaningful while open. */
  openIndex: number;
  /** Messages of this device that have not ended: a handful at most. */
  outstanding: Ping[];
}
