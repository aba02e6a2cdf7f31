/** observation.json: client measurements and CloudWatch series of one run, joined on one clock. */
import { z } from 'zod';
import { counterNames, fleetPhases, histogramNames } from '../engine/src/records.ts';
import { targetFailuresSchema } from '../local/model.ts';
import { listedEventSchema } from './listed-event.ts';
import { misdeliverySchema } from './misdelivery.ts';
import { missedPublishSchema } from './missed-publish.ts';
import { routesOfSecondSchema, routesSchema } from './route-counts.ts';

/** 2: the events that were not delivered to all, by id, with what the target says of them. Layout 1 is not read. */
export const observationSchemaVersion = 2;

const bucketCountsSchema = z.record(z.string().regex(/^\d+$/), z.number().int().positive());
const zeroCounters = Object.fromEntries(counterNames.map((name) => [name, 0]));
/** A counter that the run's version did not have counts something that could not happen then. */
const countersSchema = z.preprocess(
  (counters) => (typeof counters === 'object' ? { ...zeroCounters, ...counters } : counters),
  z.record(z.enum(counterNames), z.number().nonnegative()),
);
const histogramsSchema = z.partialRecord(z.enum(histogramNames), bucketCountsSchema);

/** All fleets of one second, added up. */
const clientSecondSchema = z.strictObject({
  second: z.number().int(),
  openConnections: z.number().int(),
  /** Fleets that reported this second, and their phases. */
  fleets: z.number().int(),
  phases: z.array(z.enum(fleetPhases)),
  counters: countersSchema,
  histograms: histogramsSchema,
  /** Of a run with several messages, or URLs of webhooks: those that did something. */
  routes: routesOfSecondSchema.exactOptional(),
});
export type ClientSecond = z.infer<typeof clientSecondSchema>;

const idList = z.array(z.string());

/** What the target says of those of the client's events that no push arrived of, by id. Each is null where it could not be asked. */
const targetEventsSchema = z.strictObject({
  /** In a message of the queue, in whatever state. Never known on AWS, where a queue cannot be read without receiving. */
  inQueue: idList.nullable(),
  deadLettered: idList.nullable(),
  /** The stack has finished them: pushed to all that it found, or found nobody. When, in ms since the epoch on its clock; null: it does not say. */
  finished: z.array(z.strictObject({ id: z.string(), atMs: z.number().nullable() })).nullable(),
  /** Why, for each that is null. */
  reasons: z.array(z.string()),
  /** How far this machine's wall clock moved away from its monotonic one during the run, for example when it was set. */
  clockStepMs: z.number(),
});
export type TargetEvents = z.infer<typeof targetEventsSchema>;

/**
 * What a local target says of what failed in the run, the most frequent first: of functions what their logs begin with, and of routes what became of their integrations. By
 * logical ids, of integrations as well where these are functions of the stack.
 */
const ownFailuresSchema = z.strictObject({
  functions: z.array(
    targetFailuresSchema.shape.functions.element.omit({ functionName: true }).extend({ id: z.string() }),
  ),
  routes: targetFailuresSchema.shape.routes,
});
export type OwnFailures = z.infer<typeof ownFailuresSchema>;

const seriesIdentity = {
  /** Key by which capacity and report find it, e.g. "lambda.OnMessage.concurrentExecutions.max". */
  key: z.string(),
  namespace: z.string(),
  metric: z.string(),
  dimensions: z.record(z.string(), z.string()),
  statistic: z.string(),
  unit: z.string(),
  periodSeconds: z.number().int(),
};

/** One CloudWatch series. Missing is not zero: a series without data says so, and no point is invented. */
export const seriesSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('series'),
    ...seriesIdentity,
    /** [second since the epoch at which the period begins, value], ascending. */
    points: z.array(z.tuple([z.number().int(), z.number()])).min(1),
  }),
  z.strictObject({
    kind: z.literal('noData'),
    ...seriesIdentity,
    /** ISO 8601 window that was asked for. */
    window: z.strictObject({ start: z.string(), end: z.string() }),
    /** Why it is missing. */
    reason: z.string(),
    /** True: it could not be collected. False: it was never reported, as without any activity. */
    failed: z.boolean().default(false),
  }),
]);
export type Series = z.infer<typeof seriesSchema>;

export const observationSchema = z.strictObject({
  schemaVersion: z.literal(observationSchemaVersion),
  runId: z.string(),
  /** First and last second of the client's measurements, and the steady state within them (null if it was never reached). */
  clock: z.strictObject({
    firstSecond: z.number().int(),
    lastSecond: z.number().int(),
    steadyFirstSecond: z.number().int().nullable(),
    steadyLastSecond: z.number().int().nullable(),
  }),
  client: z.strictObject({
    /** False when the last line of a fleet is missing: the run was cut off. */
    complete: z.boolean(),
    fleets: z.number().int(),
    totals: countersSchema,
    /** Whole run, and the steady state alone. */
    histograms: histogramsSchema,
    steadyHistograms: histogramsSchema,
    closeCodes: z.record(z.string(), z.number().int()),
    /** Of the closes that gave a reason: "<code> <reason>". */
    closeReasons: z.record(z.string(), z.number().int()).exactOptional(),
    /** Of the connections that the fleet had not asked to close: "<code>" or "<code> <reason>" → count. Absent in older runs. */
    closesByServer: z.record(z.string(), z.number().int()).exactOptional(),
    /** The first few different frames that were not expected, shortened and without secrets → how often they came. */
    unexpectedFrames: z.record(z.string(), z.number().int()).exactOptional(),
    /** The highest use on any fleet's machine, where known: shares of its descriptors and ports in use (0 to 1). */
    descriptorShare: z.number().nullable().exactOptional(),
    portShare: z.number().nullable().exactOptional(),
    failures: z.record(z.string(), z.number().int()),
    /** Accepted events that were not delivered to all, as far as they were listed; their counters are complete. */
    events: z.array(listedEventSchema),
    /** Confirmed publishes that did not reach every subscriber who was there throughout, as far as they were listed. Absent in older runs. */
    missedPublishes: z.array(missedPublishSchema).exactOptional(),
    /** Pushes, and messages of channels, that arrived at another user, as far as they were listed. Absent in older runs. */
    misdeliveries: z.array(misdeliverySchema).exactOptional(),
    /** What each of several messages, or URLs of webhooks, did: over all of a kind they add up to the totals. Absent: there was one only. */
    routes: routesSchema.exactOptional(),
    peakOpenConnections: z.number().int(),
    seconds: z.array(clientSecondSchema),
    /** Lines that could not be read (a folder cut off in the middle of a line). */
    unreadableLines: z.number().int(),
  }),
  server: z.strictObject({
    /** Which period was asked for: 60 on AWS, may be finer on the local target. */
    periodSeconds: z.number().int(),
    series: z.array(seriesSchema),
    /** Messages in the queues when the run had drained, from GetQueueAttributes; null when it could not be asked. */
    queues: z
      .strictObject({
        visible: z.number().int(),
        notVisible: z.number().int(),
        delayed: z.number().int(),
        deadLettered: z.number().int(),
        /** Dead letters that were there before the run. */
        deadLetteredBefore: z.number().int(),
        /** Messages of an earlier load that were in the queue before the run. */
        waitingBefore: z.number().int().default(0),
      })
      .nullable(),
    events: targetEventsSchema,
    /** Absent: the target does not say, as AWS, or is of an older version. */
    failures: ownFailuresSchema.exactOptional(),
  }),
});
export type Observation = z.infer<typeof observationSchema>;
