import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OrderedRows, type RangeOptions } from './ordered-rows.ts';

const none = () => undefined;
async function collect(rows: OrderedRows, options: RangeOptions): Promise<unknown[]> {
  const found: unknown[] = [];
  await new Promise<void>((resolve) => {
    rows
      .createValueStream(options)
      .on('data', (row) => found.push(row))
      .on('end', resolve);
  });
  return found;
}

const key = fc.tuple(
  fc.constantFrom('0a', '1b', '2c'),
  fc.constantFrom('x', 'y'),
  fc.constantFrom('', 'a/', 'b/', 'c/'),
);
const text = key.map(([hash, partition, range]) => `${hash}/${partition}/${range}`);
const bound = fc.option(fc.oneof(text, fc.constantFrom('0a', '1b/', '1b~', '2c/x~')), { nil: undefined });

describe('rows in order', () => {
  test('any range returns the same as sorting all keys', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(text, fc.boolean()), { maxLength: 40 }),
        fc.record({
          gt: bound,
          gte: bound,
          lt: bound,
          lte: bound,
          reverse: fc.boolean(),
          limit: fc.integer({ min: -1, max: 5 }),
        }),
        async (changes, { gt, gte, lt, lte, reverse, limit }) => {
          const rows = new OrderedRows<{ at: string }>();
          const expected = new Set<string>();
          for (const [at, put] of changes) {
            if (put) rows.put(at, { at }, none);
            else rows.del(at, none);
            if (put) expected.add(at);
            else expected.delete(at);
          }
          const sorted = [...expected]
            .sort()
            .filter((at) => !(gt !== undefined && at <= gt) && !(gte !== undefined && at < gte))
            .filter((at) => !(lt !== undefined && at >= lt) && !(lte !== undefined && at > lte));
          if (reverse) sorted.reverse();
          const options = {
            reverse,
            limit,
            ...(gt !== undefined && { gt }),
            ...(gte !== undefined && { gte }),
            ...(lt !== undefined && { lt }),
            ...(lte !== undefined && { lte }),
          };
          const wanted = limit < 0 ? sorted : sorted.slice(0, limit);
          expect(await collect(rows, options)).toEqual(wanted.map((at) => ({ at })));
          expect(rows.size).toBe(expected.size);
        },
      ),
    );
  });

  test('a destroyed stream emits nothing more', async () => {
    const rows = new OrderedRows();
    for (const at of ['0/a/1/', '0/a/2/', '0/a/3/']) rows.put(at, { at }, none);
    const found: unknown[] = [];
    const stream = rows.createValueStream();
    stream.on('data', (row) => {
      found.push(row);
      Reflect.apply(Reflect.get(stream, 'destroy'), stream, []);
    });
    await Promise.resolve();
    expect(found).toEqual([{ at: '0/a/1/' }]);
  });

  test('attributes without a value are omitted', () => {
    const rows = new OrderedRows<Record<string, unknown>>();
    rows.put('k', { a: 1, b: undefined }, none);
    expect(Object.keys(rows.read('k') ?? {})).toEqual(['a']);
  });
});
