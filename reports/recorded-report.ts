/** The coefficients that a run measured, read back from its report.json. */
import { z } from 'zod';
import { coefficientsSchema } from '../capacity/demand/coefficients-schema.ts';

/** What of report.json a later calculation needs. `coefficients` is null where the run measured none. */
export const recordedReportSchema = z.object({
  run: z.object({ runId: z.string() }),
  verdict: z.object({ status: z.enum(['ok', 'sloBroken', 'invalid', 'partial']) }),
  coefficients: coefficientsSchema.nullable(),
});
