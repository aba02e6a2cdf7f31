import { expect, test } from 'vitest';
import { exampleObservation } from '../example-observation.fixture.ts';
import { exampleRun } from '../example-run.fixture.ts';
import { buildReport } from '../report.ts';
import { renderTimelineCsv } from './csv.ts';

const { timeline, latencyOverTime } = buildReport(exampleRun(), exampleObservation());
const lines = renderTimelineCsv(timeline, latencyOverTime).split('\r\n');

test('a head, and a row for each second; what is not known is empty', () => {
  expect(lines).toHaveLength(1 + 70 + 1);
  const head = lines[0]?.split(',"') ?? [];
  expect(head.slice(0, 2)).toEqual(['second,time', 'Open connections: open connections (connections, client)"']);
  expect(lines[1]).toMatch(/^0,2026-11-18T11:06:40\.000Z,20,20,0,0,0,/);
  const p99 = head.indexOf('Round trip p99 (ms, client)"');
  // No round trip before the steady state, of 25 ms in its first second: the head's first part holds two columns.
  expect([lines[1], lines[6]].map((line) => line?.split(',')[p99 + 1])).toEqual(['', '25.007']);
});

test('without measurements there is the head alone', () => {
  expect(renderTimelineCsv(null, [])).toBe('second,time\r\n');
});

test.each(['=1+1', '+1', '-1', '@x', ' =1', '\t=1'])(
  'a name that a spreadsheet would calculate stays text: %j',
  (name) => {
    const panel = {
      id: 'p',
      title: name,
      unit: '1/s',
      bounds: [],
      missing: [],
      lines: [{ name, from: 'client' as const, points: [] }],
    };
    const csv = renderTimelineCsv(
      { startsAt: '2026-11-18T11:06:40.000Z', lastSecond: 0, steady: null, panels: [panel] },
      [],
    );
    expect(csv).toMatch(/^second,time,"'/);
  },
);

test('quotes are doubled, and a line stays a line', () => {
  const panel = {
    id: 'p',
    title: 'a "b"\r\nc',
    unit: '1/s',
    bounds: [],
    missing: [],
    lines: [{ name: 'n', from: 'client' as const, points: [] }],
  };
  const csv = renderTimelineCsv(
    { startsAt: '2026-11-18T11:06:40.000Z', lastSecond: 0, steady: null, panels: [panel] },
    [],
  );
  expect(csv.split('\r\n')[0]).toBe('second,time,"a ""b"" c: n (1/s, client)"');
});
