/** Client measurements and CloudWatch series in one observation. Pure. Both label their seconds by one clock: this machine's, or NTP on AWS. */
import type { Collection } from '../record/collection.ts';
import { type Observation, observationSchemaVersion } from '../record/observation.ts';
import type { ClientMeasurements } from './measurements.ts';

interface Parts {
  runId: string;
  client: ClientMeasurements;
  collection: Collection;
}

export function joinObservation({ runId, client, collection }: Parts): Observation {
  const { periodSeconds, series, queues, events, failures } = collection;
  return {
    schemaVersion: observationSchemaVersion,
    runId,
    clock: client.clock,
    client: client.client,
    server: { periodSeconds, series, queues, events, ...(failures && { failures }) },
  };
}
