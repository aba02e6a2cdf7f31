import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TimeWheel } from './time-wheel.ts';

function drained(wheel: TimeWheel, untilMs: number): { atMs: number; kind: number; subject: number; detail: number }[] {
  const taken: { atMs: number; kind: number; subject: number; detail: number }[] = [];
  for (let nowMs = 0; nowMs <= untilMs; nowMs += 1)
    wheel.drain(nowMs, () => {
      taken.push({ atMs: nowMs, kind: wheel.kind, subject: wheel.subject, detail: wheel.detail });
    });
  return taken;
}

test('events are visited when due, those of one millisecond in insertion order, whatever turn of the wheel they are due in', () => {
  // 16 slots: times up to 300 are many turns away; 40 events in few slots fill several chunks.
  const due = fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 200 });
  fc.assert(
    fc.property(due, (times) => {
      const wheel = new TimeWheel(16);
      for (const [subject, dueMs] of times.entries()) wheel.add(0, dueMs, subject % 256, subject, subject * 3);
      const naive = times
        .map((atMs, subject) => ({ atMs, kind: subject % 256, subject, detail: subject * 3 }))
        .toSorted((a, b) => a.atMs - b.atMs || a.subject - b.subject);
      expect(drained(wheel, 300)).toEqual(naive);
    }),
  );
});

test('events added by events are visited too: those of the same millisecond immediately', () => {
  const wheel = new TimeWheel(8);
  wheel.add(0, 5, 1, 100);
  const taken: [number, number][] = [];
  for (let nowMs = 0; nowMs < 60; nowMs += 1)
    wheel.drain(nowMs, () => {
      taken.push([nowMs, wheel.subject]);
      if (wheel.subject === 100) {
        wheel.add(nowMs, nowMs, 1, 101);
        wheel.add(nowMs, nowMs + 8, 1, 102);
        wheel.add(nowMs, nowMs + 50, 1, 103);
      }
    });
  expect(taken).toEqual([
    [5, 100],
    [5, 101],
    [13, 102],
    [55, 103],
  ]);
});
