/** How a plan is benchmarked: the numbers of the load that do not follow from the usage. */
import { z } from 'zod';
import { recordOf } from '../../engine/src/step/keyed.ts';
import {
  defaultNumbers,
  type LoadOptionName,
  loadOptionNames,
  numberFields,
} from '../../engine/src/step/load-fields.ts';
import { numberSchema } from '../../engine/src/step/number-schema.ts';

/** Numbers that follow from the usage of a plan. */
const plannedNames = [
  'connections',
  'tabsPerUser',
  'messageRatePerSecond',
  'messageBytes',
  'webhookRatePerSecond',
  'webhookBytes',
  'burstSeconds',
  'burstRatePerSecond',
] as const satisfies readonly LoadOptionName[];
export type PlannedName = (typeof plannedNames)[number];
type BenchmarkName = Exclude<LoadOptionName, PlannedName>;

const isBenchmarkName = (name: LoadOptionName): name is BenchmarkName =>
  !plannedNames.some((planned) => planned === name);

/** Defaults where the plan does not say, which differ from the engine's own. */
const defaults: Record<BenchmarkName, number> = {
  ...defaultNumbers,
  steadySeconds: 45,
  // Longer than `timeoutSeconds`, so that everything has ended by then; the run continues as soon as nothing is in flight.
  drainSeconds: 12,
  burstStartSeconds: 20,
  replayShare: 0.01,
  offlineShare: 0.05,
};

export const benchmarkSchema = z
  .strictObject(
    recordOf(loadOptionNames.filter(isBenchmarkName), (name) =>
      numberSchema(numberFields[name]).default(defaults[name]),
    ),
  )
  .prefault({});

export type Benchmark = z.infer<typeof benchmarkSchema>;
