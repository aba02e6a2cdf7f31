import { describe, expect, test } from 'vitest';
import type { ReconnectResult, StormResult, StormSpec } from '../../capacity/storm/spec.ts';
import { renderText } from '../render/text.ts';
import { type StormCase, stormDocument } from './storm-document.ts';

const clients: ReconnectResult = {
  count: 10_000,
  reconnected: 10_000,
  gaveUp: 0,
  pending: 0,
  attempts: 25_000,
  timedOut: 0,
  maxAttemptsOfAClient: 7,
  recovery: { p50Seconds: 9, p90Seconds: 17, p99Seconds: 19, maxSeconds: 21 },
  recoveredAtSeconds: { half: 9.5, most: 18, nearlyAll: 19.8, all: 180 },
  floorSeconds: 19,
  disconnectsLost: 0,
  messagesRefused: 0,
};
const renderStorm = (...of: Parameters<typeof stormDocument>) => renderText(stormDocument(...of));
const second = { connected: 0, attempts: 0, refusals: 0, queued: 0, concurrency: 0 };

/** Only what is rendered. */
function caseOf(change: Partial<ReconnectResult>, result: Partial<StormResult> = {}): StormCase {
  return {
    spec: {
      clients: { backOff: { jitter: 'full', baseMs: 1_000, capMs: 30_000, maxAttempts: Number.POSITIVE_INFINITY } },
    } as StormSpec,
    result: {
      finished: true,
      simulatedSeconds: 180,
      clients: { ...clients, ...change },
      webhooks: null,
      limits: [{ limit: 'newConnections', refusals: 15_000, seconds: 19 }],
      peakConcurrency: 900,
      seconds: [
        { ...second, second: 0, attempts: 11_000 },
        { ...second, second: 1, attempts: 14_000 },
      ],
      ...result,
    } as StormResult,
  };
}

describe('a storm in words', () => {
  test('says that it is simulated before anything else, and ends with its assumptions', () => {
    const text = renderStorm([caseOf({})], ['Durations are assumed.']);
    expect(text).toMatch(/^SIMULATED: /);
    expect(text).toContain('Nothing was run or measured.');
    expect(text.trimEnd()).toMatch(/Assumptions\n {2}- Durations are assumed\.$/);
  });

  test('reports when the clients reconnected, their attempts, and what refused them', () => {
    const text = renderStorm([caseOf({})], []);
    expect(text).toContain('10,000 clients, back-off 1 s doubling to 30 s, full jitter');
    expect(text).toContain('Reconnected: half after 9.5 s, 90% after 18 s, 99% after 19.8 s, all after 3 min (180 s).');
    expect(text).toContain('No back-off can be faster than 19 s');
    expect(text).toContain(
      '25,000 attempts: 2.5 per client on average, at most 7; 14,000 in the busiest second, 1 s after the start.',
    );
    expect(text).toContain('WebSocket new connections rate (L-9ED1E49A): 15,000 refusals during 19 seconds');
  });

  test('clients still trying at the horizon are not called lost', () => {
    const unfinished = { most: null, nearlyAll: null, all: null, half: 9.5 };
    const text = renderStorm([caseOf({ pending: 4_000, recoveredAtSeconds: unfinished }, { finished: false })], []);
    expect(text).toContain('half after 9.5 s, 90% not within 3 min (180 s)');
    expect(text).toContain('4,000 clients were still trying at the end.');
    expect(text).toContain('raise --horizon');
  });

  test('clients that gave up never reconnect', () => {
    const text = renderStorm(
      [caseOf({ gaveUp: 264, recoveredAtSeconds: { half: 1, most: null, nearlyAll: null, all: null } })],
      [],
    );
    expect(text).toContain('half after 1 s, 90% never, 99% never, all never.');
    expect(text).toContain('264 clients gave up.');
  });

  test('a handful of clients have no lower bound worth naming, and reach no limit', () => {
    const text = renderStorm([caseOf({ floorSeconds: 0 }, { limits: [] })], []);
    expect(text).not.toContain('No back-off can be faster');
    expect(text).toContain('No limit was reached.');
  });
});
