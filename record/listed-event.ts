/** An accepted event that was not delivered to all, as the client lists it: on a line of client.ndjson, and in observation.json. */
import { z } from 'zod';
import { eventStates } from '../engine/src/records.ts';

export const listedEventSchema = z.strictObject({
  id: z.string(),
  state: z.enum(eventStates),
  route: z.number().int().nonnegative().exactOptional(),
  postedMs: z.number().exactOptional(),
  open: z.array(z.tuple([z.number(), z.number()])).exactOptional(),
  read: z.array(z.tuple([z.number(), z.number()])).exactOptional(),
});
