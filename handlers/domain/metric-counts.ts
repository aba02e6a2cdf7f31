/** What the handlers count. */

/**
 * Counters of the stack, all with the dimension `Stack`.
 * `PushesThrottled` counts each 429 of `@connections`, even if the next attempt succeeded.
 * `EventsDeferred` counts receipts of messages that are kept for later on purpose: a connection's handshake was under way, or the signature
 * cannot be judged yet. Anybody can cause them, so they are none of `EventsFailed`.
 * `EventsRefused` counts webhooks with a valid signature that were answered with 400 or 413: nobody keeps them.
 */
const metricNames = [
  'EventsDelivered',
  'EventsOffline',
  'EventsDuplicate',
  'EventsDeferred',
  'EventsFailed',
  'EventsRefused',
  'PushesSent',
  'PushesGone',
  'PushesThrottled',
  'SignaturesRejected',
] as const;
export type MetricName = (typeof metricNames)[number];
export type MetricCounts = Partial<Record<MetricName, number>>;

/** All counters at zero: zero is a measurement too. */
export const noCounts = (): Required<MetricCounts> =>
  Object.fromEntries(metricNames.map((name) => [name, 0])) as Required<MetricCounts>;
