/** Quotas of API Gateway. */
import { type QuotaFact, usual } from './quota.ts';
import { fixed, following, keptBelowBy, raisable, settable } from './remedies.ts';

const guide = 'https://docs.aws.amazon.com/apigateway/latest/developerguide';
const webSocketLimits = `${guide}/apigateway-execution-service-websocket-limits-table.html`;
const accountLimits = `${guide}/limits.html`;
const httpLimits = `${guide}/http-api-quotas.html`;
const usagePlans = `${guide}/api-gateway-api-usage-plans.html`;
const kib = 1_024;

/** Those of AWS's two lists, which differ by three. An account's own value is better: set it in the plan. */
const lowerThrottleRegions = [
  'af-south-1',
  'ap-east-2',
  'ap-south-2',
  'ap-southeast-3',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-southeast-6',
  'ap-southeast-7',
  'ca-west-1',
  'eu-central-2',
  'eu-south-1',
  'eu-south-2',
  'il-central-1',
  'me-central-1',
  'mx-central-1',
] as const;

const api = { ...usual, service: 'apigateway' } as const;
const webSocket = { ...api, source: webSocketLimits } as const;
const http = { ...api, source: httpLimits } as const;
const stageThrottle = {
  ...api,
  default: 10_000,
  burst: 5_000,
  unit: 'requests/s',
  scales: 'rate',
  per: 'stage',
} as const;
/** How far the rate of new connections is worth asking for: see `timesDefault`. */
const connectionsRaise = 50;
/** What carries pushes, and what carries new connections, beyond any raise. */
const otherPushes = ['coalesce', 'shard', 'appSyncEvents', 'iotCore', 'ownServer'] as const;
const otherConnections = ['spread', 'shard', 'appSyncEvents', 'iotCore', 'ownServer'] as const;

export const apiGatewayQuotas = {
  accountThrottle: {
    ...api,
    name: 'Throttle rate',
    ...raisable('L-8A5B8E43', 10, ...otherPushes),
    default: 10_000,
    burst: 5_000,
    burstCode: 'L-CDF5615A',
    unit: 'requests/s',
    scales: 'rate',
    per: 'account',
    regions: [{ regions: lowerThrottleRegions, default: 2_500, burst: 1_250 }],
    source: accountLimits,
  },
  newConnections: {
    ...webSocket,
    name: 'WebSocket new connections rate',
    ...raisable('L-9ED1E49A', connectionsRaise, ...otherConnections),
    default: 500,
    burst: 500,
    burstCode: 'L-E1465507',
    // One dump of the Service Quotas API; not in the developer guide.
    burstConfidence: 'M',
    unit: 'connections/s',
    scales: 'rate',
    per: 'account',
  },
  webSocketApiThrottle: {
    ...stageThrottle,
    ...settable('ThrottlingRateLimit of the stage', null, ...otherConnections),
    name: 'WebSocket API stage throttle',
    source: accountLimits,
  },
  httpApiThrottle: {
    ...stageThrottle,
    ...settable('ThrottlingRateLimit of the stage', null, 'spread', 'shard', 'ownServer'),
    name: 'HTTP API stage throttle',
    source: httpLimits,
  },
  /** A token bucket for each API key of the plan. */
  usagePlanThrottle: {
    ...{ ...api, ...settable('Throttle.RateLimit of the usage plan', null, 'spread', 'shard', 'ownServer') },
    name: 'Usage plan throttle',
    ...{ default: 0, unit: 'requests/s', scales: 'rate', per: 'API key', source: usagePlans },
  },
  usagePlanQuota: {
    ...{ ...api, ...settable('Quota.Limit of the usage plan', null, 'shard', 'ownServer') },
    name: 'Usage plan quota',
    ...{ default: 0, unit: 'requests/period', scales: 'count', per: 'API key', source: usagePlans },
  },
  webSocketIdle: {
    ...webSocket,
    ...keptBelowBy('heartbeat of the client', null, 'ownServer'),
    name: 'WebSocket Idle Connection Timeout',
    code: 'L-60AC41CD',
    default: 600,
    unit: 's',
    scales: 'connectionTime',
    per: 'connection',
  },
  webSocketLifetime: {
    ...webSocket,
    ...following({ code: 'L-9ED1E49A', perUnit: 1, timesDefault: connectionsRaise }, ...otherConnections),
    name: 'Connection duration for WebSocket API',
    code: 'L-A6CCE716',
    default: 7_200,
    unit: 's',
    scales: 'connectionTime',
    per: 'connection',
  },
  webSocketFrameBytes: {
    ...webSocket,
    ...fixed('reference'),
    name: 'WebSocket frame size',
    code: 'L-E11F7D5D',
    default: 32 * kib,
    unit: 'bytes',
    per: 'request',
  },
  webSocketMessageBytes: {
    ...webSocket,
    ...fixed('reference'),
    name: 'WebSocket message payload size',
    code: 'L-FD0EB744',
    default: 128 * kib,
    unit: 'bytes',
    per: 'request',
  },
  connectionsPostBytes: {
    ...api,
    ...fixed('reference'),
    name: '@connections payload size',
    default: 128 * kib,
    unit: 'bytes',
    per: 'request',
    source: 'botocore 1.43, apigatewaymanagementapi, PostToConnection Data',
  },
  webSocketUrlCharacters: {
    ...webSocket,
    ...fixed('smallerToken'),
    name: 'WebSocket API URL length',
    default: 4_096,
    unit: 'characters',
    per: 'request',
  },
  /** Of a handshake: request line (with the token, if it is in the URL) and headers together. */
  webSocketHeaderBytes: {
    ...api,
    ...fixed('smallerToken'),
    name: 'Combined size of request line and headers',
    code: 'L-E9EEB922',
    default: 10_240,
    unit: 'bytes',
    per: 'request',
    source: httpLimits,
    // Documented for HTTP and REST APIs; the code is from one dump of the Service Quotas API.
    confidence: 'M',
  },
  webSocketIntegrationTimeout: {
    ...webSocket,
    ...fixed('splitFanOut', 'answerFirst'),
    name: 'WebSocket API integration timeout',
    default: 29,
    unit: 's',
    per: 'request',
  },
  webSocketRoutes: {
    ...webSocket,
    name: 'Resources/Routes per REST/WebSocket API',
    ...raisable('L-01C8A9E0', 10, 'shard'),
    default: 300,
    unit: 'routes',
    per: 'API',
  },
  httpRoutes: {
    ...http,
    name: 'Routes per HTTP API',
    ...raisable('L-65B5C802', 10, 'shard'),
    default: 300,
    unit: 'routes',
    per: 'API',
  },
  apiStages: {
    ...webSocket,
    name: 'Stages per API',
    ...raisable('L-379E48B0', 10, 'shard'),
    default: 10,
    unit: 'stages',
    per: 'API',
  },
  httpPayloadBytes: {
    ...http,
    ...fixed('reference'),
    name: 'HTTP API payload size',
    default: 10 * kib * kib,
    unit: 'bytes',
    per: 'request',
  },
  httpIntegrationTimeout: {
    ...http,
    ...keptBelowBy('integration of the route with SQS, without a function', null, 'answerFirst'),
    name: 'HTTP API integration timeout',
    default: 30,
    unit: 's',
    per: 'request',
  },
  authorizerResultBytes: {
    ...api,
    ...fixed('smallerToken'),
    name: 'AWS Lambda authorizer result size',
    code: 'L-20859C74',
    default: 8 * kib,
    unit: 'bytes',
    per: 'request',
    source: accountLimits,
  },
} as const satisfies Record<string, QuotaFact>;
