/**
 * Quotas on sizes, times and counts that the reference stack keeps to by its own shape. They do not grow with users; they bind once exceeded.
 * Control-plane rates, CloudWatch and Service Quotas APIs are left out: the stack's load does not call them (its functions write metrics to
 * their logs), only a report's collection does, a few calls a run.
 */
import { combine } from '../known.ts';
import { rolesOf } from './lambda-quotas.ts';
import { demandOf, type Quota } from './quota.ts';

const kib = 1_024;
const mib = 1_024 * kib;
const webSocketLimits =
  'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html';
const httpLimits = 'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html';
const lambdaLimits = 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html';
const read = {
  readOn: '2026-11',
  confidence: 'H',
  regionExceptions: [],
  burst: null,
  burstCode: null,
  grows: false,
} as const;

/** Routes of the reference stack's WebSocket API: $connect, $disconnect, $default, ping, subscribe, publish. */
const webSocketRoutes = 6;
/** And of its webhook API: GET and POST. */
const webhookRoutes = 2;
/** Rows of the connection store are under this. */
const rowBytes = kib;

export const sizeAndCountQuotas: readonly Quota[] = [
  {
    ...read,
    id: 'apiGateway.connectionsPostBytes',
    name: 'size of a push',
    code: null,
    default: 128 * kib,
    unit: 'bytes',
    adjustable: 'no',
    source: 'botocore 1.43, apigatewaymanagementapi, PostToConnection Data',
    sentence: 'Mean bytes of a frame pushed to the client. A larger one is refused with 413.',
    demand: (_load, { pushBytes }) => demandOf(combine([pushBytes], ([bytes = 0]) => bytes)),
  },
  {
    ...read,
    id: 'apiGateway.webSocketRoutes',
    name: 'routes of the WebSocket API',
    code: 'L-01C8A9E0',
    default: 300,
    unit: 'routes',
    adjustable: 'yes',
    source: webSocketLimits,
    sentence: 'Routes of the reference stack: $connect, $disconnect, $default and its actions.',
    demand: () => ({ kind: 'value', value: webSocketRoutes }),
  },
  {
    ...read,
    id: 'apiGateway.webhookRoutes',
    name: 'routes of the webhook API',
    code: 'L-65B5C802',
    default: 300,
    unit: 'routes',
    adjustable: 'yes',
    source: httpLimits,
    sentence: 'Routes of the reference stack: GET (challenge) and POST.',
    demand: () => ({ kind: 'value', value: webhookRoutes }),
  },
  {
    ...read,
    id: 'apiGateway.stages',
    name: 'stages of an API',
    code: 'L-379E48B0',
    default: 10,
    unit: 'stages',
    adjustable: 'yes',
    source: webSocketLimits,
    sentence: 'One: the reference stack has a stage for each of its APIs.',
    demand: () => ({ kind: 'value', value: 1 }),
  },
  {
    ...read,
    id: 'apiGateway.webhookBytes',
    name: 'payload of the webhook API',
    code: null,
    default: 10 * mib,
    unit: 'bytes',
    adjustable: 'no',
    source: httpLimits,
    sentence: 'The webhook’s body.',
    demand: (load) => ({ kind: 'value', value: load.webhookBytes }),
  },
  {
    ...read,
    id: 'lambda.payload',
    name: 'payload of an invocation',
    code: 'L-5C4B2C97',
    default: 6 * mib,
    unit: 'bytes',
    adjustable: 'no',
    source: lambdaLimits,
    sentence:
      'A full batch of webhooks for deliver: batch size × webhook bytes. The poller sends a smaller batch rather than exceed it, so over it batches are never full.',
    demand: (load, _coefficients, { batchSize }) => ({ kind: 'value', value: batchSize * load.webhookBytes }),
  },
  {
    ...read,
    id: 'lambda.timeout',
    name: 'longest run of a function',
    code: null,
    default: 900,
    unit: 's',
    adjustable: 'no',
    source: lambdaLimits,
    sentence: 'The p99 duration of deliver, the one function that no API waits for.',
    demand: (_load, { p99Seconds }) => demandOf(combine([p99Seconds.deliver], ([seconds = 0]) => seconds)),
  },
  {
    ...read,
    id: 'lambda.memory',
    name: 'memory of a function',
    code: null,
    default: 10_240,
    unit: 'MB',
    adjustable: 'no',
    source: lambdaLimits,
    sentence: 'The largest memory setting. Some new accounts are held to 3,008 MB.',
    demand: (_load, _coefficients, deployment) => ({
      kind: 'value',
      value: Math.max(...rolesOf(deployment).map((role) => deployment.memoryMb[role])),
    }),
  },
  {
    ...read,
    id: 'lambda.reservable',
    name: 'concurrency that may be reserved',
    code: null,
    // Concurrent executions less the 100 that must stay unreserved; the value in force follows the concurrency quota.
    default: 900,
    unit: 'executions',
    adjustable: 'no',
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html',
    sentence: 'Sum of the reserved concurrency of the stack’s functions. Over it, deployment fails.',
    demand: (_load, _coefficients, { reservedConcurrency }) => ({
      kind: 'value',
      value: Object.values(reservedConcurrency).reduce((sum, reserved) => sum + reserved, 0),
    }),
  },
  {
    ...read,
    id: 'lambda.batchSize',
    name: 'batch size of the queue’s poller',
    code: null,
    default: 10_000,
    unit: 'messages',
    adjustable: 'no',
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html',
    sentence: 'The batch size set. Over 10 it needs a batch window of 1 s or more.',
    demand: (_load, _coefficients, { batchSize }) => ({ kind: 'value', value: batchSize }),
  },
  {
    ...read,
    id: 'dynamodb.itemBytes',
    name: 'size of a row',
    code: null,
    default: 400 * kib,
    unit: 'bytes',
    adjustable: 'no',
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html',
    sentence: 'Rows of the connection store are under 1 KB.',
    demand: () => ({ kind: 'value', value: rowBytes }),
  },
];
