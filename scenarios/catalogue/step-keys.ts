/** The keys of a `fleet` step, as the engine has them: what checks a scenario and what an editor is told. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
import type { z } from 'zod';
import { fleetFields } from '../../engine/src/step/fleet-fields.ts';
import { numberRules, textKeys } from '../../engine/src/step/fleet-step.ts';

export type StepKey = keyof typeof numberRules | (typeof textKeys)[number] | keyof typeof fleetFields.shape;

export const numberKeys: readonly string[] = Object.keys(numberRules);
/** Keys with a schema of their own in the engine. */
export const fieldSchemas: Readonly<Record<string, z.ZodType>> = fleetFields.shape;
export const stepKeys: readonly string[] = [...numberKeys, ...textKeys, ...Object.keys(fieldSchemas)];

/** What each key means, for whoever writes a scenario. A key of the engine without a line here is a type error. */
export const meanings: Record<StepKey, string> = {
  connections:
    'Sockets, opened at connectRatePerSecond and held. Without it the step is the one connection of its virtual user.',
  tabsPerUser: 'Connections of one user; 1.25 gives every fourth user two.',
  connectRatePerSecond: 'New connections per second.',
  connectPhases: 'Rates of new connections, one phase after the other, instead of connectRatePerSecond.',
  steadySeconds: 'How long messages, webhooks and publishes are sent, in seconds.',
  drainSeconds: 'How long answers and pushes under way are waited for, at most, in seconds.',
  messageRatePerSecond: 'Messages per second over all connections, in turn.',
  messageBytes: 'Size of a message in bytes.',
  messagePhases: 'Rates of messages, instead of messageRatePerSecond.',
  message: 'Text of a message to a target of your own, with ${id}, ${user}, ${sequence} and ${feed.<column>} in it.',
  answer: 'How the answer to such a message is recognised: next, { jsonPath: $.id } or { regexp: … }.',
  feed: 'CSV file whose first line names the columns of ${feed.<column>}.',
  hooks: 'Module that exports buildMessage and readFrame.',
  headers: 'Headers of every upgrade.',
  subprotocols: 'WebSocket subprotocols that are offered.',
  webhookUrl: 'Where webhooks are posted to.',
  webhookSecret: 'Secret that signs webhooks.',
  webhookRatePerSecond: 'Webhooks per second.',
  webhookPhases: 'Rates of webhooks, instead of webhookRatePerSecond and the burst.',
  webhookBytes: 'Size of a webhook in bytes.',
  webhookSizes: 'Sizes of webhooks by weight, instead of webhookBytes.',
  burstStartsAtSeconds: 'When the burst begins, in seconds of the steady state.',
  burstLastsSeconds: 'How long the burst lasts, in seconds.',
  burstRatePerSecond: 'Webhooks per second in the burst.',
  replayShare: 'Share of webhooks (0 to 1) that repeat an accepted event.',
  duplicateShare: 'Share of new events (0 to 1) that are posted twice at once.',
  offlineOwnerShare: 'Share of webhooks (0 to 1) whose owner has no connection.',
  webhookAttempts: 'Posts of an event in all, after 408, 429, 502, 503, 504 and 507. 1: never again; Nylas: 3.',
  webhookRetryBaseSeconds: 'Wait before the second post of an event, in seconds; doubles; Retry-After goes before it.',
  channels: 'Channels by size: count of them with subscribers connections each.',
  channelDistribution: 'Channels whose sizes follow Zipf: largest / rank^exponent.',
  publishRatePerSecond: 'Publishes per second over all channels, in turn.',
  publishPhases: 'Rates of publishes, instead of publishRatePerSecond.',
  publishBytes: 'Size of the body of a publish in bytes.',
  pushTimeoutSeconds: 'A push later than this after it was due is late, in seconds.',
  keepAliveSeconds: 'Each connection pings this often so that it is not idle, in seconds; 0: never.',
  idleShare: 'Share of connections (0 to 1) that never ping to stay open.',
  churnRatePerSecond: 'Connections per second that are closed and opened again at once.',
  dropAllAtSeconds: 'When, in the steady state, every connection is dropped at once, in seconds.',
  reconnectAttempts: 'Attempts in a row before a client gives up; 0: a lost connection stays lost.',
  reconnectBaseSeconds: 'First wait of the back-off, in seconds; doubles.',
  reconnectCapSeconds: 'Longest wait of the back-off, in seconds.',
  reconnectJitter: 'none: w; full: 0 to w; equal: w/2 to w.',
  arrivals: 'How arrivals lie within their rate.',
  timeoutSeconds: 'When a connect, an answer or a post counts as timed out, in seconds.',
  seed: 'Of everything random.',
  fleets: 'Threads or processes that share the load; auto: by the cores.',
  fleetsIn: 'threads or processes; auto: processes when one has too few ports.',
  localAddresses: 'Source addresses to take turns with; each carries 19,000 connections to one target.',
  webSocketUrl: 'Instead of the target.',
  tokenSecret: 'Secret that signs the tokens of connections.',
};
