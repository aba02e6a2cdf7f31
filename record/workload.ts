/** The load of a run, in absolute numbers: the plan turned into arrivals. */
import { z } from 'zod';
import { recordOf } from '../engine/src/step/keyed.ts';
import { loadOptionNames, type NumberField, numberFields } from '../engine/src/step/load-fields.ts';
import { numberSchema } from '../engine/src/step/number-schema.ts';

export { hasBurst } from '../engine/src/step/load-fields.ts';

/** A number for each option of the load (engine/src/step/load-fields.ts). A run made before there was an option had the default of its field. */
export const workloadSchema = z.strictObject(
  recordOf(loadOptionNames, (name) => {
    const field: NumberField = numberFields[name];
    return field.default === undefined ? numberSchema(field) : numberSchema(field).default(field.default);
  }),
);
export type Workload = z.infer<typeof workloadSchema>;
