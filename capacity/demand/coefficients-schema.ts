/** Coefficients as they are recorded: in report.json by a run, and in run.json where they came from a profile. */
import { z } from 'zod';
import { askKinds, type Coefficients, loadKinds } from './coefficients.ts';

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
const unitCosts = z.partialRecord(z.enum([...loadKinds, ...askKinds]), coefficient);

export const coefficientsSchema: z.ZodType<Coefficients> = z.object({
  from: z.enum(['local', 'aws', 'assumed']),
  callsPerPush: coefficient,
  pushBytes: coefficient,
  calls: unitCosts.optional(),
  functions: z.record(
    z.string(),
    z.object({ invocations: unitCosts, busySeconds: unitCosts, p99Seconds: coefficient }),
  ),
  tables: z.record(z.string(), z.object({ writeUnits: unitCosts, readUnits: unitCosts })),
  queues: z.record(z.string(), unitCosts),
  topics: z.record(z.string(), unitCosts).optional(),
  eventBuses: z.record(z.string(), unitCosts).optional(),
  rules: z.record(z.string(), unitCosts).optional(),
});
