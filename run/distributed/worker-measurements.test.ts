import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArtilleryMetrics } from '../../engine/src/artillery/artillery-metrics.ts';
import { workerCounters } from '../../engine/src/artillery/worker-counters.ts';
import { WorkerMetrics } from '../../engine/src/artillery/worker-metrics.ts';
import { type ClientRecord, clientRecordVersion, fleetPhases } from '../../engine/src/records.ts';
import { MeasurementMerge } from '../../metrics/measurements.ts';
import { exampleObservation } from '../../reports/example-observation.fixture.ts';
import { exampleRun } from '../../reports/example-run.fixture.ts';
import { buildReport } from '../../reports/report.ts';
import type { ArtilleryOutput } from './artillery-output.ts';
import { secondOf } from './window.ts';
import { measurementsOfWorkers } from './worker-measurements.ts';

const start = 1_790_000_003;

/** Artillery as a worker has it: counts go into the window of 10 s in which they are reported. */
class FakeArtillery {
  nowSeconds = 0;
  readonly #windows = new Map<number, Record<string, number>>();
  readonly #maxima: Record<string, { max: number }> = {};

  emit(event: string, name?: string, value = 0): void {
    if (event === 'counter' && name !== undefined) {
      const period = Math.floor(this.nowSeconds / 10) * 10_000;
      const counters = this.#windows.get(period) ?? {};
      counters[name] = (counters[name] ?? 0) + value;
      this.#windows.set(period, counters);
    }
    if (event === 'histogram' && name !== undefined)
      this.#maxima[name] = { max: Math.round(Math.max(value, this.#maxima[name]?.max ?? 0) * 10) / 10 };
  }

  output(): ArtilleryOutput {
    const counters: Record<string, number> = {};
    for (const window of this.#windows.values())
      for (const [name, count] of Object.entries(window)) counters[name] = (counters[name] ?? 0) + count;
    const intermediate = [...this.#windows].map(([period, each]) => ({ period, counters: { ...each } }));
    return { aggregate: { counters, summaries: this.#maxima }, intermediate };
  }
}

const line = (second: number, fleet: string, some: Partial<ClientRecord> = {}): ClientRecord => ({
  version: clientRecordVersion,
  second,
  fleet,
  phase: 'steady',
  openConnections: 10,
  counters: { messagesSent: 3, messagesAnswered: 3 },
  histograms: { roundTripMicros: { 900: 2, 1100: 1 } },
  ...some,
});

/** What a worker's fleets write, reported to its own Artillery `lateSeconds` after each second's end. */
function runWorker(lines: readonly ClientRecord[], lateSeconds = 0.05): ArtilleryOutput {
  const artillery = new FakeArtillery();
  artillery.nowSeconds = lines[0]?.second ?? 0;
  const metrics = [new ArtilleryMetrics(artillery), new WorkerMetrics(artillery)];
  for (const each of lines) {
    artillery.nowSeconds = each.second + 1 + lateSeconds;
    for (const one of metrics) one.emit(each);
  }
  return artillery.output();
}

function mergeLines(lines: readonly ClientRecord[]) {
  const merge = new MeasurementMerge();
  for (const each of lines) merge.add(each);
  const merged = merge.finish(0);
  if (!merged) throw new Error('no lines');
  return merged;
}

const workerLines = (fleet: string, seconds: number): ClientRecord[] =>
  Array.from({ length: seconds }, (_, n) =>
    line(start + n, fleet, {
      phase: n < 2 ? 'connecting' : n < seconds - 2 ? 'steady' : 'closing',
      openConnections: 10 + n,
      ...(n === seconds - 1 && { last: true, closeCodes: { '1000': 4 }, closeReasons: { '1001 Going away. Bye': 1 } }),
      ...(n === 3 && {
        failures: { 'connect ECONNREFUSED': 2 },
        machine: { openDescriptors: 50, maxDescriptors: 1_000 },
      }),
    }),
  );

describe('measurementsOfWorkers', () => {
  it('gives what client.ndjson of the same lines gives, except for histograms by the second', () => {
    const a = workerLines('a', 47);
    const b = workerLines('b', 45);
    const read = measurementsOfWorkers([runWorker(a), runWorker(b, 0.4)], 2);
    const { clock, client } = mergeLines([...a, ...b]);
    expect(read?.clock).toEqual(clock);
    expect(read?.client).toEqual({
      ...client,
      seconds: client.seconds.map((second) => ({ ...second, histograms: expect.anything() })),
      steadyHistograms: expect.anything(),
    });
    expect(read?.client.complete).toBe(true);
    expect(read?.client.totals.messagesAnswered).toBe(276);
    expect(read?.client.histograms.roundTripMicros).toEqual({ 900: 184, 1100: 92 });
    expect(read?.client.descriptorShare).toBe(0.05);
  });

  it('tells routes apart, in each second and over the run, and the events that were posted to each', () => {
    const counts = (messagesSent: number) => ({
      counters: { messagesSent },
      histograms: { roundTripMicros: { 900: messagesSent } },
    });
    const routes = { message: { 0: counts(2), 2: counts(1) } };
    const events = [{ id: 'e-a-1', state: 'unreached' as const, route: 1 }];
    const lines = workerLines('a', 25).map((each, n) => ({ ...each, routes, ...(n === 24 && { events }) }));
    const read = measurementsOfWorkers([runWorker(lines)], 1);
    const { client } = mergeLines(lines);
    expect(read?.client.routes).toEqual({
      message: {
        0: { ...client.routes?.message?.[0], steadyHistograms: expect.anything() },
        2: { ...client.routes?.message?.[2], steadyHistograms: expect.anything() },
      },
    });
    expect(read?.client.routes?.message?.[0]?.counters.messagesSent).toBe(50);
    expect(read?.client.routes?.message?.[2]?.histograms.roundTripMicros).toEqual({ 900: 25 });
    expect(read?.client.seconds.map((second) => second.routes?.message?.[2]?.counters.messagesSent)).toEqual(
      lines.map(() => 1),
    );
    expect(read?.client.events).toEqual(events);
  });

  it('lists events by id without their times, up to 1,000 of a worker', () => {
    const events = Array.from({ length: 1_002 }, (_, n) => ({ id: `e-a-${n}`, state: 'ownerOffline' as const }));
    const unreached = { id: 'e-b-0', state: 'unreached' as const, postedMs: 5, open: [[5, 9] as [number, number]] };
    const read = measurementsOfWorkers(
      [
        runWorker([line(start, 'a', { last: true, events })]),
        runWorker([line(start, 'b', { last: true, events: [unreached] })]),
      ],
      2,
    );
    expect(read?.client.events).toHaveLength(1_001);
    expect(read?.client.events.slice(-1)).toEqual([{ id: 'e-b-0', state: 'unreached' }]);
  });

  it('lists missed publishes with their channel, without their users', () => {
    const missed = { id: 'p-3', channel: 'c-tag-a-0', subscribers: 2, users: ['u-1', 'u-2'] };
    const read = measurementsOfWorkers([runWorker([line(start, 'a', { last: true, missedPublishes: [missed] })])], 1);
    expect(read?.client.missedPublishes).toEqual([{ ...missed, users: [] }]);
  });

  it('lists what arrived at other users', () => {
    const stray = { what: 'event', id: 'e-tag-a 5', of: 'u-1', to: 'u-2' } as const;
    const read = measurementsOfWorkers([runWorker([line(start, 'a', { last: true, misdeliveries: [stray] })])], 1);
    expect(read?.client.misdeliveries).toEqual([{ ...stray, of: null }]);
  });

  it('takes the windows wholly within the steady state for its histograms', () => {
    // Reported in windows that begin at …010, 020, 030, 040: seconds 003-008, 009-018, 019-028, 029-038, 039-048, 049; steady are 005-047.
    const lines = workerLines('a', 47);
    const read = measurementsOfWorkers([runWorker(lines)], 1);
    expect(read?.clock).toMatchObject({ steadyFirstSecond: start + 2, steadyLastSecond: start + 44 });
    expect(read?.client.steadyHistograms.roundTripMicros).toEqual({ 900: 60, 1100: 30 });
    expect(
      read?.client.seconds.filter(({ histograms }) => histograms.roundTripMicros).map(({ second }) => second),
    ).toEqual([8, 18, 28, 38, 48, 49].map((last) => start - 3 + last));
  });

  it('finds no steady state that contains no whole window', () => {
    // Steady are 005-016; the windows have 003-008 and 009-018.
    const lines = workerLines('a', 16);
    expect(mergeLines(lines).clock).toMatchObject({ steadyFirstSecond: start + 2, steadyLastSecond: start + 13 });
    expect(measurementsOfWorkers([runWorker(lines)], 1)?.clock).toMatchObject({
      firstSecond: start,
      lastSecond: start + 15,
      steadyFirstSecond: null,
      steadyLastSecond: null,
    });
  });

  it('makes the report that client.ndjson makes, except for what windows lose', () => {
    const a = workerLines('a', 47);
    const b = workerLines('b', 45);
    const reportOf = (client: ReturnType<typeof mergeLines> | null) => {
      if (!client) throw new Error('nothing reported');
      // Latencies of single seconds, and stages of the steady state, are among what windows lose.
      const {
        latencyOverTime: _,
        deliveryStages: __,
        ...report
      } = buildReport(exampleRun(), {
        ...exampleObservation(),
        ...client,
      });
      const { timeline, latency, generator, slo, steadyState, ...rest } = report;
      return {
        rest,
        wholeRun: latency.map(({ id, run }) => ({ id, run })),
        steady: latency.map(({ id, steady }) => ({ id, steady })),
        objectives: slo.map(({ name }) => name),
        judgedSteady: steadyState.map(({ id }) => id),
        panels: timeline?.panels.filter(({ id }) => id !== 'latency'),
        cpuShare: generator?.cpuShare,
        sentShare: generator?.sentShare,
      };
    };
    const fromWorkers = reportOf(measurementsOfWorkers([runWorker(a), runWorker(b)], 2));
    const fromFile = reportOf(mergeLines([...a, ...b]));
    // All lines of the test have the same latencies in the same proportion, so here even the percentiles of the steady state are the same.
    const withoutSamples = ({ steady }: typeof fromFile) =>
      steady.map((row) => ({ ...row, steady: row.steady && { ...row.steady, samples: null } }));
    expect(withoutSamples(fromWorkers)).toEqual(withoutSamples(fromFile));
    const roundTrips = ({ steady }: typeof fromFile) => steady.find(({ id }) => id === 'roundTrip')?.steady?.samples;
    // With what ended after the steady state: 6 lines of 3 in the file, the last two windows here.
    expect([roundTrips(fromWorkers), roundTrips(fromFile)]).toEqual([240, 264]);
    const { steady: _a, ...others } = fromWorkers;
    const { steady: _b, ...expected } = fromFile;
    expect(others).toEqual(expected);
  });

  it('adds up random lines of three workers exactly', () => {
    const randomLines = fc.array(
      fc.record({
        gap: fc.integer({ min: 0, max: 3 }),
        openConnections: fc.nat(50),
        phase: fc.constantFrom(...fleetPhases),
        messagesSent: fc.nat(1_000),
        bucket: fc.nat(30_000),
      }),
      { minLength: 1, maxLength: 40 },
    );
    fc.assert(
      fc.property(fc.tuple(randomLines, randomLines, randomLines), (workers) => {
        const all = workers.map((lines, worker) => {
          let second = start;
          return lines.map(({ gap, openConnections, phase, messagesSent, bucket }, n) => {
            second += gap;
            return line(second, `f${worker}`, {
              openConnections,
              phase,
              counters: { messagesSent },
              histograms: { serviceMicros: { [bucket]: 1 } },
              ...(n === lines.length - 1 && { last: true as const }),
            });
          });
        });
        const read = measurementsOfWorkers(
          all.map((lines) => runWorker(lines)),
          3,
        );
        const { clock, client } = mergeLines(all.flat());
        expect(read?.clock).toMatchObject({ firstSecond: clock.firstSecond, lastSecond: clock.lastSecond });
        expect(read?.client.totals).toEqual(client.totals);
        expect(read?.client.histograms).toEqual(client.histograms);
        const plain = (seconds: typeof client.seconds) => seconds.map(({ histograms: _, ...rest }) => rest);
        expect(plain(read?.client.seconds ?? [])).toEqual(plain(client.seconds));
      }),
      { numRuns: 60 },
    );
  });

  it('is not complete when a worker never began, or a fleet never ended', () => {
    const lines = workerLines('a', 5);
    expect(measurementsOfWorkers([runWorker(lines)], 2)?.client.complete).toBe(false);
    expect(measurementsOfWorkers([runWorker(lines.slice(0, 4))], 1)?.client.complete).toBe(false);
  });

  it('refuses an output in which a window was lost', () => {
    const output = runWorker(workerLines('a', 25));
    const windows = output.intermediate.filter((_, n) => n !== 1);
    const [lost] = output.intermediate.slice(1, 2);
    expect(() => measurementsOfWorkers([{ ...output, intermediate: windows }], 1)).toThrow(
      "15 of 25 lines of the workers are in Artillery's windows",
    );
    const left = Object.fromEntries(
      Object.entries(output.aggregate.counters).map(([name, count]) => [name, count - (lost?.counters[name] ?? 0)]),
    );
    const packed = { aggregate: { ...output.aggregate, counters: left }, intermediate: windows };
    expect(() => measurementsOfWorkers([packed], 1)).toThrow('15 of 25 lines of the workers came back');
  });

  it('finds nothing in an output without workers', () => {
    const counters = { 'vusers.created': 1, [workerCounters.steps]: 1 };
    expect(measurementsOfWorkers([{ aggregate: { counters, summaries: {} }, intermediate: [] }], 1)).toBeNull();
  });
});

it('finds the second of a line that is reported at its end, or up to ten seconds late', () => {
  expect(secondOf(8, 1_790_000_010)).toBe(1_790_000_008);
  expect(secondOf(19, 1_790_000_010)).toBe(1_790_000_019);
  expect(secondOf(0, 1_790_000_010)).toBe(1_790_000_000);
});
