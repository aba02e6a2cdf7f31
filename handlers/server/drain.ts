/** The end of a task that was asked to end: everybody goes, spread over some time, so that they do not all come back at once. */
import type { WebSocket } from 'ws';

/** Service Restart: the client may come back. Source: IANA's registry of WebSocket close codes, read November 2026. */
const closeCode = 1_012;
const closeReason = 'Service restart';
/** A client that does not answer the close frame within this is cut off. */
const answerMs = 2_000;

interface DrainOptions {
  /** Asked again at the end: one more may have come meanwhile. */
  sockets: () => readonly WebSocket[];
  overMs: number;
  /** 0 ≤ random < 1. */
  random: () => number;
}

/** When each of so many connections is closed, in ms from now, ascending: uniform over the time, with jitter. */
export const closeTimes = (count: number, overMs: number, random: () => number): number[] =>
  Array.from({ length: count }, () => random() * overMs).toSorted((a, b) => a - b);

/** Settles when every connection is closed, or cut off. */
export async function closeAll({ sockets, overMs, random }: DrainOptions): Promise<void> {
  const closing = sockets();
  const times = closeTimes(closing.length, overMs, random);
  await Promise.all(
    closing.map(async (socket, index) => {
      await new Promise((resolve) => setTimeout(resolve, times[index]));
      await closeForRestart(socket);
    }),
  );
  await Promise.all(sockets().map(closeForRestart));
}

/** Settles when it is closed, or cut off. */
export async function closeForRestart(socket: WebSocket): Promise<void> {
  if (socket.readyState === socket.CLOSED) return;
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.close(closeCode, closeReason);
  const timer = setTimeout(() => socket.terminate(), answerMs);
  await closed;
  clearTimeout(timer);
}
