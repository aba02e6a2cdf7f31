import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClientRecord } from '../engine/src/records.ts';
import { sealLine } from '../engine/src/sealed-line.ts';
import type { ClientSecond } from '../record/observation.ts';
import { inspectClientRecords, readClientRecords } from './client-records.ts';
import { followClientRecords } from './live.ts';
import { MeasurementMerge } from './measurements.ts';

const record = (fleet: string, second: number, over: Partial<ClientRecord> = {}): ClientRecord => ({
  version: 2,
  second,
  fleet,
  phase: 'steady',
  openConnections: 0,
  counters: {},
  histograms: {},
  ...over,
});

/** Two fleets, four seconds: both are steady in 101 and 102 only. */
const run: ClientRecord[] = [
  record('a', 100, { phase: 'connecting', openConnections: 5, counters: { connectsOpened: 5 } }),
  record('b', 100, { phase: 'steady', openConnections: 3, counters: { connectsOpened: 3 } }),
  record('a', 101, { openConnections: 10, counters: { messagesSent: 4 }, histograms: { roundTripMicros: { 7: 1 } } }),
  record('b', 101, {
    openConnections: 9,
    counters: { messagesSent: 2 },
    histograms: { roundTripMicros: { 7: 2, 9: 1 } },
  }),
  record('a', 102, { openConnections: 10, closeCodes: { 1001: 1 }, failures: { 'webhook 503': 2 } }),
  record('b', 102, {
    openConnections: 8,
    closeCodes: { 1001: 2, 1006: 1 },
    histograms: { deliveryMicros: { 2000: 4 } },
  }),
  record('a', 103, { phase: 'draining', histograms: { roundTripMicros: { 9: 5 } }, last: true }),
  record('b', 103, { last: true }),
];
/** As the fleets write them: each numbers its own lines. */
const textOf = (records: readonly ClientRecord[], after: readonly ClientRecord[] = []) =>
  records
    .map((one, i) => {
      const before = [...after, ...records.slice(0, i)].filter(({ fleet }) => fleet === one.fleet);
      return `${sealLine(one, { run: 'r', seq: before.length })}\n`;
    })
    .join('');

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loadline-client-'));
  path = join(folder, 'client.ndjson');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('readClientRecords', () => {
  it('gathers the events that were not delivered to all, of all fleets', async () => {
    const unreached = { id: 'e-2', state: 'unreached' as const, postedMs: 5, open: [[5, 9] as [number, number]] };
    await writeFile(
      path,
      textOf([
        record('a', 100, { events: [{ id: 'e-1', state: 'ownerOffline' }] }),
        record('b', 100, { events: [unreached] }),
      ]),
    );
    const { client } = await readClientRecords(path);
    expect(client.events).toEqual([{ id: 'e-1', state: 'ownerOffline' }, unreached]);
  });

  it('adds up the fleets by second and over the run', async () => {
    await writeFile(path, textOf(run));
    const { clock, client } = await readClientRecords(path);
    expect(clock).toEqual({ firstSecond: 100, lastSecond: 103, steadyFirstSecond: 101, steadyLastSecond: 102 });
    expect(client).toMatchObject({ complete: true, fleets: 2, peakOpenConnections: 19, unreadableLines: 0 });
    expect(client.totals).toMatchObject({ connectsOpened: 8, messagesSent: 6, messagesTimedOut: 0 });
    expect(client.histograms).toEqual({ roundTripMicros: { 7: 3, 9: 6 }, deliveryMicros: { 2000: 4 } });
    expect(client.steadyHistograms).toEqual({ roundTripMicros: { 7: 3, 9: 1 }, deliveryMicros: { 2000: 4 } });
    expect(client.closeCodes).toEqual({ 1001: 3, 1006: 1 });
    expect(client.failures).toEqual({ 'webhook 503': 2 });
    expect(
      client.seconds.map(({ second, openConnections, fleets, phases }) => [second, openConnections, fleets, phases]),
    ).toEqual([
      [100, 8, 2, ['connecting', 'steady']],
      [101, 19, 2, ['steady']],
      [102, 18, 2, ['steady']],
      [103, 0, 2, ['steady', 'draining']],
    ]);
    expect(client.seconds[1]?.counters.messagesSent).toBe(6);
    expect(client.seconds[1]?.histograms).toEqual({ roundTripMicros: { 7: 3, 9: 1 } });
  });

  it('does not depend on the order of the lines', () => {
    const inOrder = new MeasurementMerge();
    for (const one of run) inOrder.add(one);
    const expected = inOrder.finish(0);
    fc.assert(
      fc.property(fc.shuffledSubarray(run, { minLength: run.length }), (shuffled) => {
        const merge = new MeasurementMerge();
        for (const one of shuffled) merge.add(one);
        expect(merge.finish(0)).toEqual(expected);
      }),
    );
  });

  it('counts a line that was cut off, and says that the run is not complete', async () => {
    const text = textOf(run);
    await writeFile(path, text.slice(0, -20));
    const { client } = await readClientRecords(path);
    expect(client).toMatchObject({ complete: false, fleets: 2, unreadableLines: 1 });
    expect(client.seconds).toHaveLength(4);
  });

  it('has no steady state when a fleet never reached it', async () => {
    await writeFile(path, textOf([record('a', 1), record('b', 1, { phase: 'connecting' }), record('a', 2)]));
    const { clock, client } = await readClientRecords(path);
    expect(clock).toMatchObject({ steadyFirstSecond: null, steadyLastSecond: null });
    expect(client.steadyHistograms).toEqual({});
  });

  it('refuses another version in one sentence', async () => {
    await writeFile(path, `${JSON.stringify({ ...record('a', 1), version: 1 })}\n`);
    await expect(readClientRecords(path)).rejects.toThrow(
      `${path} has records of version 1, but this version of Loadline reads 2`,
    );
  });

  it('says when the file is missing or empty', async () => {
    await expect(readClientRecords(path)).rejects.toThrow(`${path} could not be read: it does not exist.`);
    await writeFile(path, '{"cut');
    await expect(readClientRecords(path)).rejects.toThrow(`${path} holds no readable measurement (1 unreadable lines)`);
  });
});

describe('inspectClientRecords', () => {
  const inspect = async (text: string) => {
    await writeFile(path, text);
    return (await inspectClientRecords(path, { run: 'r' })).damage;
  };
  const whole = textOf(run);
  const lines = whole.trimEnd().split('\n');
  const text = (all: readonly string[]) => all.map((line) => `${line}\n`).join('');

  it('finds nothing in lines as they were written', async () => expect(await inspect(whole)).toEqual([]));

  it('a text of a line may hold what Unicode calls a line separator', async () => {
    const odd = textOf([record('a', 1, { closeReasons: { '1008 no\u2028more\u0085': 1 }, last: true })]);
    expect(odd).toContain('\u2028');
    expect(await inspect(odd)).toEqual([]);
  });

  it.each([
    ['changed', text(lines.with(3, lines[3]?.replace('"9":1', '"9":2') ?? '')), [{ kind: 'changed', line: 4 }]],
    ['missing', text(lines.toSpliced(2, 1)), [{ kind: 'linesMissing', line: 4, fleet: 'a', count: 1 }]],
    ['repeated', text(lines.toSpliced(4, 0, lines[2] ?? '')), [{ kind: 'lineRepeated', line: 5, fleet: 'a' }]],
    [
      'moved',
      text([...lines.toSpliced(0, 1), lines[0] ?? '']),
      [
        { kind: 'linesMissing', line: 2, fleet: 'a', count: 1 },
        { kind: 'lineMoved', line: 8, fleet: 'a' },
      ],
    ],
    ['cut off', whole.slice(0, -5), [{ kind: 'cut', line: 8 }]],
    ['blank', text(lines.toSpliced(5, 0, '')), [{ kind: 'changed', line: 6 }]],
    [
      'of another run',
      text([...lines, sealLine(record('c', 1), { run: 'other', seq: 0 })]),
      [{ kind: 'foreign', line: 9, run: 'other' }],
    ],
    [
      'not what the totals say',
      text([sealLine({ ...record('c', 1), end: { lines: 1, counted: 3, values: 0 } }, { run: 'r', seq: 0 })]),
      [{ kind: 'totals', line: 1, fleet: 'c' }],
    ],
  ])('names a line that is %s', async (_what, damagedText, damage) => {
    expect(await inspect(damagedText)).toEqual(damage.map((each) => ({ ...each, file: 'client.ndjson' })));
  });
});

describe('followClientRecords', () => {
  /** Each sleep does the next step of the script; after the last the run ends. */
  function follow(steps: (() => Promise<void>)[]) {
    const ended = new AbortController();
    const clock = {
      now: () => 0,
      sleep: async () => {
        const step = steps.shift();
        if (step === undefined) ended.abort();
        else await step();
      },
    };
    return followClientRecords(path, { signal: ended.signal, clock });
  }
  const collect = async (seconds: AsyncIterable<ClientSecond>) => {
    const list: ClientSecond[] = [];
    for await (const second of seconds) list.push(second);
    return list;
  };

  it('yields each second once, when all fleets have reported it, and the rest at the end', async () => {
    const text = textOf(run);
    const middle = text.indexOf('"b"', text.indexOf('101')) + 1; // in the middle of a line
    const seen = await collect(
      follow([
        async () => {}, // no file yet
        () => writeFile(path, text.slice(0, middle)),
        () => appendFile(path, text.slice(middle)),
      ]),
    );
    expect(seen.map(({ second, openConnections, fleets }) => [second, openConnections, fleets])).toEqual([
      [100, 8, 2],
      [101, 19, 2],
      [102, 18, 2],
      [103, 0, 2],
    ]);
  });

  it('waits for a late fleet, but not forever', async () => {
    const seen: [number, number][] = [];
    const seconds = follow([
      () => writeFile(path, textOf([record('a', 1), record('b', 1), record('a', 2), record('a', 3)])),
      async () => {
        expect(seen).toEqual([[1, 2]]);
        await appendFile(path, textOf([record('a', 4), record('a', 5), record('a', 6)]));
      },
      async () =>
        expect(seen).toEqual([
          [1, 2],
          [2, 1],
        ]),
    ]);
    for await (const { second, fleets } of seconds) seen.push([second, fleets]);
    expect(seen.map(([second]) => second)).toEqual([1, 2, 3, 4, 5, 6]);
  });
});
