import { describe, expect, test } from 'vitest';
import { LoopDelayProbe } from '../measure/health.ts';
import { Tally } from '../measure/tally.ts';
import { Loop, type Waiter } from './loop.ts';
import { PacedTask } from './paced-task.ts';
import { constantSchedule } from './pacer.ts';

/** Time that passes only when the loop waits. */
class VirtualTime implements Waiter {
  nowMs = 0;
  waits: number[] = [];
  #next: (() => void) | null = null;
  readonly clock = { nowMicros: () => this.nowMs * 1_000 };
  wait(milliseconds: number, callback: () => void): () => void {
    this.waits.push(milliseconds);
    this.nowMs += milliseconds;
    this.#next = callback;
    return () => {
      this.#next = null;
    };
  }
  runUntil(endMs: number): void {
    while (this.#next !== null && this.nowMs < endMs) {
      const callback = this.#next;
      this.#next = null;
      callback();
    }
  }
}

function paced(ratePerSecond: number, lastsSeconds: number, onFire: (n: number, time: VirtualTime) => void = () => {}) {
  const time = new VirtualTime();
  const fired: { due: number; at: number }[] = [];
  const loop = new Loop(time.clock, time);
  const task = new PacedTask(time.clock, (due, at) => {
    fired.push({ due: due / 1_000, at: at / 1_000 });
    onFire(fired.length - 1, time);
  });
  loop.add(task);
  task.begin(constantSchedule(ratePerSecond, lastsSeconds), 0);
  loop.start();
  return { time, fired, task, loop };
}

describe('open-loop sends', () => {
  test('happen when they are due by an absolute schedule: no drift after 1,000 sends', () => {
    const { time, fired } = paced(100, 10);
    time.runUntil(11_000);
    expect(fired).toHaveLength(1_000);
    expect(fired.every(({ due, at }) => Math.abs(at - due) < 1)).toBe(true);
    expect(fired.at(-1)?.due).toBeCloseTo(9_990, 6);
  });

  test('that are held up are sent late, each with its own due time, and none is skipped', () => {
    // The tenth send blocks for 500 ms: 50 further ones fall due meanwhile.
    const { time, fired } = paced(100, 2, (n, { nowMs }) => {
      if (n === 10) time.nowMs = nowMs + 500;
    });
    time.runUntil(3_000);
    expect(fired).toHaveLength(200);
    const late = fired.filter(({ due, at }) => at - due > 1);
    expect(late).toHaveLength(49);
    expect(late[0]).toEqual({ due: 110, at: 600 });
    expect(late.at(-1)?.due).toBeCloseTo(590, 6);
    expect(fired[61]?.due).toBeCloseTo(610, 6);
  });

  test('per tick are bounded, so that sockets are served in between', () => {
    const { time, fired } = paced(1_000, 1);
    time.nowMs = 1_000;
    time.waits = [];
    time.runUntil(1_001);
    expect(fired).toHaveLength(1_000);
    // 256 + 256 + 256 + 232: after each full tick it continued immediately, without a timer; then it sleeps.
    expect(time.waits).toEqual([0, 0, 0, 1_000]);
  });
});

test('between sends the loop sleeps: 10 sends a second need about 10 wake-ups, not 1,000', () => {
  const { time } = paced(10, 5);
  time.runUntil(5_000);
  expect(time.waits.length).toBeLessThan(60);
});

test('a stopped loop runs nothing more', () => {
  const { time, fired, loop } = paced(100, 1, (n) => {
    if (n === 4) loop.stop();
  });
  time.runUntil(2_000);
  expect(fired).toHaveLength(5);
});

test('a loop blocked for 100 ms is measured by the wait of each probe: 100, 80, 60, 40, 20 and 0 ms', () => {
  const tally = new Tally();
  const probe = new LoopDelayProbe(tally, 0);
  expect(probe.nextDueMicros()).toBe(20_000);
  probe.run(120_000);
  expect(probe.nextDueMicros()).toBe(140_000);
  const { histograms } = tally.take({ second: 0, fleet: 'f', phase: 'steady', openConnections: 0 });
  expect(Object.values(histograms.loopDelayMicros ?? {})).toEqual([1, 1, 1, 1, 1, 1]);
  expect(Object.keys(histograms.loopDelayMicros ?? {})).toContain('0');
});
