/**
 * Quotas on sizes, times and counts that the reference stack keeps by design. They do not grow with users; they bind once exceeded.
 * Control-plane rates, CloudWatch and Service Quotas APIs are left out: the stack's load does not call them (its functions write metrics to
 * their logs), only a report's collection does, a few calls a run.
 */
import { claimBytes } from '../demand/single-keys.ts';
import { combine } from '../known.ts';
import { rolesOf } from './lambda-quotas.ts';
import { demandOf, type Quota, row } from './quota.ts';

/** Routes of the reference stack's WebSocket API: $connect, $disconnect, $default, ping, subscribe, publish. */
const webSocketRoutes = 6;
/** And of its webhook API: GET and POST. */
const webhookRoutes = 2;
/** Rows of the connection store are under this. */
const rowBytes = 1_024;

export const sizeAndCountQuotas: readonly Quota[] = [
  row('connectionsPostBytes', {
    grows: false,
    sentence: 'Mean bytes of a frame pushed to the client. A larger one is refused with 413.',
    demand: (_load, { pushBytes }) => demandOf(combine([pushBytes], ([bytes = 0]) => bytes)),
  }),
  row('webSocketRoutes', {
    name: 'Routes of the WebSocket API',
    grows: false,
    fixed: true,
    sentence: 'Routes of the reference stack: $connect, $disconnect, $default and its actions.',
    demand: () => ({ kind: 'value', value: webSocketRoutes }),
  }),
  row('httpRoutes', {
    name: 'Routes of the webhook API',
    grows: false,
    fixed: true,
    sentence: 'Routes of the reference stack: GET (challenge) and POST.',
    demand: () => ({ kind: 'value', value: webhookRoutes }),
  }),
  row('apiStages', {
    grows: false,
    fixed: true,
    sentence: 'One: each API of the reference stack has one stage.',
    demand: () => ({ kind: 'value', value: 1 }),
  }),
  row('httpPayloadBytes', {
    name: 'Webhook API payload size',
    grows: false,
    sentence: 'The webhook’s body.',
    demand: (load) => ({ kind: 'value', value: load.webhookBytes }),
  }),
  row('invocationPayloadBytes', {
    grows: false,
    sentence:
      'A full batch of webhooks for deliver: batch size × webhook bytes. The poller sends a smaller batch rather than exceed it, so beyond it batches are never full.',
    demand: (load, _coefficients, { batchSize }) => ({ kind: 'value', value: batchSize * load.webhookBytes }),
  }),
  row('functionTimeout', {
    grows: false,
    sentence: 'The p99 duration of deliver, the one function that no API waits for.',
    demand: (_load, { p99Seconds }) => demandOf(combine([p99Seconds.deliver], ([seconds = 0]) => seconds)),
  }),
  row('functionMemory', {
    grows: false,
    fixed: true,
    sentence: 'The largest memory setting. Some new accounts are limited to 3,008 MB.',
    demand: (_load, _coefficients, deployment) => ({
      kind: 'value',
      value: Math.max(...rolesOf(deployment).map((role) => deployment.memoryMb[role])),
    }),
  }),
  row('reservableConcurrency', {
    grows: false,
    fixed: true,
    sentence: 'Sum of the reserved concurrency of the stack’s functions. Beyond it, deployment fails.',
    demand: (_load, _coefficients, deployment) => ({
      kind: 'value',
      value: rolesOf(deployment).reduce((sum, role) => sum + (deployment.reservedConcurrency[role] ?? 0), 0),
    }),
  }),
  row('pollerBatchSize', {
    grows: false,
    fixed: true,
    sentence: 'The configured batch size. Above 10 it needs a batch window of 1 s or more.',
    demand: (_load, _coefficients, { batchSize }) => ({ kind: 'value', value: batchSize }),
  }),
  row('dynamodbItemBytes', {
    grows: false,
    sentence:
      'Rows of the connection store are under 1 KB; an event that was pushed in part remembers whom it reached, up to all connections of the largest user.',
    demand: ({ largestUser }) => ({
      kind: 'value',
      value: Math.max(rowBytes, claimBytes(largestUser?.connections ?? 0)),
    }),
  }),
];
