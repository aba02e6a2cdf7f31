import { expect, test } from 'vitest';
import type { Task } from './loop.ts';
import { TaskGroups } from './task-groups.ts';

/** Due at an interval; counts how often it ran and how often it was checked. */
class Metronome implements Task {
  readonly #everyMicros: number;
  #dueMicros: number;
  ran = 0;
  asked = 0;
  constructor(everyMicros: number, firstMicros = everyMicros) {
    this.#everyMicros = everyMicros;
    this.#dueMicros = firstMicros;
  }
  nextDueMicros(): number {
    this.asked++;
    return this.#dueMicros;
  }
  run(nowMicros: number): void {
    this.ran++;
    this.#dueMicros = nowMicros + this.#everyMicros;
  }
}

function clocked() {
  let now = 0;
  const groups = new TaskGroups({ nowMicros: () => now });
  const runAt = (micros: number) => {
    now = micros;
    groups.run(micros);
  };
  return { groups, runAt };
}

test('a group is checked when one of its tasks is due, and not before', () => {
  const { groups, runAt } = clocked();
  const [often, seldom] = [new Metronome(1_000), new Metronome(500_000)];
  groups.group().add(often);
  groups.group().add(seldom);
  for (let ms = 0; ms <= 100; ms++) runAt(ms * 1_000);
  expect(often.ran).toBe(100);
  expect(seldom.ran).toBe(0);
  // Once for whether it is due at the start, once for when it is.
  expect(seldom.asked).toBe(2);
  expect(groups.nextDueMicros()).toBe(101_000);
});

test('every task of a group runs when it is due', () => {
  const { groups, runAt } = clocked();
  const [a, b] = [new Metronome(1_000), new Metronome(4_000)];
  const group = groups.group();
  group.add(a);
  group.add(b);
  for (let ms = 0; ms <= 20; ms++) runAt(ms * 1_000);
  expect([a.ran, b.ran]).toEqual([20, 5]);
});

test('a task that is always due does not starve the others, which run once each', () => {
  const { groups, runAt } = clocked();
  const [eager, other] = [new Metronome(0, 0), new Metronome(1_000, 0)];
  groups.group().add(eager);
  groups.group().add(other);
  runAt(0);
  expect([eager.ran, other.ran]).toEqual([1, 1]);
});

test('a group without tasks is dropped, and one with nothing due is checked again within a second', () => {
  const { groups, runAt } = clocked();
  const gone = new Metronome(1_000);
  const group = groups.group();
  group.add(gone);
  runAt(0);
  group.remove(gone);
  runAt(1_000);
  expect(groups.nextDueMicros()).toBe(Number.POSITIVE_INFINITY);
  groups.group().add(new Metronome(Number.POSITIVE_INFINITY));
  runAt(1_000);
  expect(groups.nextDueMicros()).toBe(1_001_000);
});
