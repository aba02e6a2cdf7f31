/** Fan-out over the day, for its cost. */
import type { Load } from '../demand/load.ts';

const secondsPerDay = 86_400;

/**
 * Means in 1/s of the day's pushes of channels (publishes follow the day, their recipients are taken to be those of the peak: an upper
 * bound) and of its broadcasts, to the day's mean of connections. `load` is the day's mean already.
 */
export function fanOutMean({ fanOut, peakConnections }: Load) {
  const none = { pushesPerSecond: 0, pushedBytes: 0, meteredPushes: 0, broadcastReadUnits: 0 };
  if (!fanOut) return none;
  const { channels, broadcast } = fanOut;
  // Broadcasts a day × the rates of one × its seconds, to those connected at the mean.
  const connected = broadcast && broadcast.connections > 0 ? peakConnections / broadcast.connections : 0;
  const share = broadcast ? (broadcast.perDay * broadcast.lastsSeconds * connected) / secondsPerDay : 0;
  return {
    pushesPerSecond: channels.pushes + (broadcast?.pushes ?? 0) * share,
    pushedBytes: channels.pushedBytes + (broadcast?.pushedBytes ?? 0) * share,
    meteredPushes: channels.meteredPushes + (broadcast?.meteredPushes ?? 0) * share,
    broadcastReadUnits: (broadcast?.readUnits ?? 0) * share,
  };
}
