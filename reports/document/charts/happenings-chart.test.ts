import { expect, test } from 'vitest';
import { happeningsChart } from './happenings-chart.ts';

const timeline = (lastSecond: number) => ({
  startsAt: '2026-11-18T11:06:40.000Z',
  lastSecond,
  steady: null,
  panels: [],
});
const everyOther = (many: number) => ({
  ...{ name: 'throttled', kind: 'throttle' as const, total: many },
  spans: Array.from({ length: many }, (_, i) => ({ from: 2 * i, to: 2 * i + 1, count: 1 })),
});

test('a run of a minute has each of its stretches; of a day, what a drawing cannot tell apart is one', () => {
  const [minute] = happeningsChart([everyOther(30)], timeline(60)).lanes;
  expect(minute?.spans).toHaveLength(30);
  const [day] = happeningsChart([everyOther(43_200)], timeline(86_400)).lanes;
  expect(day?.spans).toEqual([{ from: 0, to: 86_399, count: 43_200 }]);
});

test('names what limited most often, and when it all began', () => {
  const slow = { name: 'slow', kind: 'slow' as const, total: null, spans: [{ from: 3, to: 4, count: null }] };
  expect(
    happeningsChart([slow, { ...everyOther(2), spans: [{ from: 5, to: 6, count: 2 }] }], timeline(60)).sentence,
  ).toBe('The limiting part: throttled, 2 times. The first was slow, at second 3.');
  expect(happeningsChart([], timeline(60)).sentence).toMatch(/^Nothing was refused, throttled or failed/);
});

test('of many kinds the first dozen are drawn, and the sentence says how many are not', () => {
  const { lanes, sentence } = happeningsChart(
    Array.from({ length: 15 }, () => everyOther(1)),
    timeline(60),
  );
  expect(lanes).toHaveLength(12);
  expect(sentence).toContain('3 more are in the report’s JSON.');
});
