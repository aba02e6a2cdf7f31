/**
 * The baseline of a client: plain `ws` and as little else as possible. Arguments: URL, connections, pinging connections, connects per second,
 * and messages per second: 0 is a closed loop with one message under way on each pinging connection; above 0 they are due by the same
 * open-loop schedule as ours, and latency counts from then. Answers any IPC message with the latencies since the last one, in milliseconds.
 */
import WebSocket from 'ws';

const [url = '', ...numbers] = process.argv.slice(2);
const [connections = 0, pinging = 0, connectsPerSecond = 1_000, messagesPerSecond = 0] = numbers.map(Number);
const isOpenLoop = messagesPerSecond > 0;
const sockets: WebSocket[] = [];
const dueById = new Map<string, number>();
let latenciesMs: number[] = [];
let sent = 0;
let open = 0;

function connect(index: number): void {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  const ping = () => socket.send(`{"action":"ping","id":"${index}-${sent++}"}`);
  socket.on('open', () => {
    open += 1;
    if (isOpenLoop) sockets.push(socket);
    else if (index < pinging) ping();
    if (isOpenLoop && pinging > 0 && open === connections) sendOnTime();
  });
  socket.on('message', (frame: Buffer) => {
    if (!isOpenLoop) {
      ping();
      return;
    }
    const { id } = JSON.parse(frame.toString()) as { id: string };
    latenciesMs.push(performance.now() - (dueById.get(id) ?? Number.NaN));
    dueById.delete(id);
  });
  socket.on('error', (error) => {
    console.error(error.message);
    process.exit(1);
  });
}

function sendOnTime(): void {
  const startedAt = performance.now();
  setInterval(() => {
    // Bounded: a client that falls behind must still read answers.
    for (let n = 0; n < 256; n++) {
      const due = startedAt + (sent * 1_000) / messagesPerSecond;
      if (due > performance.now()) return;
      const id = sent.toString(36);
      dueById.set(id, due);
      sockets[sent++ % pinging]?.send(`{"action":"ping","id":"${id}"}`);
    }
  }, 1);
}

const startedAt = performance.now();
let begun = 0;
const timer = setInterval(() => {
  const due = Math.min(connections, Math.floor(((performance.now() - startedAt) / 1_000) * connectsPerSecond));
  for (; begun < due; begun += 1) connect(begun);
  if (begun === connections) clearInterval(timer);
}, 1);
process.on('message', () => {
  const sorted = Float64Array.from(latenciesMs).toSorted();
  latenciesMs = [];
  const quantile = (q: number) => sorted[Math.ceil(q * sorted.length) - 1] ?? Number.NaN;
  process.send?.({ p50Ms: quantile(0.5), p99Ms: quantile(0.99), messages: sorted.length });
});
process.on('disconnect', () => process.exit(0));
