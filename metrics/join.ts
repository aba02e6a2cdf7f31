/** Client measurements and CloudWatch series in one observation: on AWS both clocks follow NTP, and locally they are one. Pure. */
import type { Collection } from '../record/collection.ts';
import { type Observation, observationSchema, observationSchemaVersion } from '../record/observation.ts';
import type { ClientMeasurements } from './measurements.ts';

interface Parts {
  runId: string;
  client: ClientMeasurements;
  collection: Collection;
}

/** Throws a ZodError when the parts do not make a valid observation. */
export function joinObservation({ runId, client, collection }: Parts): Observation {
  return observationSchema.parse({
    schemaVersion: observationSchemaVersion,
    runId,
    clock: client.clock,
    client: client.client,
    server: {
      periodSeconds: collection.periodSeconds,
      series: collection.series,
      queues: collection.queues,
    },
  });
}
