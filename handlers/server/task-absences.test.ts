import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TaskAbsences } from './task-absences.ts';

/** `listeners` null: the bus does not answer. */
const bus: { listeners: number | null; looks: number } = { listeners: 0, looks: 0 };
const make = () =>
  new TaskAbsences({
    monotonicMs: () => Date.now(),
    listenersOf: async () => {
      bus.looks += 1;
      if (bus.listeners === null) throw new Error('The bus is away.');
      return bus.listeners;
    },
  });

beforeEach(() => {
  Object.assign(bus, { listeners: 0, looks: 0 });
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

describe('a task that nobody sees', () => {
  it('has ended after 15 s of looks that all found nobody', async () => {
    const absences = make();
    expect(absences.missed('a')).toBe(false);
    await vi.advanceTimersByTimeAsync(14_999);
    expect(absences.missed('a')).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect([absences.missed('a'), absences.missed('b')]).toEqual([true, false]);
  });

  it('is forgotten as soon as a look finds it', async () => {
    const absences = make();
    absences.missed('a');
    await vi.advanceTimersByTimeAsync(10_000);
    bus.listeners = 1;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(absences.size).toBe(0);
    bus.listeners = 0;
    await vi.advanceTimersByTimeAsync(4_000);
    expect(absences.missed('a')).toBe(false);
  });

  it('is away anew when the bus could not say for more than 6 s', async () => {
    const absences = make();
    absences.missed('a');
    bus.listeners = null;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(absences.missed('a')).toBe(false);
    bus.listeners = 0;
    await vi.advanceTimersByTimeAsync(14_999);
    expect(absences.missed('a')).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(absences.missed('a')).toBe(true);
  });

  it('is looked for no more 10 min after the last push', async () => {
    const absences = make();
    absences.missed('a');
    await vi.advanceTimersByTimeAsync(604_000);
    expect(absences.size).toBe(0);
    const { looks } = bus;
    expect(looks).toBe(300);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(bus.looks).toBe(looks);
  });
});
