import { describe, expect, test } from 'vitest';
import type { ReconnectResult, StormResult, StormSpec, WebhookResult } from '../../../capacity/storm/spec.ts';
import { renderText } from '../../render/text.ts';
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
const second = { connected: 0, attempts: 0, refusals: 0, queued: 0, concurrency: 0, pollers: 0, pushed: 0 };

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

describe('what to do next', () => {
  const away = (...connected: number[]) => connected.map((each, n) => ({ ...second, second: n, connected: each }));
  const named = (jitter: 'full' | 'none', half: number, all: number, seconds: ReturnType<typeof away>): StormCase => {
    const storm = caseOf({ recoveredAtSeconds: { half, most: all, nearlyAll: all, all } }, { seconds });
    return {
      ...storm,
      spec: { clients: { count: 10_000, backOff: { jitter, baseMs: 1_000, capMs: 30_000 } } } as StormSpec,
    };
  };

  test('the back-off with which clients are away for less, not the one whose very last is back first', () => {
    const { tiles } = stormDocument(
      [
        named('full', 1, 4.8, away(5_000, 9_000, 9_900, 9_990, 10_000)),
        named('none', 2, 3.3, away(0, 5_000, 5_000, 10_000)),
      ],
      [],
    );
    expect(tiles.at(-1)).toMatchObject({
      value: 'Use full jitter',
      detail: 'Half after 1 s, all after 4.8 s; with no jitter half after 2 s, all after 3.3 s.',
    });
  });

  test('the chart of who is away begins with all of them', () => {
    const { sections } = stormDocument([named('full', 1, 2, away(5_000, 10_000))], []);
    const charts = sections.flatMap(({ blocks }) =>
      blocks.flatMap((block) => (block.kind === 'charts' ? block.charts : [])),
    );
    const chart = charts.find(({ id }) => id === 'away');
    expect(chart?.kind === 'lines' && chart.lines.map(({ points }) => points)).toEqual([
      [
        [0, 10_000],
        [1, 5_000],
        [2, 0],
      ],
    ]);
  });
});

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

  test('where not all of them come back, says how many have, and of whom a time is', () => {
    const none = { half: null, most: null, nearlyAll: null, all: null };
    const few = caseOf(
      { reconnected: 51, pending: 9_949, recoveredAtSeconds: none },
      { finished: false, simulatedSeconds: 14_400 },
    );
    expect(renderStorm([few], [])).toMatch(
      /^SIMULATED: of 10,000 clients, 51 are back within 240 min \(14,400 s\) with/,
    );
    expect(renderStorm([few], [])).toContain('Time from loss to reconnection, of the 51 that are back: p50 9 s');
    expect(renderStorm([caseOf({}), few], [])).toMatch(
      /^SIMULATED: all 10,000 clients are back after 3 min \(180 s\) with .*, only 51 within 240 min/,
    );
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

  const webhooks: WebhookResult = {
    ...{ count: 122, delivered: 0, lost: 0, deadLettered: 122, deadLetteredWithoutRun: 0, pending: 0, retries: 0 },
    ...{
      accepted: 122,
      receives: 6_832,
      delivery: null,
      peakQueued: 122,
      peakAgeSeconds: 1_650,
      drainedAtSeconds: null,
    },
    downstream: { calls: 6_832, refused: 6_832 },
  };
  const redelivered = (change: Partial<WebhookResult>, reservedConcurrency: number | null = null): StormCase =>
    ({
      spec: {
        clients: null,
        queue: { maxReceiveCount: 56 },
        functions: { consumer: { id: 'deliver', reservedConcurrency } },
      },
      result: {
        ...{ finished: true, simulatedSeconds: 1_680, clients: null, limits: [], peakConcurrency: 5, seconds: [] },
        webhooks: { ...webhooks, ...change },
        functions: { deliver: { invocations: 6_832 } },
      },
    }) as unknown as StormCase;

  test('says how many invocations the messages became, and what the downstream refused', () => {
    const text = renderStorm([redelivered({})], []);
    expect(text).toContain('122 webhooks: 0 delivered, 0 lost, 122 dead-lettered, 0 pending');
    expect(text).toContain('122 messages became 6,832 receives (56 each) and 6,832 invocations, without one success.');
    expect(text).toContain('Downstream: 6,832 calls, 6,832 refused (100%).');
    expect(text).toContain('122 messages went to the dead-letter queue after 56 receives.');
    expect(text).not.toContain('without a single run');
  });

  test('messages that were dead-lettered without a run have a remedy beside them', () => {
    const text = renderStorm([redelivered({ deadLetteredWithoutRun: 100, downstream: null }, 2)], []);
    expect(text).toContain(
      '100 of them without a single run: each receive was throttled until its visibility timeout.',
    );
    expect(text).toContain('MaximumConcurrency to at most the 2 executions that are reserved');
  });

  test('a fan-out is held against its deadline and the throttle', () => {
    const fanOut = {
      spec: { clients: null, fanOut: { deadlineMs: 5_000 }, quotas: { accountThrottle: { ratePerSecond: 10_000 } } },
      result: {
        ...{ finished: true, simulatedSeconds: 9.5, clients: null, webhooks: null, peakConcurrency: 0, seconds: [] },
        fanOut: {
          ...{
            tabs: 100_000,
            sent: 100_000,
            late: 45_010,
            neededPerSecond: 20_000,
            throttleSeconds: 10,
            floorSeconds: 9.5,
          },
          pushedAtSeconds: { half: 4.5, most: 8.5, nearlyAll: 9.4, all: 9.5 },
        },
        limits: [{ limit: 'accountThrottle', refusals: 0, seconds: 10 }],
      },
    } as unknown as StormCase;
    const text = renderStorm([fanOut], []);
    expect(text).toContain('One event to 100,000 tabs within 5 s');
    expect(text).toContain('45,010 tabs (45%) had it too late, or never.');
    expect(text).toContain('The deadline asks for 20,000 @connections calls a second, 200% of the account’s throttle');
    expect(text).toContain('One such event needs the whole throttle for 10 s');
    expect(text).toContain('pushes waited during 10 seconds');
  });
});
