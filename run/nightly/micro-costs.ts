/**
 * What one connect, one message and one webhook cost: three runs with one kind of load each. What the connections of the other two need is that of the first, and is taken off. Pure.
 */

import { perUnit, processorTime, type RunTotals } from './measured-run.ts';
import { count, type Measurement } from './measurement.ts';
import type { Entry } from './suite.ts';

export const microLoads = ['connect', 'message', 'webhook'] as const;
export type MicroLoad = (typeof microLoads)[number];

/** Few enough to be apart, enough that one more or less does not show: webhooks come one at a time, so that each is a batch of its own. */
const shared = { connections: 20, 'connect-rate': 20, 'tabs-per-user': 1, drain: 10, seed: 1 } as const;
const optionsOf: Record<MicroLoad, { scenario: string; options: Entry['options'] }> = {
  connect: {
    scenario: 'messaging',
    options: { ...shared, connections: 100, 'connect-rate': 50, 'message-rate': 0, steady: 1 },
  },
  message: { scenario: 'messaging', options: { ...shared, 'message-rate': 200, steady: 8 } },
  webhook: {
    scenario: 'webhook-burst',
    options: {
      ...{ ...shared, steady: 10, 'webhook-rate': 10, 'burst-rate': 0, 'burst-seconds': 0 },
      ...{ 'replay-share': 0, 'offline-share': 0 },
      variable: ['arrivals=even', 'duplicateShare=0', 'webhookAttempts=1'],
    },
  },
};

/** The run that measures it; options of the entry come before its own. */
export const microRun = (load: MicroLoad, options: Entry['options']) => ({
  scenario: optionsOf[load].scenario,
  options: { ...optionsOf[load].options, ...options },
});

export function microCosts(totals: Readonly<Record<MicroLoad, RunTotals | null>>): Measurement[] {
  const { connect, message, webhook } = totals;
  if (connect === null) return [];
  return [
    ...named('connect', [...perUnit(connect.series, connect.connects, 'connect')]),
    ...(message === null ? [] : named('message', ofLoad(message, 'message', connect))),
    ...(webhook === null ? [] : named('webhook', ofLoad(webhook, 'webhook', connect))),
  ];
}

const named = (load: MicroLoad, measurements: readonly Measurement[]): Measurement[] =>
  measurements.map((each) => ({ ...each, metric: `${load}-${each.metric}` }));

function ofLoad(totals: RunTotals, unit: 'message' | 'webhook', connect: RunTotals): Measurement[] {
  const units = totals[`${unit}s`];
  if (units === 0) return [];
  const ownSeries = new Map(
    [...totals.series].map(([key, total]) => {
      const perConnect = connect.connects === 0 ? 0 : (connect.series.get(key) ?? 0) / connect.connects;
      return [key, Math.max(0, total - perConnect * totals.connects)] as const;
    }),
  );
  return [
    ...[
      ...perUnit(ownSeries, units, unit),
      count('bytesSent', totals.bytesSent / units, `bytes/${unit}`),
      count('bytesReceived', totals.bytesReceived / units, `bytes/${unit}`),
    ].filter(({ value }) => value > 0),
    ...processorTime(totals, unit),
  ];
}
