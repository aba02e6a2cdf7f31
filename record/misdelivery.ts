/** A push that arrived at another user: on a line of client.ndjson, and in observation.json. */
import { z } from 'zod';

export const misdeliverySchema = z.strictObject({
  what: z.enum(['event', 'publish']),
  id: z.string(),
  of: z.string().nullable(),
  to: z.string(),
});
