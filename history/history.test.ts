import { expect, test } from 'vitest';
import { appendAcknowledgement, appendLines, nextSequence, readHistory } from './history.ts';
import { lineVersion } from './line.ts';
import { lineOf, linesOfValues, memoryStore } from './lines.fixture.ts';

const now = new Date('2026-03-01T02:00:00Z');

test('what was appended is read again, acknowledgements as well', async () => {
  const store = memoryStore();
  const lines = linesOfValues([1, 2, 3]);
  await appendLines(store, lines, now);
  const acknowledgement = {
    ...{ v: lineVersion, kind: 'acknowledgement' as const, series: 'a.b', night: '2026-01-02' },
    ...{ reason: 'known', by: 'somebody', at: now.toISOString() },
  };
  await appendAcknowledgement(store, acknowledgement, now);
  expect(await readHistory(store)).toEqual({ lines, acknowledgements: [acknowledgement], skipped: [] });
  expect(nextSequence({ lines, acknowledgements: [], skipped: [] })).toBe(4);
});

test('fifty nights that are appended at once are all there', async () => {
  const store = memoryStore();
  await Promise.all(Array.from({ length: 50 }, (_, index) => appendLines(store, [lineOf(index, index)], now)));
  const { lines } = await readHistory(store);
  expect(lines.map(({ value }) => value).toSorted((a, b) => (a ?? 0) - (b ?? 0))).toEqual(
    Array.from({ length: 50 }, (_, index) => index),
  );
});

test('a torn last line, a damaged one and one of another version are skipped, and said', async () => {
  const line = JSON.stringify(lineOf(0, 1));
  const store = memoryStore(
    new Map([
      ['a.ndjson', `${line}\n{"v":1,"series":5}\n${line.replace('"v":1', '"v":9')}\n${line.slice(0, 60)}`],
      ['notes.txt', 'not of the history'],
    ]),
  );
  const { lines, skipped } = await readHistory(store);
  expect(lines).toEqual([lineOf(0, 1)]);
  expect(skipped).toMatchObject([
    { file: 'a.ndjson', line: 2, why: 'damaged' },
    { file: 'a.ndjson', line: 3, why: 'version' },
    { file: 'a.ndjson', line: 4, why: 'torn', detail: 'it is not JSON' },
  ]);
});
