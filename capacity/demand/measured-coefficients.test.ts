import { describe, expect, test } from 'vitest';
import { exampleDeployment } from '../example-stack.fixture.ts';
import { type Known, known, unknown } from '../known.ts';
import type { Coefficient, LoadKind } from './coefficients.ts';
import { measureCoefficients, type RunMeasurements, type Total, type Units } from './measured-coefficients.ts';

const none: Units = { connect: 0, disconnect: 0, message: 0, webhook: 0, push: 0 };
const total = (connecting: number, loaded: number, closing: number): Total => ({
  whole: known(connecting + loaded + closing),
  phases: { connecting: known(connecting), loaded: known(loaded), closing: known(closing) },
});
const whole = (of: Known<number>): Total => ({ whole: of, phases: null });
const fn = (id: string, kinds: LoadKind[], invocations: Total) => ({
  ...{ id, kinds, invocations, meanSeconds: known(0.01), p99Seconds: known(0.02) },
});

const units: RunMeasurements['units'] = {
  whole: { connect: 1_000, disconnect: 1_000, message: 4_800, webhook: 2_000, push: 1_900 },
  connecting: { ...none, connect: 990 },
  loaded: { ...none, connect: 10, message: 4_800, webhook: 2_000, push: 1_900 },
  closing: { ...none, disconnect: 1_000 },
};
const run: RunMeasurements = {
  target: 'local',
  units,
  pushesExpected: 1_900,
  pushCalls: known(1_919),
  pushBytes: known(420),
  functions: [fn('message', ['message'], whole(known(4_800))), fn('deliver', ['webhook'], whole(known(500)))],
  tables: [{ id: 'table', kinds: [], writeUnits: total(1_980, 2_020, 2_000), readUnits: total(0, 1_000, 500) }],
  queues: [{ id: 'queue', kinds: ['webhook'], sent: whole(known(2_000)) }],
};
const numberOf = (coefficient: Coefficient | undefined) =>
  coefficient?.kind === 'value' ? coefficient.value : coefficient?.reason;
const { code } = exampleDeployment;

test('totals over units: a fifth webhook rides in each batch of deliver', () => {
  const { functions, callsPerPush, queues } = measureCoefficients(run);
  expect(
    [functions.message?.invocations.message, functions.deliver?.invocations.webhook, callsPerPush].map(numberOf),
  ).toEqual([1, 0.25, 1.01]);
  // 0.25 batches × 0.01 s
  expect(numberOf(functions.deliver?.busySeconds.webhook)).toBe(0.0025);
  expect(numberOf(queues.queue?.webhook)).toBe(1);
});

describe('the units of a table whose code path is known', () => {
  const tableOf = (writeUnits: Total, of: RunMeasurements = run) => {
    const tables = [{ id: 'table', kinds: [], writeUnits, readUnits: total(0, 1_000, 500) }];
    return measureCoefficients({ ...of, tables }, code).tables.table;
  };
  const kinds = ['connect', 'disconnect', 'webhook'] as const;

  test('by the phases: connects first, disconnects last, the rest belongs to webhooks', () => {
    const { writeUnits, readUnits } = measureCoefficients(run, code).tables.table ?? {};
    // Loaded: 2,020 WRU − 10 connects × 2 = 2,000 over 2,000 webhooks
    expect(kinds.map((kind) => numberOf(writeUnits?.[kind]))).toEqual([2, 2, 1]);
    expect(kinds.map((kind) => numberOf(readUnits?.[kind]))).toEqual([0, 0.5, 0.5]);
    expect(writeUnits?.webhook).toMatchObject({ method: 'measured' });
  });

  test('where it explains the measured total within 2%, its whole units are taken, though phases blur', () => {
    // 40 connects + 40 disconnects + 20 webhooks × 2 = 120 WRU; half of the connects' writes are counted a second late.
    const small: RunMeasurements = {
      ...run,
      units: {
        whole: { ...none, connect: 40, disconnect: 40, webhook: 20 },
        connecting: { ...none, connect: 40 },
        loaded: { ...none, webhook: 20 },
        closing: { ...none, disconnect: 40 },
      },
    };
    const found = tableOf(total(20, 61, 40), small);
    expect(kinds.map((kind) => numberOf(found?.writeUnits[kind]))).toEqual([1, 1, 2]);
    expect(found?.writeUnits.webhook).toMatchObject({
      method: 'measured',
      basis: 'code path, which explains the measured total of 121 WRU within 0.8%',
    });
    // 3% more than the path explains: the phases decide.
    const more = tableOf({ ...total(20, 61, 40), whole: known(124) }, small);
    expect(numberOf(more?.writeUnits.webhook)).toBe(61 / 20);
  });

  test('a total that agrees by chance is refuted by what the connects alone consumed', () => {
    // 6,000 WRU is 1,000 × 1 + 1,000 × 1 + 2,000 × 2 as well as 1,000 × 2 + 1,000 × 2 + 2,000 × 1; while connecting it was 2 each.
    expect(numberOf(tableOf(total(1_980, 2_020, 2_000))?.writeUnits.connect)).toBe(2);
  });

  test('a series too coarse for phases is divided by it, scaled to the total, and marked so', () => {
    const found = tableOf(whole(known(9_000)))?.writeUnits;
    const sum = kinds.reduce((all, kind) => all + Number(numberOf(found?.[kind])) * units.whole[kind], 0);
    expect(sum).toBeCloseTo(9_000, 6);
    expect(found?.webhook).toMatchObject({ method: 'model' });
  });
});

describe('a resource of which nothing is known but the arrows', () => {
  test('one function for all routes: its connects and disconnects by the phases, its messages by the rest', () => {
    const { functions } = measureCoefficients({
      ...run,
      units: { ...units, whole: { ...units.whole, webhook: 0 }, loaded: { ...units.loaded, webhook: 0 } },
      functions: [fn('All', ['connect', 'disconnect', 'message'], total(990, 4_810, 1_000))],
    });
    const costs = functions.All?.invocations;
    expect((['connect', 'disconnect', 'message'] as const).map((kind) => numberOf(costs?.[kind]))).toEqual([1, 1, 1]);
  });

  test('messages and webhooks that came together are unknown, and what tells them apart is said', () => {
    const { functions } = measureCoefficients({
      ...run,
      functions: [fn('Both', ['message', 'webhook'], total(0, 9_000, 0))],
    });
    const reason = 'In the run messages and webhooks came together: `loadline profile` tells them apart.';
    expect(functions.Both?.invocations.message).toMatchObject({ kind: 'unknown', reason });
    expect(functions.Both?.busySeconds.webhook).toMatchObject({ kind: 'unknown', reason });
  });

  test('without phases, several kinds are unknown', () => {
    const { functions } = measureCoefficients({
      ...run,
      functions: [fn('Door', ['connect', 'disconnect'], whole(known(2_000)))],
    });
    expect(functions.Door?.invocations.connect).toMatchObject({ kind: 'unknown' });
  });
});

test('missing stays missing', () => {
  const functions = [fn('deliver', ['webhook'], whole(unknown('never reported')))];
  expect(measureCoefficients({ ...run, functions }).functions.deliver?.invocations.webhook).toMatchObject({
    kind: 'unknown',
    reason: 'never reported',
  });
});
