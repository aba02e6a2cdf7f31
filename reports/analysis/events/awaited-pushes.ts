/** How many pushes the events were waiting for that the stack still had at the end. Pure. */
import type { Observation } from '../../../record/observation.ts';
import { settleEvents } from './outcomes.ts';

/**
 * Pushes of the events that were in a queue or dead-lettered: one to each connection of the owner that was open when the event was posted, as
 * `pushesExpected` counts them. Null where an event does not say when connections were open (distant workers).
 */
export function awaitedPushes({ client, server }: Pick<Observation, 'client' | 'server'>): number | null {
  const { ids } = settleEvents({ client, server });
  const undelivered = new Set([...ids.inQueue, ...ids.deadLettered]);
  let pushes = 0;
  for (const { id, state, postedMs, open } of client.events) {
    // Nobody was there: nothing was expected.
    if (!undelivered.has(id) || state === 'ownerOffline') continue;
    if (postedMs === undefined || open === undefined) return null;
    pushes += open.filter(([from]) => from <= postedMs).length;
  }
  return pushes;
}
