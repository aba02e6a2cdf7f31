/** The load of a run, in absolute numbers: the plan turned into arrivals. */
import { z } from 'zod';
import { recordOf } from '../engine/src/step/keyed.ts';
import { loadOptionNames, numberFields } from '../engine/src/step/load-fields.ts';
import { numberSchema } from '../engine/src/step/number-rule.ts';

export { hasBurst } from '../engine/src/step/load-fields.ts';

/** A number for each option of the load (engine/src/step/load-fields.ts). */
export const workloadSchema = z.strictObject(recordOf(loadOptionNames, (name) => numberSchema(numberFields[name])));
export type Workload = z.infer<typeof workloadSchema>;
