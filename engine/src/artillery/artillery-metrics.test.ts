import { expect, test } from 'vitest';
import type { ClientRecord } from '../records.ts';
import { ArtilleryMetrics, type ScenarioEvents } from './artillery-metrics.ts';

function emitted(...histograms: ClientRecord['histograms'][]) {
  const all: [string, string, number][] = [];
  const events = {
    emit: (kind: string, name: string, value?: number) => all.push([kind, name, value ?? 0]),
  } as ScenarioEvents;
  const metrics = new ArtilleryMetrics(events);
  for (const one of histograms)
    metrics.emit({
      ...{ version: 2, second: 0, fleet: 'f', phase: 'steady', openConnections: 1 },
      counters: { messagesSent: 3 },
      histograms: one,
    });
  const zeros = all.filter(([, , value]) => value === 0).map(([, name]) => name);
  expect(zeros).toContain('loadline.messagesTimedOut');
  return all.filter(([, , value]) => value !== 0);
}

test('counters and buckets are passed on unchanged, and latencies in milliseconds', () => {
  expect(emitted({ roundTripMicros: { '2000': 2, '7': 1 }, loopDelayMicros: { '1': 1 } })).toEqual([
    ['counter', 'loadline.messagesSent', 3],
    ['counter', 'loadline.roundTripMicros.b.7', 1],
    ['counter', 'loadline.roundTripMicros.b.2000', 2],
    ['histogram', 'loadline.roundTripMs', 0.007],
    ['histogram', 'loadline.roundTripMs', 2],
    ['histogram', 'loadline.roundTripMs', 2],
    ['counter', 'loadline.loopDelayMicros.b.1', 1],
  ]);
});

test('of 20,000 values every hundredth is passed on, in proportion', () => {
  const values = emitted({ roundTripMicros: { '100': 19_000, '900': 1_000 } }).filter(([kind]) => kind === 'histogram');
  expect(values.filter(([, , ms]) => ms === 0.1)).toHaveLength(190);
  expect(values.filter(([, , ms]) => ms === 0.9)).toHaveLength(10);
});

test('values left over from one second count towards the next', () => {
  const fast = { roundTripMicros: { '100': 20_000 } };
  const slow = { roundTripMicros: { '100': 50 } };
  expect(emitted(fast, slow, slow).filter(([kind]) => kind === 'histogram')).toHaveLength(201);
});
