import { expect, test } from 'vitest';
import { counterNames } from '../../engine/src/records.ts';
import type { ClientSecond } from '../../record/observation.ts';
import { histogramOfMs } from '../example-observation.fixture.ts';
import { exampleRun } from '../example-run.fixture.ts';
import { Progress, searchProgress } from './progress.ts';

const { workload, plan } = exampleRun();
/** 100 connections at 20/s and 60 s of steady state: 65 s in all. */
const progressOf = (cores: number | null = null) =>
  new Progress({ what: 'sync on the local target', workload, slo: plan.slo }, () => cores);

const second = (
  n: number,
  counters: Partial<ClientSecond['counters']> = {},
  more: Partial<ClientSecond> = {},
): ClientSecond => ({
  second: 1_800_000_000 + n,
  openConnections: 100,
  fleets: 1,
  phases: ['steady'],
  counters: { ...(Object.fromEntries(counterNames.map((name) => [name, 0])) as ClientSecond['counters']), ...counters },
  histograms: {},
  ...more,
});

test('in a log, one line for ten seconds, with means since the last line', () => {
  const progress = progressOf();
  const lines = Array.from({ length: 20 }, (_, n) =>
    progress.add(
      second(
        n,
        { messagesIntended: 80, messagesAnswered: n < 10 ? 80 : 40 },
        { histograms: { roundTripMicros: histogramOfMs([[2, 100]]) } },
      ),
    ),
  );
  expect(lines.filter((line) => line !== null)).toEqual([
    '  10 s  steady      100 open  80 of 80 messages/s p99 2 ms',
    '  20 s  steady      100 open  40 of 80 messages/s p99 2 ms',
  ]);
  expect(progress.end()).toBeNull();
});

test('a phase that ends has its line, and so does the end of the load', () => {
  const progress = progressOf();
  const ramp = { phases: ['connecting' as const], openConnections: 20 };
  expect(progress.add(second(0, { connectsIntended: 20, connectsOpened: 20 }, ramp))).toBeNull();
  expect(progress.add(second(1, {}))).toBe('   1 s  ramp        20 open  20 of 20 connects/s');
  expect(progress.end()).toBe('   2 s  steady      100 open');
});

test('failures are named by kind, the most first, and only where there are some', () => {
  const progress = progressOf();
  progress.add(second(0, { messagesTimedOut: 2, webhooksThrottled: 3 }));
  expect(progress.end()).toMatch(/ {2}3 webhooks throttled, 2 messages timed out$/);
});

test('the panel: phase, bar, time left, rates and latencies against the SLO, errors of the whole load, CPU of both', () => {
  const progress = progressOf(1.25);
  for (let n = 0; n < 13; n++)
    progress.add(
      second(
        n,
        {
          messagesIntended: 10,
          messagesAnswered: 10,
          threadCpuMicros: 250_000,
          threadElapsedMicros: 1_000_000,
          ...(n === 0 && { messagesTimedOut: 1 }),
        },
        {
          histograms: {
            roundTripMicros: histogramOfMs([
              [2, 98],
              [600, 2],
            ]),
          },
        },
      ),
    );
  expect(progress.panel(100)).toEqual([
    'sync on the local target',
    'steady     █████░░░░░░░░░░░░░░░░░░░  20%  13 s, about 52 s left',
    '100 of 100 connections open',
    'messages   10 of 10/s  p50 2 ms  p99 600 ms of 500 ms !',
    'webhooks   0 of 0/s',
    'pushes     0 of 0/s',
    'errors     1 messages timed out',
    'CPU        load generator 25% of a core a thread, target 1.25 cores',
  ]);
});

test('pushes that do not arrive are missing from those that were due', () => {
  const progress = progressOf();
  progress.add(second(0, { pushesExpected: 10, pushesDelivered: 5 }));
  expect(progress.panel(100)).toContain('pushes     5 of 10/s');
  expect(progress.end()).toContain('5 of 10 pushes/s');
});

test('no line of the panel is wider than the terminal', () => {
  const progress = progressOf(1);
  progress.add(second(0, { messagesIntended: 10 }));
  expect(progress.panel(40).filter((line) => line.length > 40)).toEqual([]);
});

test('a search says which trial it is in, of about how many, and how long they take', () => {
  const line = { trial: 5, expected: 14, load: '640 messages/s', bracket: '320 to 1,280' };
  expect(searchProgress({ ...line, leftSeconds: 400 })).toBe(
    'Trial 5 of about 14: 640 messages/s; bracket 320 to 1,280, about 7 min left',
  );
  expect(searchProgress({ ...line, trial: 1, leftSeconds: null })).not.toContain('left');
});
