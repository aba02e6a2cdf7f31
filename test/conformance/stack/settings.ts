/** Numbers shared by the conformance stack and its cases. */

/**
 * `main`: everything. `selection`: neither $connect nor $disconnect, a composed route selection expression, a $default route.
 * `refusing`: $connect is a function that is never allowed to run.
 */
export const variants = ['main', 'selection', 'refusing'] as const;
export type Variant = (typeof variants)[number];

export const stackNames: Readonly<Record<Variant, string>> = {
  main: 'LoadlineConformance',
  selection: 'LoadlineConformanceSelection',
  refusing: 'LoadlineConformanceRefusing',
};

export const stageName = 'probe';
/** Milliseconds after which API Gateway stops waiting for these integrations. */
export const shortTimeoutMs = 1_000;
/** The same for $connect, whose function may have to start first. */
export const connectTimeoutMs = 3_000;
/** How long the functions of known duration hold their environment, ms. */
export const holdMs = { paced: 450, pacedConsumer: 85 };
/** Reserved concurrency of the function behind `/paced`. */
export const pacedConcurrency = 4;
/** MaximumConcurrency of the paced queue's event source. */
export const maximumConcurrency = 2;
/** Throttle of the routes named `throttled`: small, so that a few requests exceed it anywhere. */
export const routeThrottle = { ratePerSecond: 100, burst: 100 };
export const queueVisibilitySeconds = 2;
export const maxReceiveCount = 2;
/** Event source with a window: due once it has this many messages, or after this many seconds. */
export const windowed = { batchSize: 15, windowSeconds: 2 };
/** The function `message` ends after this many seconds. */
export const messageTimeoutSeconds = 3;
/** How long the init of the function `slowInit` takes, ms. */
export const initMs = 800;
/** Units a second of the provisioned table and of its index `small`. */
export const provisionedUnits = { table: 5, index: 1 };

/** Keys of rows whose changes the stream's function records. */
export const streamedPrefix = 'streamed-';

/** The one origin that the HTTP API allows. */
export const corsOrigin = 'https://probe.example';

/** Of the REST API. */
export const restStage = 'rest';
