import { describe, expect, test } from 'vitest';
import { PollerScaler, type PollerScaling, provisionedScaling } from './poller-scaling.ts';

const limits: PollerScaling = {
  pollerInitialConcurrency: 5,
  pollerGrowthPerMinute: 300,
  pollerMaxConcurrency: 1_250,
  pollerIdleConcurrency: 5,
};
/** Ticks once a second. */
function run(scaler: PollerScaler, saturated: boolean, fromSecond: number, toSecond: number): void {
  for (let second = fromSecond + 1; second <= toSecond; second++) scaler.tick(saturated, second * 1_000);
}

describe('the pollers of a queue', () => {
  test.each([
    [0, null, 5],
    [59, null, 300],
    [60, null, 305],
    [248, null, 1_245],
    [249, null, 1_250],
    [3_600, null, 1_250],
    [60, 10, 10],
    [0, 2, 2],
  ])('after %d s of backlog with a maximum of %j, %d batches may run', (seconds, maximum, concurrency) => {
    const scaler = new PollerScaler(limits, maximum, 0);
    run(scaler, true, 0, seconds);
    expect(scaler.allowed).toBe(concurrency);
  });

  // Ten executions each, 1,000 more a minute.
  test.each([
    [0, { minimum: 3, maximum: 200 }, 30],
    [61, { minimum: 3, maximum: 200 }, 1_046],
    [3_600, { minimum: 3, maximum: 200 }, 2_000],
    [3_600, { minimum: 2, maximum: 2_000 }, 20_000],
  ])('after %d s of backlog with provisioned pollers %j, %d batches may run', (seconds, pollers, concurrency) => {
    const scaler = new PollerScaler(provisionedScaling(pollers), null, 0);
    run(scaler, true, 0, seconds);
    expect(scaler.allowed).toBe(concurrency);
  });

  test('that are provisioned stay when there is nothing to do', () => {
    const scaler = new PollerScaler(provisionedScaling({ minimum: 3, maximum: 200 }), null, 0);
    expect(scaler.foundNothing(30)).toBe(false);
    expect(scaler.allowed).toBe(30);
  });

  test('do not grow while one of them waits for messages', () => {
    const scaler = new PollerScaler(limits, null, 0);
    run(scaler, false, 0, 60);
    expect(scaler.allowed).toBe(5);
  });

  test('stop as polls come back empty, down to five', () => {
    const scaler = new PollerScaler(limits, null, 0);
    run(scaler, true, 0, 2);
    let pollers = scaler.allowed;
    expect(pollers).toBe(15);
    while (scaler.foundNothing(pollers)) pollers -= 1;
    expect(pollers).toBe(5);
    expect(scaler.allowed).toBe(5);
  });

  test('shrink to two where that is set, and return to five with the first message', () => {
    const scaler = new PollerScaler({ ...limits, pollerIdleConcurrency: 2 }, null, 0);
    let pollers = scaler.allowed;
    while (scaler.foundNothing(pollers)) pollers -= 1;
    expect(pollers).toBe(2);
    scaler.foundMessages();
    expect(scaler.allowed).toBe(5);
  });

  test('stay where they are with a MaximumConcurrency', () => {
    const scaler = new PollerScaler({ ...limits, pollerIdleConcurrency: 2 }, 10, 0);
    expect(scaler.foundNothing(5)).toBe(false);
  });

  test('are halved by failures, once a second, and grow again', () => {
    const scaler = new PollerScaler(limits, null, 0);
    run(scaler, true, 0, 7);
    expect(scaler.allowed).toBe(40);
    scaler.backOff(7_000);
    scaler.backOff(7_999);
    expect(scaler.allowed).toBe(20);
    scaler.backOff(8_000);
    expect(scaler.allowed).toBe(10);
    for (let second = 9; second < 20; second++) scaler.backOff(second * 1_000);
    expect(scaler.allowed).toBe(2);
    scaler.foundMessages();
    expect(scaler.allowed).toBe(2);
    scaler.tick(true, 8_000);
    scaler.tick(true, 9_000);
    expect(scaler.allowed).toBe(12);
  });
});
