/** The load of a run, in absolute numbers: the plan turned into arrivals. */
import { z } from 'zod';
import { recordOf } from '../engine/src/step/keyed.ts';
import { formerNames, loadOptionNames, numberFields } from '../engine/src/step/load-fields.ts';
import { numberSchema } from '../engine/src/step/number-rule.ts';

export { hasBurst } from '../engine/src/step/load-fields.ts';

const numbersSchema = z.strictObject(recordOf(loadOptionNames, (name) => numberSchema(numberFields[name])));

/** A number for each option of the load (engine/src/step/load-fields.ts). The workload of an earlier version is read as well. */
export const workloadSchema = z.preprocess(upgraded, numbersSchema);
export type Workload = z.infer<typeof workloadSchema>;

/** run.json of schema version 1: names of the fields of its burst. */
const burstNames = new Map([
  ['startsAtSeconds', 'burstStartSeconds'],
  ['lastsSeconds', 'burstSeconds'],
  ['ratePerSecond', 'burstRatePerSecond'],
]);

/** In schema version 1 the burst was an object, or null for none, and some fields had another name. */
function upgraded(workload: unknown): unknown {
  if (typeof workload !== 'object' || workload === null || !('burst' in workload)) return workload;
  const { burst, ...numbers } = workload;
  const noBurst = { startsAtSeconds: 0, lastsSeconds: 0, ratePerSecond: 0 };
  const entries = [...Object.entries(numbers), ...Object.entries(burst ?? noBurst)];
  return Object.fromEntries(
    entries.map(([name, value]) => [burstNames.get(name) ?? formerNames.get(name) ?? name, value]),
  );
}
