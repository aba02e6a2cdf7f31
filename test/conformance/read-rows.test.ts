import { describe, expect, test } from 'vitest';
import { cases } from './cases/index.ts';
import { parseFacts, readFacts } from './read-rows.ts';
import { type Area, areas, isChecked } from './row.ts';
import { readSettings } from './settings-of-limits.ts';

const { rows, sources, titles } = readFacts();
const settings = new Set(readSettings().map(({ name }) => name));

/** Counted by hand in the facts collected in November 2026: removing a row requires a change here as well. */
const rowsOfArea: Readonly<Record<Area, number>> = {
  A1: 13,
  A2: 16,
  A3: 7,
  A4: 17,
  A5: 20,
  A6: 10,
  A7: 20,
  A8: 15,
  B1: 23,
  B2: 10,
  B3: 8,
  B4: 11,
  B5: 13,
  B6: 12,
  C: 42,
  D1: 15,
  D2: 17,
  D3: 9,
  D4: 8,
  D5: 5,
};

describe('the table of facts', () => {
  test('has every row of every area', () => {
    const counted = Object.fromEntries(areas.map((area) => [area, rows.filter((row) => row.area === area).length]));
    expect(counted).toEqual(rowsOfArea);
    expect([...titles.keys()]).toEqual(areas);
  });

  test('has unique ids', () => {
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  });

  test('has no unused source', () => {
    const used = new Set(rows.map(({ source }) => source));
    expect([...sources.keys()].filter((key) => !used.has(key))).toEqual([]);
  });

  test('refers only to existing settings', () => {
    const names = rows.flatMap(({ check }) => (check.kind === 'setting' ? [check.setting] : []));
    expect(names.filter((name) => !settings.has(name))).toEqual([]);
  });

  test('has no setting or assumption for documented behaviour, and no certainty about undocumented behaviour', () => {
    const doubtful = rows.filter(({ confidence }) => confidence === 'L' || confidence === 'unverified');
    expect(doubtful.filter(({ check }) => check.kind === 'both' || check.kind === 'localOnly')).toEqual([]);
  });
});

describe('the cases', () => {
  test('exist for each row that is checked, and for no other', () => {
    const claimed = rows.filter(isChecked).map(({ id }) => id);
    expect(cases.map(({ row }) => row).toSorted()).toEqual(claimed.toSorted());
  });

  test('that need other limits belong to rows that cannot run on AWS, or to settings', () => {
    const withLimits = new Set(cases.filter(({ target }) => target?.limits).map(({ row }) => row));
    const onAws = rows.filter(({ id, check }) => withLimits.has(id) && check.kind === 'both');
    expect(onAws).toEqual([]);
  });
});

describe('an invalid table', () => {
  const head = '## Sources\n| a | b |\n## A1. Title\n';
  test.each([
    ['| x | row | what | a | H |', /line 4: a row has 6 cells, all filled; this one has 5/],
    ['| x | row | what | unknown | H | both |', /line 4: unknown source unknown/],
    ['| x | row | what | a | sure | both |', /line 4: sure is not a confidence/],
    ['| x | row | what | a | H | later |', /line 4: later is not a check/],
    ['| x | row | what | a | H | notModelled |', /line 4: notModelled needs its reason/],
    ['| x | row | what | a | H | setting |', /line 4: which setting\?/],
    ['## E9. More', /line 4: "## E9. More" is not a heading of an area/],
  ])('%s', (line, message) => {
    expect(() => parseFacts(head + line)).toThrow(message);
  });
});
