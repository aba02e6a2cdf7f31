import type { Device } from '../connections/device.ts';
import { type Clock, monotonicClock } from '../schedule/clock.ts';
import { eventLoopWaiter, type Waiter } from '../schedule/loop.ts';
import { ClientSocket } from '../wire/client-socket.ts';
import { type OpenPostConnection, PostSocket } from '../wire/post-socket.ts';
import type { OpenSocket } from '../wire/socket.ts';

/** Time and network as a fleet sees them. Tests replace them with virtual time and an in-memory target. */
export interface Platform {
  clock: Clock;
  waiter: Waiter;
  /** Wall clock in milliseconds since the epoch; used for labels only. */
  wallMs(): number;
  openSocket: OpenSocket<Device>;
  openPostConnection: OpenPostConnection;
}

export const systemPlatform: Platform = {
  clock: monotonicClock,
  waiter: eventLoopWaiter,
  wallMs: Date.now,
  openSocket: (options) => new ClientSocket(options),
  openPostConnection: (url, onIdle) => new PostSocket(url, onIdle),
};
