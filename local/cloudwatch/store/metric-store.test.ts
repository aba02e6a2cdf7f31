import { describe, expect, it } from 'vitest';
import { MetricStore } from './metric-store.ts';

const dimensions = { FunctionName: 'f' };
const second = (number: number) => number * 1_000;
const query = (store: MetricStore, startSecond: number, endSecond: number, periodSeconds: number) =>
  store
    .query(store.find('N', 'm', dimensions), { startSecond, endSecond, periodSeconds })
    .map(([begin, { count, sum, min, max }]) => ({ begin, count, sum, min, max }));

describe('MetricStore', () => {
  it('aggregates by period, counted from the start of the window, omitting periods without values', () => {
    const store = new MetricStore();
    const series = store.series('N', 'm', dimensions, 'Count');
    series.add(1, second(100));
    series.add(3, second(104) + 999);
    series.add(5, second(112));
    series.add(100, second(115)); // at the end: outside the window
    expect(query(store, 100, 115, 5)).toEqual([
      { begin: 100, count: 2, sum: 4, min: 1, max: 3 },
      { begin: 110, count: 1, sum: 5, min: 5, max: 5 },
    ]);
  });

  it('is the same through put and through a series, in any order of dimensions', () => {
    const store = new MetricStore();
    const put = (dims: Record<string, string>) =>
      store.put({ namespace: 'N', name: 'm', dimensions: dims, unit: 'Count', value: 2, timestampMs: second(1) });
    put({ a: '1', b: '2' });
    put({ b: '2', a: '1' });
    store.series('N', 'm', { b: '2', a: '1' }, 'Count').add(2, second(1));
    const found = store.find('N', 'm', { a: '1', b: '2' });
    expect(found).toHaveLength(1);
    expect(store.query(found, { startSecond: 0, endSecond: 2, periodSeconds: 1 })[0]?.[1].sum).toBe(6);
  });

  it('separates metrics by dimensions and units', () => {
    const store = new MetricStore();
    store.series('N', 'm', {}, 'Count').add(1, 0);
    store.series('N', 'm', dimensions, 'Count').add(1, 0);
    store.series('N', 'm', dimensions, 'Bytes').add(1, 0);
    expect(store.find('N', 'm', {})).toHaveLength(1);
    expect(store.find('N', 'm', dimensions)).toHaveLength(2);
    expect(store.find('N', 'm', dimensions, 'Bytes')).toHaveLength(1);
    expect([...store.list()]).toHaveLength(2);
  });

  it('reports zero as a value', () => {
    const store = new MetricStore();
    store.series('N', 'm', dimensions, 'Count').add(0, second(7));
    expect(query(store, 0, 10, 1)).toEqual([{ begin: 7, count: 1, sum: 0, min: 0, max: 0 }]);
  });

  it('refuses a value that is not finite', () => {
    const series = new MetricStore().series('N', 'm', dimensions, 'Count');
    expect(() => series.add(Number.NaN, 0)).toThrow('N m: value NaN is not a finite number');
  });

  it('rolls seconds older than their retention up to minutes, without losing a value or a percentile', () => {
    const store = new MetricStore({ secondsRetentionSeconds: 120 });
    const series = store.series('N', 'm', dimensions, 'Milliseconds');
    for (let at = 0; at < 600; at++) series.add(at % 60, second(at));
    expect(store.rolledUpBefore).toBe(420);
    expect(query(store, 0, 600, 60).map(({ count, max }) => [count, max])).toEqual(
      Array.from({ length: 10 }, () => [60, 59]),
    );
    expect(query(store, 300, 360, 1)).toEqual([{ begin: 300, count: 60, sum: 1_770, min: 0, max: 59 }]);
    const minute = store.query([series], { startSecond: 300, endSecond: 360, periodSeconds: 60 })[0]?.[1];
    expect((minute?.percentile(50) ?? 0) / 29).toBeCloseTo(1, 2);
  });

  it('keeps a late value for a second that was rolled up', () => {
    const store = new MetricStore({ secondsRetentionSeconds: 60 });
    const series = store.series('N', 'm', dimensions, 'Count');
    for (let at = 0; at < 300; at++) series.add(1, second(at));
    series.add(1, second(30));
    expect(query(store, 0, 60, 60)[0]?.count).toBe(61);
  });

  it('never holds more aggregates than its limit, and drops the oldest first', () => {
    const store = new MetricStore({ maxAggregates: 500 });
    const one = store.series('N', 'm', dimensions, 'Count');
    const two = store.series('N', 'other', dimensions, 'Count');
    for (let at = 0; at < 20_000; at++) {
      one.add(1, second(at));
      two.add(1, second(at));
      if (at % 100 === 0) expect(store.aggregateCount).toBeLessThanOrEqual(500);
    }
    expect(query(store, 19_990, 20_000, 1)).toHaveLength(10);
    expect(query(store, 18_000, 20_000, 1).reduce((total, { count }) => total + count, 0)).toBe(2_000);
  });
});
