import { describe, expect, test } from 'vitest';
import { hadConnectionAt } from './connection-at.ts';

/** Posted at 100 s, with connections open from and to (s). */
const had = (open: [number, number][], finishedAtSeconds: number | null, clockStepSeconds = 0) =>
  hadConnectionAt(
    {
      ...{ id: 'e', state: 'ownerChanged' as const, postedMs: 100_000 },
      open: open.map(([from, to]) => [from * 1_000, to * 1_000]),
    },
    finishedAtSeconds && finishedAtSeconds * 1_000,
    clockStepSeconds * 1_000,
  );

describe('an owner had a connection while the stack worked on an event', () => {
  test('if it was open from the post until a second after it was finished', () => {
    expect([had([[100, 106]], 105), had([[100, 105.9]], 105), had([[100, 200]], 105)]).toEqual([true, false, true]);
  });
  test('if it opened later, from 30 s before it was finished: the stack may have looked for connections long before', () => {
    expect([had([[110, 200]], 139), had([[110, 200]], 140)]).toEqual([false, true]);
  });
  test('and not if two connections followed one another', () => {
    expect(
      had(
        [
          [100, 104],
          [104.1, 110],
        ],
        104.5,
      ),
    ).toBe(false);
  });
  test('whatever the clock said: if it was set, at both possible times', () => {
    // Set back by 4 s: 105 s may be 109 s.
    expect([had([[100, 108]], 105, -4), had([[100, 110]], 105, -4)]).toEqual([false, true]);
    // Before the post is impossible: 97 s was 101 s.
    expect(had([[100, 102]], 97, -4)).toBe(true);
    // Set forward by 4 s: 107 s may be 103 s.
    expect([had([[100, 105]], 107, 4), had([[100, 108]], 107, 4)]).toEqual([false, true]);
  });
  test('without the time only if it was open from the post to the end', () => {
    const event = { id: 'e', postedMs: 1, open: [] };
    expect(hadConnectionAt({ ...event, state: 'unreached' }, null, 0)).toBe(true);
    expect(hadConnectionAt({ ...event, state: 'ownerChanged' }, null, 0)).toBe(false);
    // A worker elsewhere passes no times on.
    expect(hadConnectionAt({ id: 'e', state: 'unreached' }, 5, 0)).toBe(true);
  });
});
