/**
 * Preloaded into Artillery (NODE_OPTIONS=--import): ends it when the loadline process that started it is gone, however that went.
 * Without it a killed `loadline run` would leave the load running.
 */
import { isMainThread } from 'node:worker_threads';

if (isMainThread && process.channel) {
  process.on('disconnect', () => process.exit(1));
  // The channel is only there to notice the parent's end: it must not keep Artillery alive.
  process.channel.unref();
  // Nor may it be preloaded into what Artillery starts: a fleet's process waits for its order on a channel of its own.
  delete process.env.NODE_OPTIONS;
}
