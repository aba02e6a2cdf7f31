import { describe, expect, test } from 'vitest';
import { attributeBottleneck } from './bottleneck.ts';
import { quietEvidence as quiet } from './trial-evidence.fixture.ts';

const slow = { broken: ['Round trip p99 was 900 ms; the plan allows 500 ms.'], brokenCodes: ['slo.roundTripP99Ms'] };
const refused = (quota: string, refusals: number, scope: string | null = null) => ({ quota, scope, refusals });

describe('a bottleneck', () => {
  test('is the quota that refused beyond the limit and not below it, with the one that refused most', () => {
    const failed = [
      {
        ...quiet,
        ...slow,
        refusals: [refused('dynamodbOnDemandWrite', 300, 'Connections'), refused('accountThrottle', 20)],
      },
      { ...quiet, ...slow, refusals: [refused('dynamodbOnDemandWrite', 100, 'Connections')] },
    ];
    // (300 + 100) / 2 trials, and 20 / 2.
    expect(attributeBottleneck(failed, [quiet])).toEqual({
      kind: 'quota',
      ...refused('dynamodbOnDemandWrite', 200, 'Connections'),
      refusalsBelow: 0,
      others: [refused('accountThrottle', 10)],
      broken: slow.broken,
    });
  });

  test('is not a quota that refuses below the limit just as often', () => {
    const noise = [refused('reservedConcurrency', 50, 'Deliver')];
    const failed = [{ ...quiet, ...slow, refusals: [...noise, refused('route', 5, 'ping')] }];
    expect(attributeBottleneck(failed, [{ ...quiet, refusals: noise }])).toMatchObject({
      quota: 'route',
      scope: 'ping',
    });
  });

  test('is the pollers, when all of their batches ran and the queue grew', () => {
    const uses = ['Deliver', 'Archive'].map((id) => ({
      ...{ id, serves: 'queue' as const, maxConcurrency: 2, meanMs: 90, p99Ms: 100 },
    }));
    const busy = { id: 'Inbox', function: 'Deliver', pollerConcurrency: 2, oldestAgeSeconds: 12, growing: true };
    const idle = { ...busy, id: 'Old', function: 'Archive', oldestAgeSeconds: 0, growing: false };
    const trial = (...queues: (typeof busy)[]) => ({ ...quiet, functions: uses, queues });
    expect(attributeBottleneck([trial(idle, busy)], [quiet])).toEqual({
      kind: 'poller',
      queue: 'Inbox',
      concurrency: 2,
      oldestAgeSeconds: 12,
      broken: [],
    });
    expect(attributeBottleneck([trial({ ...busy, pollerConcurrency: 3 })], [quiet]).kind).toBe('unknown');
    expect(attributeBottleneck([trial(idle)], []).kind).toBe('unknown');
  });

  test('is the machine, when a local target made its invocations wait', () => {
    expect(attributeBottleneck([{ ...quiet, ...slow, machineWaitShare: 0.2 }], [quiet])).toMatchObject({
      kind: 'machine',
      waitShare: 0.2,
    });
    expect(attributeBottleneck([{ ...quiet, ...slow, machineWaitShare: 0.005 }], [quiet]).kind).toBe('unknown');
  });

  test('is the function whose own duration is most of the round trip', () => {
    const use = { serves: 'message' as const, maxConcurrency: 3, meanMs: 400 };
    const functions = [
      { ...use, id: 'Ping', p99Ms: 100 },
      { ...use, id: 'Send', p99Ms: 800 },
      { ...use, id: 'Sweep', serves: 'other' as const, p99Ms: 9_000 },
    ];
    const failed = { ...quiet, ...slow, functions, roundTripP99Ms: 900 };
    expect(attributeBottleneck([failed], [quiet])).toEqual({
      kind: 'handlerDuration',
      serves: 'message',
      function: 'Send',
      ...{ p99Ms: 800, roundTripP99Ms: 900 },
      broken: slow.broken,
    });
    expect(attributeBottleneck([{ ...failed, roundTripP99Ms: 2_000 }], [quiet]).kind).toBe('unknown');
  });

  test('is a function behind a queue that does not grow, when deliveries were slow', () => {
    const late = { broken: ['Delivery p99 was 2,100 ms.'], brokenCodes: ['slo.deliveryP99Ms'] };
    const functions = [{ id: 'Deliver', serves: 'queue' as const, maxConcurrency: 9, meanMs: 900, p99Ms: 1_900 }];
    const queue = { id: 'Inbox', function: 'Deliver', pollerConcurrency: null, oldestAgeSeconds: 1, growing: false };
    const failed = { ...quiet, ...late, functions, queues: [queue] };
    expect(attributeBottleneck([failed], [quiet])).toEqual({
      kind: 'handlerDuration',
      ...{ serves: 'queue', function: 'Deliver', p99Ms: 1_900 },
      broken: late.broken,
    });
    const growing = { ...failed, queues: [{ ...queue, growing: true }] };
    expect(attributeBottleneck([growing], [quiet]).kind).toBe('unknown');
  });

  test('is the generator when none of the failed trials was offered its load, and nothing else is claimed then', () => {
    const limited = { ...quiet, generatorLimited: 'Sends were 80 ms late.', refusals: [refused('route', 5, 'ping')] };
    expect(attributeBottleneck([limited], [quiet])).toEqual({
      kind: 'generator',
      reason: 'Sends were 80 ms late.',
      broken: [],
    });
    expect(
      attributeBottleneck([limited, { ...quiet, refusals: [refused('route', 9, 'ping')] }], [quiet]),
    ).toMatchObject({
      kind: 'quota',
      ...refused('route', 9, 'ping'),
      refusalsBelow: 0,
    });
  });

  test('stays unknown, with what broke, when nothing was seen at its limit', () => {
    expect(attributeBottleneck([{ ...quiet, ...slow }], [quiet])).toEqual({ kind: 'unknown', broken: slow.broken });
  });
});
