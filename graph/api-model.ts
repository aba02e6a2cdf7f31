/** The APIs of a stack: their routes, authorizers, throttles and usage plans. */
import { z } from 'zod';

/** Logical id; of a resource in a nested stack with that stack's before it, as in `Orders/Handler`. */
export const idSchema = z.string();

/** What answers a route. `outside`: a resource that is not the stack's. */
const integrationSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('function'), id: idSchema }),
  z.strictObject({ kind: z.literal('queue'), id: idSchema }),
  z.strictObject({ kind: z.literal('topic'), id: idSchema }),
  z.strictObject({ kind: z.literal('eventBus'), id: idSchema }),
  /** Scheme and host: a path may hold a secret. */
  z.strictObject({ kind: z.literal('url'), origin: z.string() }),
  z.strictObject({ kind: z.literal('mock') }),
  z.strictObject({ kind: z.literal('outside'), what: z.string() }),
]);
export type Integration = z.infer<typeof integrationSchema>;

const authorizerSchema = z.discriminatedUnion('kind', [
  /** `id` is null for a function that is not the stack's. */
  z.strictObject({ kind: z.literal('function'), id: idSchema.nullable(), cachedSeconds: z.number().nonnegative() }),
  z.strictObject({ kind: z.literal('iam') }),
  z.strictObject({ kind: z.literal('token') }),
]);
export type Authorizer = z.infer<typeof authorizerSchema>;

const routeSchema = z.strictObject({
  /** `$connect`, `sendmessage`, `POST /orders`, `$default`. */
  key: z.string(),
  integration: integrationSchema.nullable(),
  authorizer: authorizerSchema.nullable(),
  /** Only requests with an API key of a usage plan pass. Absent: they need none. */
  needsKey: z.literal(true).exactOptional(),
});
export type Route = z.infer<typeof routeSchema>;

/** A token bucket, as a stage has it. */
const throttleSchema = z.strictObject({ ratePerSecond: z.number(), burst: z.number() });
export type Throttle = z.infer<typeof throttleSchema>;

const stageThrottlesSchema = z.strictObject({
  stage: z.string(),
  /** Of each of its routes that has none of its own; null: the account's alone. */
  everyRoute: throttleSchema.nullable(),
  /** Route key → its own. */
  routes: z.record(z.string(), throttleSchema),
});
export type StageThrottles = z.infer<typeof stageThrottlesSchema>;

/** What a usage plan gives each of its API keys at a stage. */
const usagePlanSchema = z.strictObject({
  /** Of a plan that is not the stack's, its name. */
  id: idSchema,
  stage: z.string(),
  /** Of all requests of a key; null: none. */
  throttle: throttleSchema.nullable(),
  /** Route key → of those to that route. */
  routes: z.record(z.string(), throttleSchema),
  /** Null: none. */
  quota: z.strictObject({ requests: z.number(), period: z.enum(['day', 'week', 'month']) }).nullable(),
});
export type ApiUsagePlan = z.infer<typeof usagePlanSchema>;

export const apiSchema = z.strictObject({
  id: idSchema,
  /** `functionUrl`: the URL of a function, before which no API Gateway stands. It has one route, `$default`. */
  kind: z.enum(['webSocket', 'http', 'rest', 'functionUrl']),
  /** Of the API; of a function's URL the first part of its host. */
  apiId: z.string(),
  /** As CloudWatch names a REST API, and a URL by its function; null for the others, which it names by `apiId`. */
  name: z.string().nullable(),
  stages: z.array(z.string()),
  routes: z.array(routeSchema),
  /** Of the stages that have any. Absent: none has. */
  throttles: z.array(stageThrottlesSchema).exactOptional(),
  /** Of its API keys. Absent: it has none. */
  usagePlans: z.array(usagePlanSchema).exactOptional(),
  /** Stages whose requests leave a line each in a log; absent: none. */
  accessLogs: z.array(z.string()).exactOptional(),
  /** Stages whose routes, or some of them, have metrics of their own; absent: none. */
  routeMetrics: z.array(z.string()).exactOptional(),
});
export type Api = z.infer<typeof apiSchema>;
