/** The demand of a load on API Gateway's quotas. */
import { quotaFact } from '../../aws/quotas/table.ts';
import { heaviestBurst } from '../demand/arrivals.ts';
import { connectionIdleSeconds, connectionLifetimeSeconds } from '../demand/connection-turnover.ts';
import { messageIntervalSeconds } from '../demand/load.ts';
import { askRate, burstMoment, busyMoments, type Moment, meanMoment, pushCallRate, sumOf } from '../demand/rates.ts';
import { publishSeconds } from '../demand/subscriptions.ts';
import { combine, known, mapKnown } from '../known.ts';
import { webhookApi } from './deployed.ts';
import type { DeployedFunction, Deployment, EnteredApi } from './deployment.ts';
import { demandOf, type Quota, row, rowsFor } from './quota.ts';
import { busiestRoute, routeRows } from './stage-throttles.ts';
import { usagePlanRows } from './usage-plan-quotas.ts';

/** Burst over rate of the account's bucket, which AWS keeps when it raises the rate. */
const bucketSeconds = (quotaFact('accountThrottle').burst ?? 0) / quotaFact('accountThrottle').default;

/** Of the account, and of the APIs that the load enters. */
export function apiGatewayQuotas({ webSocket, functions, ...deployment }: Deployment): Quota[] {
  const webhook = webhookApi(deployment);
  return [
    ...accountRows,
    ...(webSocket === null ? [] : rowsFor([webSocket], (api) => webSocketRows(api, functions))),
    ...(webhook === null ? [] : rowsFor([webhook], (api) => webhookRows(api, functions))),
    ...[webSocket, webhook].flatMap((api) => (api === null ? [] : routeRows(api))),
    ...(webhook === null ? [] : usagePlanRows(webhook)),
  ];
}

const accountRows: readonly Quota[] = [
  row('newConnections', {
    grows: true,
    sentence:
      'Connections closed after 2 h, or after 10 min without a client message, come back; and those who log in, return or recover together. In a run: the rate at which it opened them.',
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
      'New connections + client messages + webhook posts + @connections calls (of webhooks, channels and broadcasts) + what clients ask over HTTP: one bucket for WebSocket, HTTP API and pushes. Webhooks to the URL of a function do not come by it. Other APIs of the account are not counted.',
    demand: (load, coefficients, deployment) => {
      const isCounted = deployment.webhook?.kind !== 'functionUrl';
      const rate = (moment: Moment) =>
        sumOf([
          {
            kind: 'value',
            value: moment.connects + moment.messages + (isCounted ? moment.webhooks : 0) + askRate(moment),
          },
          pushCallRate(moment, coefficients),
        ]);
      const bursts = busyMoments(load).map((moment) =>
        mapKnown(rate(moment), (ratePerSecond) => ({ ratePerSecond, lastsSeconds: moment.lastsSeconds })),
      );
      const heaviest = combine(bursts, (known) => heaviestBurst(known, bucketSeconds));
      if (heaviest.kind === 'unknown') return heaviest;
      const burst = heaviest.value;
      return demandOf(
        rate(meanMoment(load)),
        burst && { answer: known(burst.ratePerSecond), lastsSeconds: burst.lastsSeconds },
      );
    },
  }),
];

const ofBusiestRoute =
  'on the busiest of the routes without a throttle of their own: each of them has this one for itself.';

const webSocketRows = (api: EnteredApi, functions: readonly DeployedFunction[]): readonly Quota[] => [
  row('webSocketApiThrottle', {
    grows: true,
    sentence: busiestRoute(api)
      ? `New connections, or client messages, ${ofBusiestRoute}`
      : 'New connections + client messages (with heartbeats, subscribes and publishes). @connections calls are assumed to count against the account only.',
    demand: (load) => {
      const ofRoute = busiestRoute(api);
      if (ofRoute) return ofRoute(load);
      const [mean, burst] = [meanMoment(load), burstMoment(load)];
      return {
        kind: 'value',
        value: mean.connects + mean.messages,
        ...(load.connectBurst && {
          burst: { value: burst.connects + burst.messages, lastsSeconds: load.connectBurst.lastsSeconds },
        }),
      };
    },
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
      'The client’s heartbeat, else the mean time between two client messages on a connection, up to the timeout. Gaps of people are exponential: many exceed the timeout long before the mean does, and close the connection. The new connections that follow are in their row.',
    // Nothing is refused beyond it: what exceeding it costs is in the row of new connections.
    demand: (load) => ({
      kind: 'value',
      value: Math.min(load.heartbeatSeconds ?? messageIntervalSeconds(load), connectionIdleSeconds),
    }),
  }),
  row('webSocketLifetime', {
    name: 'Connection duration for WebSocket API, as reconnects',
    default: quotaFact('newConnections').default,
    burst: quotaFact('newConnections').burst,
    sharesLimitOf: 'newConnections',
    unit: quotaFact('newConnections').unit,
    grows: false,
    // AWS's own bound on concurrent connections, 3,600,000, is this one: 500/s × 7,200 s. There is no quota on them.
    sentence: `New connections that follow from the 2 h lifetime alone, against their quota: peak connections / ${connectionLifetimeSeconds} s where arrivals are spread; those of a login window come back in a wave as long as it. Part of that row, shown separately.`,
    demand: (load) => {
      const wave = load.connectBursts?.find(({ cause }) => cause === 'rotation');
      return {
        kind: 'value',
        value: load.lifetimeEndsPerSecond ?? load.peakConnections / connectionLifetimeSeconds,
        ...(wave && { burst: { value: wave.ratePerSecond, lastsSeconds: wave.lastsSeconds } }),
      };
    },
  }),
  row('webSocketIntegrationTimeout', {
    grows: false,
    sentence: `The longest p99 duration of the functions behind the WebSocket API (${namesOf(behind(functions, ['connect', 'disconnect', 'message']))}); a publish to the largest channel pushes 64 at a time, 10 ms each, where the stack has channels.`,
    demand: ({ fanOut }, { functions: costs }, { code }) =>
      demandOf(
        combine(
          behind(functions, ['connect', 'disconnect', 'message']).flatMap(({ id }) => costs[id]?.p99Seconds ?? []),
          (seconds) => Math.max(0, ...seconds, code?.channels ? publishSeconds(fanOut?.largest?.subscribers ?? 0) : 0),
        ),
      ),
  }),
];

/** Those for whose answer a kind of load waits. */
const behind = (functions: readonly DeployedFunction[], kinds: DeployedFunction['awaitedBy']): DeployedFunction[] =>
  functions.filter(({ awaitedBy }) => awaitedBy.some((kind) => kinds.includes(kind)));
const namesOf = (functions: readonly DeployedFunction[]): string =>
  functions.length === 0 ? 'there is none' : functions.map(({ id }) => id).join(', ');

/** REST APIs have the account's throttle alone, and wait up to 29 s. */
const restTimeoutSeconds = 29;

const webhookRows = (api: EnteredApi, functions: readonly DeployedFunction[]): readonly Quota[] => [
  row('httpApiThrottle', {
    name: 'Webhook API stage throttle',
    grows: true,
    sentence: `Webhook posts, at their daily mean and in the burst${busiestRoute(api) ? `, ${ofBusiestRoute}` : '.'}`,
    demand: (load) =>
      busiestRoute(api)?.(load) ?? {
        kind: 'value',
        value: load.webhookRatePerSecond,
        ...(load.webhookBurst && {
          burst: { value: load.webhookBurst.ratePerSecond, lastsSeconds: load.webhookBurst.lastsSeconds },
        }),
      },
  }),
  row('httpIntegrationTimeout', {
    name: 'Webhook API integration timeout',
    ...(api.kind === 'rest' && { default: restTimeoutSeconds }),
    grows: false,
    sentence: `The longest p99 duration of the functions behind the webhook API (${namesOf(behind(functions, ['webhook']))}). The webhook provider may give up earlier: many after 10 s.`,
    demand: (_load, { functions: costs }, deployment) =>
      demandOf(
        combine(
          behind(deployment.functions, ['webhook']).flatMap(({ id }) => costs[id]?.p99Seconds ?? []),
          (seconds) => Math.max(0, ...seconds),
        ),
      ),
  }),
];
