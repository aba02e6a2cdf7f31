import { expect, test } from 'vitest';
import { counterNames } from '../../engine/src/records.ts';
import type { ClientSecond } from '../../record/observation.ts';
import { progressLine } from './progress.ts';

const second = (counters: Partial<ClientSecond['counters']>): ClientSecond => ({
  second: 1_800_000_000,
  openConnections: 1_000,
  fleets: 1,
  phases: ['steady'],
  counters: { ...(Object.fromEntries(counterNames.map((name) => [name, 0])) as ClientSecond['counters']), ...counters },
  histograms: {},
});

test('a second as a progress line', () => {
  expect(progressLine(7, second({ messagesAnswered: 80, webhooksAccepted: 5, pushesDelivered: 6 }))).toBe(
    '   7 s  steady      1000 open  80 answers/s  5 webhooks/s  6 pushes/s',
  );
});

test('failures are shown only when there are some, added up', () => {
  expect(progressLine(120, second({ messagesTimedOut: 2, webhooksThrottled: 3 }))).toMatch(/ {2}5 failed\/s$/);
});
