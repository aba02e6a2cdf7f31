import { expect, test } from 'vitest';
import { eachRole } from '../example-stack.fixture.ts';
import type { Known } from '../known.ts';
import type { Coefficient } from './coefficients.ts';
import { measureCoefficients, type PhaseUse, type RunMeasurements } from './measured-coefficients.ts';

const value = (v: number): Known<number> => ({ kind: 'value', value: v });
const phase = (connects: number, disconnects: number, webhooks: number, write: number, read: number): PhaseUse => ({
  connects,
  disconnects,
  webhooks,
  writeUnits: value(write),
  readUnits: value(read),
});
const run: RunMeasurements = {
  target: 'local',
  connects: 1_000,
  messages: 4_800,
  webhooks: 2_000,
  pushesExpected: 1_900,
  pushCalls: value(1_919),
  invocations: { ...eachRole(value(1_000)), message: value(4_800), ingest: value(2_000), deliver: value(500) },
  meanSeconds: eachRole(value(0.01)),
  p99Seconds: eachRole(value(0.02)),
  pushBytes: value(420),
  phases: {
    connecting: phase(990, 0, 0, 1_980, 0),
    loaded: phase(10, 0, 2_000, 2_020, 1_000),
    closing: phase(0, 1_000, 0, 2_000, 500),
  },
  whole: phase(1_000, 1_000, 2_000, 6_000, 1_500),
};
const numberOf = (coefficient: Coefficient) => (coefficient.kind === 'value' ? coefficient.value : coefficient.reason);

test('totals over units: a fifth webhook rides in each batch of deliver', () => {
  const { invocations, callsPerPush } = measureCoefficients(run);
  expect([invocations.message, invocations.deliver, callsPerPush].map(numberOf)).toEqual([1, 0.25, 1.01]);
});

test('phases separate the table’s units: connects first, disconnects last, the rest belongs to webhooks', () => {
  const { writeUnits, readUnits } = measureCoefficients(run);
  // Loaded: 2,020 WRU − 10 connects × 2 = 2,000 over 2,000 webhooks
  expect([writeUnits.perConnect, writeUnits.perDisconnect, writeUnits.perWebhook].map(numberOf)).toEqual([2, 2, 1]);
  expect([readUnits.perConnect, readUnits.perDisconnect, readUnits.perWebhook].map(numberOf)).toEqual([0, 0.5, 0.5]);
  expect(writeUnits.perWebhook).toMatchObject({ method: 'measured' });
});

test('where the code path explains the measured total within 2%, its whole units are taken, though phases blur', () => {
  // 40 connects + 40 disconnects + 20 webhooks × 2 = 120 WRU; half of the connects' writes are counted a second late.
  const whole = phase(40, 40, 20, 121, 60);
  const phases = {
    connecting: phase(40, 0, 0, 20, 0),
    loaded: phase(0, 0, 20, 61, 20),
    closing: phase(0, 40, 0, 40, 40),
  };
  const { perConnect, perDisconnect, perWebhook } = measureCoefficients({ ...run, whole, phases }).writeUnits;
  expect([perConnect, perDisconnect, perWebhook].map(numberOf)).toEqual([1, 1, 2]);
  expect(perWebhook).toMatchObject({
    method: 'measured',
    basis: 'code path, which explains the measured total of 121 WRU within 0.8%',
  });
  // 3% more than the path explains: the phases decide.
  const more = measureCoefficients({ ...run, whole: phase(40, 40, 20, 124, 60), phases }).writeUnits;
  expect(numberOf(more.perWebhook)).toBe(61 / 20);
});

test('a total that agrees by chance is refuted by what the connects alone consumed', () => {
  // 6,000 WRU is 1,000 × 1 + 1,000 × 1 + 2,000 × 2 as well as 1,000 × 2 + 1,000 × 2 + 2,000 × 1; while connecting it was 2 each.
  expect(numberOf(measureCoefficients(run).writeUnits.perConnect)).toBe(2);
});

test('a series too coarse for phases is divided by the code path, scaled to the total, and marked so', () => {
  const { writeUnits } = measureCoefficients({ ...run, phases: null, whole: phase(1_000, 1_000, 2_000, 9_000, 1_500) });
  const { perConnect, perDisconnect, perWebhook } = writeUnits;
  const total = [
    [perConnect, 1_000],
    [perDisconnect, 1_000],
    [perWebhook, 2_000],
  ] as const;
  expect(total.reduce((sum, [each, units]) => sum + Number(numberOf(each)) * units, 0)).toBeCloseTo(9_000, 6);
  expect(perWebhook).toMatchObject({ method: 'model' });
});

test('missing stays missing', () => {
  const invocations = { ...run.invocations, deliver: { kind: 'unknown', reason: 'never reported' } as const };
  expect(measureCoefficients({ ...run, invocations }).invocations.deliver).toMatchObject({
    kind: 'unknown',
    reason: 'never reported',
  });
});
