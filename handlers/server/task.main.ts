/**
 * One task of the service: the job of all functions of the stack as one Node.js process behind a load balancer. Asked to end (SIGTERM) it takes nothing
 * more, closes its connections over some time, and finishes what it has; killed, it loses nothing that was accepted, because that is in the queue.
 */
import { writeMetrics, writeOpenConnections } from '../adapters/embedded-metrics.ts';
import { noBus } from './bus.ts';
import { taskCredentials } from './container-credentials.ts';
import { closeAll } from './drain.ts';
import { makeTaskParts } from './task-parts.ts';
import { makeTaskServer } from './task-server.ts';
import { readTaskSettings } from './task-settings.ts';
import { connectValkey } from './valkey-bus.ts';
import { serveWebhook } from './webhook-endpoint.ts';

const connectionsEveryMs = 10_000;
/** Longer than a webhook's answer can take: two calls of the secret's versions, and the queue's. */
const answerMs = 15_000;

const settings = readTaskSettings();
const { credentials, close: closeCredentials } = await taskCredentials(process.env, console.error);
const bus =
  settings.busUrl === null
    ? noBus
    : await connectValkey(settings.busUrl, (error) => console.error('The bus:', error.message));
const count = (counts: Parameters<typeof writeMetrics>[1]) => writeMetrics(settings.stackName, counts, Date.now());
const { held, pusher, sockets, ingest, consumer, news, fallback } = await makeTaskParts(settings, {
  credentials,
  bus,
  count,
});
let ending = false;

const server = makeTaskServer({
  keepAliveMs: settings.keepAliveSeconds * 1_000,
  isEnding: () => ending,
  webhook: (request, response, searchParams) => serveWebhook(request, response, { ingest, count, searchParams }),
  fallback: fallback && { dependencies: fallback, origins: settings.fallbackOrigins, isEnding: () => ending },
  upgrade: (request, socket, head, token) => sockets.upgrade(request, socket, head, token),
});

await pusher.start();
if (fallback !== null) await news.start();
consumer.start();
const connectionsTimer = setInterval(
  () => writeOpenConnections(settings.stackName, held.size, Date.now()),
  connectionsEveryMs,
);
server.listen(settings.port);

process.once('SIGTERM', () => {
  ending = true;
  end().then(
    () => process.exit(0),
    (error: unknown) => {
      console.error('The task did not end as it should have:', error);
      process.exit(1);
    },
  );
});

async function end(): Promise<void> {
  const answered = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  setTimeout(() => server.closeAllConnections(), settings.closeOverMs + answerMs).unref();
  sockets.end();
  news.releaseAll();
  const closed = closeAll({ sockets: () => held.sockets(), overMs: settings.closeOverMs, random: Math.random });
  // Pushes from other tasks go on until the last connection is closed.
  await Promise.all([consumer.stop(), closed]);
  sockets.close();
  await sockets.settle();
  await answered;
  clearInterval(connectionsTimer);
  closeCredentials();
  bus.close();
}
