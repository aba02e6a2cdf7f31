/** What single routes did, of a run or a line with several: by their place in the mix, from 0. */
import { z } from 'zod';
import { counterNames, histogramNames, routeKinds } from '../engine/src/records.ts';

const place = z.string().regex(/^\d+$/);
const histograms = z.partialRecord(z.enum(histogramNames), z.record(place, z.number().int().positive()));
const counts = {
  /** Those that are not 0. */
  counters: z.partialRecord(z.enum(counterNames), z.number().nonnegative()),
  histograms,
};

/** On a line of client.ndjson, and in a second of observation.json. */
export const routesOfSecondSchema = z.partialRecord(z.enum(routeKinds), z.record(place, z.strictObject(counts)));
export type RoutesOfSecond = z.infer<typeof routesOfSecondSchema>;

/** Of a whole run. */
export const routesSchema = z.partialRecord(
  z.enum(routeKinds),
  z.record(place, z.strictObject({ ...counts, steadyHistograms: histograms })),
);
export type MeasuredRoutes = z.infer<typeof routesSchema>;
