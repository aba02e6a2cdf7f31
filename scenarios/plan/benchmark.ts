/** How a plan is benchmarked: the numbers of the load that do not follow from the usage. */
import { z } from 'zod';
import { recordOf } from '../../engine/src/step/keyed.ts';
import {
  defaultNumbers,
  type LoadOptionName,
  loadOptionNames,
  numberFields,
} from '../../engine/src/step/load-fields.ts';
import { numberSchema } from '../../engine/src/step/number-rule.ts';

/** What the usage of a plan gives. */
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

/** Where the plan does not say, and the engine's own default would be another. */
const defaults: Record<BenchmarkName, number> = {
  ...defaultNumbers,
  steadySeconds: 45,
  // Longer than `timeoutSeconds`, so that everything has ended by its end; the run goes on as soon as nothing is in flight.
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
