/**
 * Quotas on sizes, times and counts that a stack keeps by design. They do not grow with users; they bind once exceeded.
 * Control-plane rates, CloudWatch and Service Quotas APIs are left out: a load does not call them, only a report's collection does, a few calls a run.
 */
import { settable } from '../../aws/quotas/remedies.ts';
import { quotaFact } from '../../aws/quotas/table.ts';
import { claimBytes } from '../demand/single-keys.ts';
import { combine, known } from '../known.ts';
import { claimedOf, webhookApi } from './deployed.ts';
import type { DeployedFunction, Deployment, EnteredApi, FedQueue } from './deployment.ts';
import { demandOf, type Quota, row, rowsFor } from './quota.ts';

export const sizeAndCountQuotas = ({ webSocket, webhook, functions, queues, code }: Deployment): Quota[] => [
  ...(webSocket === null ? [] : rowsFor([webSocket], webSocketRows)),
  ...(webhook === null ? [] : rowsFor([webhook], webhookRows)),
  ...(webSocket === null && webhookApi({ webhook }) === null ? [] : [stagesRow]),
  ...rowsFor(queues, queueRows),
  ...timeoutRows(functions),
  ...functionRows,
  ...(code?.storage ? [itemRow(code.storage.rowBytes)] : []),
];

const webSocketRows = ({ routes }: EnteredApi): readonly Quota[] => [
  row('connectionsPostBytes', {
    grows: false,
    sentence: 'Mean bytes of a frame pushed to the client. A larger one is refused with 413.',
    demand: (_load, { pushBytes }) => demandOf(combine([pushBytes], ([bytes = 0]) => bytes)),
  }),
  row('webSocketRoutes', {
    name: 'Routes of the WebSocket API',
    ...{ grows: false, fixed: true },
    sentence: 'Routes of the API, with $connect, $disconnect and $default.',
    demand: () => known(routes),
  }),
];

/** What the URL of a function takes is what Lambda takes. */
const urlRows: readonly Quota[] = [
  row('invocationPayloadBytes', {
    id: 'invocationPayloadBytes.url',
    grows: false,
    sentence: 'The webhook’s body, as the URL of a function takes it: with its headers, as JSON, it is larger.',
    demand: (load) => known(load.webhookBytes),
  }),
];

const webhookRows = ({ kind, routes }: EnteredApi): readonly Quota[] =>
  kind === 'functionUrl' ? urlRows : apiRows(kind, routes);

const apiRows = (kind: EnteredApi['kind'], routes: number): readonly Quota[] => [
  ...(kind === 'http'
    ? [
        row('httpRoutes', {
          name: 'Routes of the webhook API',
          ...{ grows: false, fixed: true },
          sentence: 'Routes of the API.',
          demand: () => known(routes),
        }),
      ]
    : []),
  row('httpPayloadBytes', {
    name: 'Webhook API payload size',
    grows: false,
    sentence: 'The webhook’s body.',
    demand: (load) => known(load.webhookBytes),
  }),
];

const stagesRow = row('apiStages', {
  ...{ grows: false, fixed: true },
  sentence: 'The most stages of one API.',
  demand: (_load, _coefficients, { webSocket, webhook }) =>
    known(Math.max(webSocket?.stages ?? 0, webhookApi({ webhook })?.stages ?? 0)),
});

const queueRows = ({ id, function: emptiedBy }: FedQueue): readonly Quota[] => {
  const batchSizeOf = ({ queues }: Deployment) => queues.find((queue) => queue.id === id)?.batchSize ?? 0;
  return [
    row('invocationPayloadBytes', {
      grows: false,
      sentence: `A full batch of webhooks for ${emptiedBy}: batch size × webhook bytes. The poller sends a smaller batch rather than exceed it, so beyond it batches are never full.`,
      demand: (load, _coefficients, deployment) => known(batchSizeOf(deployment) * load.webhookBytes),
    }),
    row('pollerBatchSize', {
      ...{ grows: false, fixed: true },
      sentence: 'The configured batch size. Above 10 it needs a batch window of 1 s or more.',
      demand: (_load, _coefficients, deployment) => known(batchSizeOf(deployment)),
    }),
  ];
};

/** Of each function whose timeout is known; of the others that no API waits for, the longest against AWS's own. */
function timeoutRows(functions: readonly DeployedFunction[]): Quota[] {
  const longest =
    (ids: readonly string[]): Quota['demand'] =>
    (_load, { functions: costs }) =>
      demandOf(
        combine(
          ids.flatMap((id) => costs[id]?.p99Seconds ?? []),
          (seconds) => Math.max(0, ...seconds),
        ),
      );
  const timed = functions.filter(({ timeoutSeconds }) => timeoutSeconds !== undefined);
  const others = functions.filter(
    ({ timeoutSeconds, awaitedBy }) => timeoutSeconds === undefined && awaitedBy.length === 0,
  );
  const ids = others.map(({ id }) => id);
  return [
    ...rowsFor(timed, ({ id, timeoutSeconds = 0 }) => [
      row('functionTimeout', {
        ...{ name: 'Lambda function timeout', default: timeoutSeconds, isOwnLimit: true, grows: false },
        ...settable('Timeout of the function', quotaFact('functionTimeout').default),
        sentence: `The p99 duration of ${id}, against its own timeout, at which Lambda ends it.`,
        demand: longest([id]),
      }),
    ]),
    ...(ids.length === 0
      ? []
      : [
          row('functionTimeout', {
            grows: false,
            sentence: `The longest p99 duration of the functions that no API waits for (${ids.join(', ')}).`,
            demand: longest(ids),
          }),
        ]),
  ];
}

const functionRows: readonly Quota[] = [
  row('functionMemory', {
    ...{ grows: false, fixed: true },
    sentence: 'The largest memory setting. Some new accounts are limited to 3,008 MB.',
    demand: (_load, _coefficients, { functions }) => known(Math.max(0, ...functions.map(({ memoryMb }) => memoryMb))),
  }),
  row('reservableConcurrency', {
    ...{ grows: false, fixed: true },
    sentence:
      'Sum of the reserved concurrency of the stack’s functions, and of what is provisioned for those without. Beyond it, deployment fails.',
    demand: (_load, _coefficients, deployment) => known(claimedOf(deployment)),
  }),
];

const itemRow = (rowBytes: number): Quota =>
  row('dynamodbItemBytes', {
    grows: false,
    sentence:
      'Rows of the connection store are under 1 KB; an event that was pushed in part remembers whom it reached, up to all connections of the largest user.',
    demand: ({ largestUser }) => known(Math.max(rowBytes, claimBytes(largestUser?.connections ?? 0))),
  });
