/** Quotas of API Gateway that the reference stack meets. */

import { connectionIdleSeconds, connectionLifetimeSeconds, messageIntervalSeconds } from '../demand/load.ts';
import { burstMoment, hasBurst, meanMoment, pushCallRate, sumOf } from '../demand/rates.ts';
import { combine, unknown } from '../known.ts';
import { demandOf, type Quota } from './quota.ts';

const webSocketLimits =
  'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html';
const accountLimits = 'https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html';
const httpLimits = 'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html';
const read = { readOn: '2026-11', confidence: 'H', regionExceptions: [], burst: null, burstCode: null } as const;
const kib = 1_024;

/** Regions with the lower default: those of AWS's two lists, which differ by three. An account's own value is better: set it in the plan. */
const lowerThrottleRegions = [
  'af-south-1',
  'eu-south-1',
  'ap-southeast-3',
  'me-central-1',
  'ap-south-2',
  'ap-southeast-4',
  'eu-south-2',
  'eu-central-2',
  'il-central-1',
  'ca-west-1',
  'ap-southeast-5',
  'ap-southeast-7',
  'mx-central-1',
  'ap-east-2',
  'ap-southeast-6',
] as const;

export const apiGatewayQuotas: readonly Quota[] = [
  {
    ...read,
    id: 'apiGateway.newConnections',
    name: 'new WebSocket connections',
    code: 'L-9ED1E49A',
    default: 500,
    burst: 500,
    burstCode: 'L-E1465507',
    unit: 'connections/s',
    adjustable: 'yes',
    source: webSocketLimits,
    grows: true,
    sentence:
      'Peak connections over their 2 h lifetime (over 10 min where clients are silent for longer), or the rate at which the run opened them.',
    demand: (load) =>
      demandOf(
        { kind: 'value', value: load.connectRatePerSecond },
        load.connectBurst && {
          answer: { kind: 'value', value: load.connectBurst.ratePerSecond },
          lastsSeconds: load.connectBurst.lastsSeconds,
        },
      ),
  },
  {
    ...read,
    id: 'apiGateway.accountThrottle',
    name: 'API Gateway requests of the account',
    code: 'L-8A5B8E43',
    default: 10_000,
    burst: 5_000,
    burstCode: 'L-CDF5615A',
    unit: 'requests/s',
    adjustable: 'yes',
    regionExceptions: [{ regions: lowerThrottleRegions, value: 2_500, burst: 1_250 }],
    source: accountLimits,
    grows: true,
    sentence:
      'New connections + client messages + webhook posts + @connections calls: one bucket for WebSocket, HTTP API and pushes. Other APIs of the account are not counted.',
    demand: (load, coefficients) => {
      const rate = (moment: ReturnType<typeof meanMoment>) =>
        sumOf([
          { kind: 'value', value: moment.connects + moment.messages + moment.webhooks },
          pushCallRate(load, moment, coefficients),
        ]);
      const peak = burstMoment(load);
      return demandOf(
        rate(meanMoment(load)),
        hasBurst(load) ? { answer: rate(peak), lastsSeconds: peak.lastsSeconds } : null,
      );
    },
  },
  {
    ...read,
    id: 'apiGateway.webSocketStageThrottle',
    name: 'throttle of the WebSocket stage',
    code: null,
    default: 10_000,
    burst: 5_000,
    unit: 'requests/s',
    adjustable: 'setting',
    source: accountLimits,
    grows: true,
    sentence: 'New connections + client messages. @connections calls are taken to count against the account only.',
    demand: (load) => ({
      kind: 'value',
      value: load.connectRatePerSecond + load.messageRatePerSecond,
      ...(load.connectBurst && {
        burst: {
          value: load.connectBurst.ratePerSecond + load.messageRatePerSecond,
          lastsSeconds: load.connectBurst.lastsSeconds,
        },
      }),
    }),
  },
  {
    ...read,
    id: 'apiGateway.webhookStageThrottle',
    name: 'throttle of the webhook stage',
    code: null,
    default: 10_000,
    burst: 5_000,
    unit: 'requests/s',
    adjustable: 'setting',
    source: httpLimits,
    grows: true,
    sentence: 'Webhook posts, at their daily mean and in the burst.',
    demand: (load) => ({
      kind: 'value',
      value: load.webhookRatePerSecond,
      ...(load.webhookBurst && {
        burst: { value: load.webhookBurst.ratePerSecond, lastsSeconds: load.webhookBurst.lastsSeconds },
      }),
    }),
  },
  {
    ...read,
    id: 'apiGateway.frameBytes',
    name: 'WebSocket frame size',
    code: 'L-E11F7D5D',
    default: 32 * kib,
    unit: 'bytes',
    adjustable: 'no',
    source: webSocketLimits,
    grows: false,
    sentence:
      'The client’s message in one frame; a larger one must be split by the client or the connection is closed (1009).',
    demand: (load) => ({ kind: 'value', value: load.messageBytes }),
  },
  {
    ...read,
    id: 'apiGateway.messageBytes',
    name: 'WebSocket message size',
    code: 'L-FD0EB744',
    default: 128 * kib,
    unit: 'bytes',
    adjustable: 'no',
    source: webSocketLimits,
    grows: false,
    sentence: 'The larger of the client’s message and the mean frame pushed to it.',
    demand: (load, { pushBytes }) =>
      demandOf(combine([pushBytes], ([bytes = 0]) => Math.max(bytes, load.messageBytes))),
  },
  {
    ...read,
    id: 'apiGateway.idleTimeout',
    name: 'WebSocket idle timeout',
    code: 'L-60AC41CD',
    default: connectionIdleSeconds,
    unit: 's',
    adjustable: 'no',
    source: webSocketLimits,
    grows: false,
    sentence:
      'Time between two client messages on a connection: peak connections over messages/s. Longer, and every connection is closed and comes back.',
    demand: (load) =>
      load.messageRatePerSecond > 0
        ? { kind: 'value', value: messageIntervalSeconds(load) }
        : unknown('The load has no client messages: idle connections are closed after 10 min.'),
  },
  {
    ...read,
    id: 'apiGateway.connectionDuration',
    name: 'WebSocket connection lifetime, as reconnects',
    code: 'L-A6CCE716',
    // AWS's own bound on concurrent connections, 3,600,000, is this one: 500/s × 7,200 s. There is no quota on them.
    default: 500,
    unit: 'connections/s',
    adjustable: 'no',
    source: webSocketLimits,
    grows: false,
    sentence: `Reconnects that the 2 h lifetime alone causes: peak connections / ${connectionLifetimeSeconds} s, against the quota of new connections. A part of that row, shown apart.`,
    demand: (load) => ({ kind: 'value', value: load.peakConnections / connectionLifetimeSeconds }),
  },
  {
    ...read,
    id: 'apiGateway.connectTimeout',
    name: 'integration timeout of $connect and messages',
    code: null,
    default: 29,
    unit: 's',
    adjustable: 'no',
    source: webSocketLimits,
    grows: false,
    sentence: 'The longest p99 duration of the functions behind the WebSocket API (authorize, connect, message).',
    demand: (_load, { p99Seconds }) =>
      demandOf(
        combine([p99Seconds.authorize, p99Seconds.connect, p99Seconds.message], (seconds) => Math.max(...seconds)),
      ),
  },
  {
    ...read,
    id: 'apiGateway.webhookTimeout',
    name: 'integration timeout of the webhook API',
    code: null,
    default: 30,
    unit: 's',
    adjustable: 'no',
    source: httpLimits,
    grows: false,
    sentence: 'The p99 duration of the ingest function. The provider gives up after 10 s already.',
    demand: (_load, { p99Seconds }, { ingest }) =>
      ingest === 'direct'
        ? { kind: 'value', value: 0 }
        : demandOf(combine([p99Seconds.ingest], ([seconds = 0]) => seconds)),
  },
];
