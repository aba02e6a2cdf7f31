/** The bus over the pub-sub of Valkey or Redis. */
import { Redis } from 'ioredis';
import type { Bus } from './bus.ts';

/** A command that has no answer by then fails: the push behind it is tried again. */
const commandTimeoutMs = 1_000;
const longestReconnectMs = 2_000;

const options = {
  commandTimeout: commandTimeoutMs,
  // A command that was cut off may have been carried out: what it carried is tried again by whoever knows what that means.
  maxRetriesPerRequest: 0,
  enableOfflineQueue: false,
  // One write for all publishes of a turn of the event loop.
  enableAutoPipelining: true,
  retryStrategy: (attempts: number) => Math.min(longestReconnectMs, 50 * 2 ** Math.min(attempts, 8)),
};

/** @param url `redis://host:port`, or `rediss://` with TLS. Settles when both connections are up. */
export async function connectValkey(url: string, onError: (error: Error) => void): Promise<Bus> {
  const commands = new Redis(url, options);
  // A connection that listens takes no other commands.
  const listener = new Redis(url, { ...options, enableAutoPipelining: false, autoResubscribe: true });
  commands.on('error', onError);
  listener.on('error', onError);
  const handlers = new Map<string, (message: string) => void>();
  listener.on('message', (channel: string, message: string) => handlers.get(channel)?.(message));
  await Promise.all([ready(commands), ready(listener)]);
  return {
    publish: (channel, message) => commands.publish(channel, message),
    async subscribe(channel, onMessage) {
      handlers.set(channel, onMessage);
      await listener.subscribe(channel);
    },
    close() {
      commands.disconnect();
      listener.disconnect();
    },
  };
}

const ready = (client: Redis): Promise<void> => new Promise((resolve) => client.once('ready', resolve));
