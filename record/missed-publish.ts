/** A publish that did not reach every subscriber who was there throughout: on a line of client.ndjson, and in observation.json. */
import { z } from 'zod';

export const missedPublishSchema = z.strictObject({
  id: z.string(),
  channel: z.string(),
  subscribers: z.number().int().positive(),
  users: z.array(z.string()),
});
