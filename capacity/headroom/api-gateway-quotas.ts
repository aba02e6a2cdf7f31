/** The demand of a load on API Gateway's quotas. */
import { quotaFact } from '../../aws/quotas/table.ts';
import { connectionLifetimeSeconds, messageIntervalSeconds } from '../demand/load.ts';
import { burstMoment, hasBurst, meanMoment, pushCallRate, sumOf } from '../demand/rates.ts';
import { combine, unknown } from '../known.ts';
import { demandOf, type Quota, row } from './quota.ts';

export const apiGatewayQuotas: readonly Quota[] = [
  row('newConnections', {
    grows: true,
    sentence:
      'Peak connections divided by their 2 h lifetime (by 10 min where clients are silent for longer), or the rate at which the run opened them.',
    demand: (load) =>
      demandOf(
        { kind: 'value', value: load.connectRatePerSecond },
        load.connectBurst && {
          answer: { kind: 'value', value: load.connectBurst.ratePerSecond },
          lastsSeconds: load.connectBurst.lastsSeconds,
        },
      ),
  }),
  row('accountThrottle', {
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
  }),
  row('webSocketApiThrottle', {
    grows: true,
    sentence: 'New connections + client messages. @connections calls are assumed to count against the account only.',
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
  }),
  row('httpApiThrottle', {
    name: 'Webhook API stage throttle',
    grows: true,
    sentence: 'Webhook posts, at their daily mean and in the burst.',
    demand: (load) => ({
      kind: 'value',
      value: load.webhookRatePerSecond,
      ...(load.webhookBurst && {
        burst: { value: load.webhookBurst.ratePerSecond, lastsSeconds: load.webhookBurst.lastsSeconds },
      }),
    }),
  }),
  row('webSocketFrameBytes', {
    grows: false,
    sentence:
      'The client’s message in one frame; a larger one must be split by the client or the connection is closed (1009).',
    demand: (load) => ({ kind: 'value', value: load.messageBytes }),
  }),
  row('webSocketMessageBytes', {
    grows: false,
    sentence: 'The larger of the client’s message and the mean frame pushed to it.',
    demand: (load, { pushBytes }) =>
      demandOf(combine([pushBytes], ([bytes = 0]) => Math.max(bytes, load.messageBytes))),
  }),
  row('webSocketIdle', {
    grows: false,
    sentence:
      'Time between two client messages on a connection: peak connections / messages/s. If it is longer than the timeout, every connection is closed and reopened.',
    demand: (load) =>
      load.messageRatePerSecond > 0
        ? { kind: 'value', value: messageIntervalSeconds(load) }
        : unknown('The load has no client messages: idle connections are closed after 10 min.'),
  }),
  row('webSocketLifetime', {
    name: 'Connection duration for WebSocket API, as reconnects',
    default: quotaFact('newConnections').default,
    unit: quotaFact('newConnections').unit,
    grows: false,
    // AWS's own bound on concurrent connections, 3,600,000, is this one: 500/s × 7,200 s. There is no quota on them.
    sentence: `Reconnects caused by the 2 h lifetime alone: peak connections / ${connectionLifetimeSeconds} s, against the quota of new connections. Part of that row, shown separately.`,
    demand: (load) => ({ kind: 'value', value: load.peakConnections / connectionLifetimeSeconds }),
  }),
  row('webSocketIntegrationTimeout', {
    grows: false,
    sentence: 'The longest p99 duration of the functions behind the WebSocket API (authorize, connect, message).',
    demand: (_load, { p99Seconds }) =>
      demandOf(
        combine([p99Seconds.authorize, p99Seconds.connect, p99Seconds.message], (seconds) => Math.max(...seconds)),
      ),
  }),
  row('httpIntegrationTimeout', {
    name: 'Webhook API integration timeout',
    grows: false,
    sentence: 'The p99 duration of the ingest function. The webhook provider already gives up after 10 s.',
    demand: (_load, { p99Seconds }, { ingest }) =>
      ingest === 'direct'
        ? { kind: 'value', value: 0 }
        : demandOf(combine([p99Seconds.ingest], ([seconds = 0]) => seconds)),
  }),
];
