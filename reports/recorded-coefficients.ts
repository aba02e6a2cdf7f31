/** The coefficients that a run measured, read back from its report.json. */
import { z } from 'zod';
import { type Coefficients, roles } from '../capacity/demand/coefficients.ts';

const coefficient = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('value'),
    value: z.number(),
    unit: z.string(),
    method: z.enum(['measured', 'model']),
    basis: z.string(),
    standardError: z.number().optional(),
  }),
  z.object({ kind: z.literal('unknown'), unit: z.string(), reason: z.string() }),
]);
const byRole = z.record(z.enum(roles), coefficient);
const tableUnits = z.object({ perConnect: coefficient, perDisconnect: coefficient, perWebhook: coefficient });

const coefficientsSchema: z.ZodType<Coefficients> = z.object({
  from: z.enum(['local', 'aws', 'assumed']),
  callsPerPush: coefficient,
  invocations: byRole,
  meanSeconds: byRole,
  p99Seconds: byRole,
  writeUnits: tableUnits,
  readUnits: tableUnits,
  pushBytes: coefficient,
});

/** What of report.json a later calculation needs. `coefficients` is null where the run measured none. */
export const recordedReportSchema = z.object({
  run: z.object({ runId: z.string() }),
  verdict: z.object({ status: z.enum(['ok', 'sloBroken', 'invalid', 'partial']) }),
  coefficients: coefficientsSchema.nullable(),
});
