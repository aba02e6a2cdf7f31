import { describe, expect, test } from 'vitest';
import { exampleEvents, exampleObservation, seriesOf } from '../../example-observation.fixture.ts';
import type { exampleRun } from '../../example-run.fixture.ts';
import { type Change, first, reportOf, target } from './causes.fixture.ts';

describe('pushes that are missing', () => {
  const asOnAws = {
    ...{ seed: 7, quotaScale: 1, timeScale: 1, webSocketIdleSeconds: 600, webSocketLifetimeSeconds: 7_200 },
    ...{ latencyProfile: { name: 'none', latencies: [] }, limits: [] },
  };
  type Fault = NonNullable<(typeof target)['model']>['faults'][number];
  const rest = { callers: 'everyone', startSeconds: 0, share: 1, skip: 0, seed: 7, setAtMs: 0, fired: 900 } as const;
  const named = { operation: ['*'], name: 'slow pushes' };
  const throttle: Fault = { ...rest, kind: 'throttle', service: 'connectionsApi', ...named };
  const missing = { totals: { pushesDelivered: 1_010 } };
  const sentence = (change: Change, run: Parameters<typeof exampleRun>[0] = {}) =>
    first(reportOf(change, run))?.sentence;

  test('by the fault that hit them, although it counts as a refusal too', () => {
    const run = { target: { ...target, model: { ...asOnAws, faults: [throttle] } } };
    const series = [seriesOf('local.quotaRefusals connectionsThrottles.sum', [[30, 900]])];
    expect(sentence({ ...missing, series }, run)).toBe(
      '400 of 1,410 pushes are missing by the injected fault “slow pushes”.',
    );
  });
  test('not by a fault that only took time, or that hit something else', () => {
    const others: Fault[] = [
      { ...throttle, kind: 'latency', delay: 5 },
      { ...throttle, service: 'httpApi' },
      { ...throttle, operation: ['DeleteConnection'] },
    ];
    const run = { target: { ...target, model: { ...asOnAws, faults: others } } };
    expect(sentence(missing, run)).not.toContain('fault');
  });
  test('not by one that lost answers of pushes, which have arrived', () => {
    const lost: Fault = { ...rest, kind: 'lostAnswer', way: 'reset', service: 'connectionsApi', ...named };
    expect(sentence(missing, { target: { ...target, model: { ...asOnAws, faults: [lost] } } })).not.toContain('fault');
  });
  const gone = seriesOf('loadline.pushesGone.sum', [[30, 950]]);
  test('that the stack counted as gone, in its own number', () => {
    expect(sentence({ ...missing, series: [gone] })).toBe(
      '400 of 1,410 pushes are missing, and the stack counted 950 answered with 410 (gone).',
    );
  });
  test.each(['connectionsChurned', 'connectionsDropped'] as const)(
    'not by that where connections ended: %s',
    (name) => {
      expect(sentence({ totals: { ...missing.totals, [name]: 60 }, series: [gone] })).not.toContain('gone');
    },
  );

  /** 100 events for users with three tabs each, that are in the queue (40) and dead-lettered (60) at the end. */
  const ids = Array.from({ length: 100 }, (_, n) => `u-${n}`);
  const open: [number, number][] = [
    [1_000, 9_000],
    [1_000, 2_000],
    [1_000, 9_000],
    // Came back, and is not waited for.
    [3_000, 9_000],
  ];
  const listed = ids.map((id) => ({ id, state: 'unreached' as const, postedMs: 1_000, open }));
  const undelivered = (events: NonNullable<NonNullable<Change>['client']>['events']): Change => ({
    totals: { eventsAccepted: 850, eventsUnreached: 100, pushesExpected: 1_410, pushesDelivered: 1_110 },
    client: { events: [...exampleEvents(), ...(events ?? [])] },
    server: {
      events: {
        ...exampleObservation().server.events,
        ...{ inQueue: ids.slice(0, 40), deadLettered: ids.slice(40) },
      },
    },
  });
  test('by events that were not delivered, each with all pushes that it was waiting for', () => {
    const [reason] = reportOf(undelivered(listed)).verdict.reasons;
    expect(reason).toMatchObject({
      sentence:
        '300 of 1,410 pushes are missing: 40 events were in the queue and 60 events were dead-lettered at the end.',
      next: expect.stringMatching(/ The ledger has every outcome\.$/),
    });
    expect(reason?.next).not.toContain('failed otherwise');
  });
  test('by such events rather than by as many that are gone, and with what is missing besides', () => {
    const { totals, ...rest } = undelivered(listed) ?? {};
    const change = { ...rest, totals: { ...totals, pushesDelivered: 1_000 }, series: [gone] };
    expect(reportOf(change).verdict.reasons[0]).toMatchObject({
      sentence: expect.stringContaining('300 of 1,410 pushes are missing: 40 events were in the queue'),
      next: expect.stringContaining('110 more failed otherwise'),
    });
  });
  test('by such events of distant workers, whose lines do not say how many pushes they were waiting for', () => {
    const [reason] = reportOf(undelivered(ids.map((id) => ({ id, state: 'unreached' as const })))).verdict.reasons;
    expect(reason?.sentence).toBe(
      '300 of 1,410 pushes are missing, and 40 events were in the queue and 60 events were dead-lettered at the end.',
    );
    expect(reason?.next).not.toContain('failed otherwise');
  });
});
