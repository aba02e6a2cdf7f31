import { describe, expect, it } from 'vitest';
import type { Collection } from '../record/collection.ts';
import { joinObservation } from './join.ts';
import { MeasurementMerge } from './measurements.ts';
import { eventsNotAsked } from './target-events.ts';

function clientOfOneSecond() {
  const merge = new MeasurementMerge();
  merge.add({
    version: 2,
    second: 1_000,
    fleet: 'a',
    phase: 'steady',
    openConnections: 4,
    counters: { eventsAccepted: 2 },
    histograms: { deliveryMicros: { 2100: 3 } },
    last: true,
  });
  const measurements = merge.finish(0);
  if (measurements === undefined) throw new Error('no measurements');
  return measurements;
}

const identity = { namespace: 'N', metric: 'm', dimensions: {}, statistic: 'Sum', unit: 'Count', periodSeconds: 1 };
const collection: Collection = {
  schemaVersion: 2,
  collectedAt: '2026-11-21T18:00:00.000Z',
  window: { startSecond: 1_000, endSecond: 1_001 },
  periodSeconds: 1,
  series: [
    { kind: 'series', key: 'k', ...identity, points: [[1_002, 5]] },
    {
      kind: 'noData',
      key: 'n',
      ...identity,
      window: { start: 's', end: 'e' },
      reason: 'never reported',
      failed: false,
    },
  ],
  queues: { visible: 0, notVisible: 0, delayed: 0, deadLettered: 3, deadLetteredBefore: 1, waitingBefore: 0 },
  events: eventsNotAsked('a test'),
};

describe('joinObservation', () => {
  it('puts client and server into one observation', () => {
    const observation = joinObservation({ runId: 'r', client: clientOfOneSecond(), collection });
    expect(observation).toMatchObject({
      schemaVersion: 2,
      runId: 'r',
      clock: { firstSecond: 1_000, lastSecond: 1_000, steadyFirstSecond: 1_000, steadyLastSecond: 1_000 },
      client: { complete: true, totals: { eventsAccepted: 2, eventsDelivered: 0 } },
      server: { periodSeconds: 1, series: collection.series, queues: collection.queues, events: collection.events },
    });
  });
});
