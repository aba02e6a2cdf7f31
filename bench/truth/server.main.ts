/**
 * A server whose truth is known: answers pings (docs/reference/protocol.md) and posts, immediately or after a delay from a known distribution, and reports over
 * IPC when it answered each, and how long it delayed it, by its own clock. Argument: `instant`, `constant` or `lognormal`.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

const mode = process.argv[2];
/** Median 20 ms; the 99.9th percentile is about 12 times that. */
const medianMs = 20;
const sigma = 0.8;
/** Low-discrepancy numbers in (0, 1): the multiples of the golden ratio's fraction. */
const golden = 0.618_033_988_749_895;
let answered = 0;
/** The planned delay, and the actual one by this clock: a timer rounds up. */
const wantedMs: number[] = [];
const heldMs: number[] = [];
/** Number of each message (from its id, in base 36; NaN without one) and when it was answered, in milliseconds. */
const answers: [number, number][] = [];

/** Inverse of the standard normal distribution: P. Acklam's approximation in its middle range, mirrored tails by Newton's method. */
function normalQuantile(p: number): number {
  let x = 0;
  for (let step = 0; step < 60; step++) {
    const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
    const change = (cumulative(x) - p) / Math.max(density, 1e-12);
    x -= Math.max(-1, Math.min(1, change));
    if (Math.abs(change) < 1e-9) break;
  }
  return x;
}
/** Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.17; error under 7.5e-8. */
function cumulative(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const series = ((((1.330274429 * t - 1.821255978) * t + 1.781477937) * t - 0.356563782) * t + 0.31938153) * t;
  const tail = (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * series;
  return x >= 0 ? 1 - tail : tail;
}

/** A 1 ms timer that detects the longest time for which the process stood still. */
let stoodStillMs = 0;
/** When that ended. */
let resumedAtMs = 0;
let tickedAt = performance.now();
setInterval(() => {
  const now = performance.now();
  if (now - tickedAt > stoodStillMs) {
    stoodStillMs = now - tickedAt;
    resumedAtMs = now;
  }
  tickedAt = now;
}, 1).unref();

const idPattern = /"id":"(?:e-truth-truth-)?([^"]*)"/;

function answer(text: string, send: (id: string) => void): void {
  const receivedAt = performance.now();
  const p = ((++answered * golden) % 1) * 0.9998 + 0.0001;
  const id = idPattern.exec(text)?.[1] ?? '';
  const wanted = mode === 'lognormal' ? medianMs * Math.exp(sigma * normalQuantile(p)) : medianMs;
  const reply = () => {
    const now = performance.now();
    wantedMs.push(wanted);
    heldMs.push(now - receivedAt);
    answers.push([Number.parseInt(id, 36), now]);
    send(id);
  };
  if (mode === 'instant') reply();
  else setTimeout(reply, wanted);
}

const server = createServer((request, response) => {
  let head = '';
  request.on('data', (chunk: Buffer) => {
    if (head === '') head = chunk.toString('latin1', 0, 256);
  });
  request.on('end', () => answer(head, () => response.writeHead(200, { 'content-length': '0' }).end()));
});
new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket) => {
  socket.on('error', () => socket.terminate());
  socket.on('message', (frame: Buffer) => {
    answer(frame.toString('latin1', 0, 256), (id) => socket.send(`{"type":"pong","id":"${id}"}`));
  });
});
server.keepAliveTimeout = 60_000;
// A backlog for all connections that arrive while it stands still: a dropped SYN would add a second that is not the server's.
server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () =>
  process.send?.({ port: (server.address() as AddressInfo).port }),
);
process.on('message', (asked) => {
  process.send?.(asked === 'count' ? answered : { wantedMs, heldMs, answers, stoodStillMs, resumedAtMs });
});
process.on('disconnect', () => process.exit(0));
