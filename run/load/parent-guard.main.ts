/**
 * Preloaded into Artillery (NODE_OPTIONS=--import): ends it when the loadline process that started it is gone, however that went.
 * Without it a killed `loadline run` would leave the load running.
 */
import { isMainThread } from 'node:worker_threads';

if (isMainThread && process.channel) {
  process.on('disconnect', () => process.exit(1));
  // The channel is only there to notice the parent's end: it must not keep Artillery alive.
  process.channel.unref();
}
