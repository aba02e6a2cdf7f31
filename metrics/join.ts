/** Client measurements and CloudWatch series, joined on the client's clock. Pure. */
import type { Collection } from '../record/collection.ts';
import { type Observation, observationSchema, observationSchemaVersion, type Series } from '../record/observation.ts';
import type { ClientMeasurements } from './measurements.ts';

interface Parts {
  runId: string;
  client: ClientMeasurements;
  collection: Collection;
  /** CloudWatch's clock minus the client's, in whole seconds. 0 on one machine; on AWS both sides follow NTP. */
  clockOffsetSeconds?: number;
}

/** Throws a ZodError when the parts do not make a valid observation. */
export function joinObservation({ runId, client, collection, clockOffsetSeconds = 0 }: Parts): Observation {
  return observationSchema.parse({
    schemaVersion: observationSchemaVersion,
    runId,
    clock: client.clock,
    client: client.client,
    server: {
      periodSeconds: collection.periodSeconds,
      series: collection.series.map((series) => onClientClock(series, clockOffsetSeconds)),
      queues: collection.queues,
    },
  });
}

function onClientClock(series: Series, offsetSeconds: number): Series {
  if (series.kind === 'noData' || offsetSeconds === 0) return series;
  return { ...series, points: series.points.map(([second, value]) => [second - offsetSeconds, value]) };
}
