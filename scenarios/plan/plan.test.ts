import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parsePlan, parseUsagePlan } from './plan.ts';

const text = readFileSync(new URL('../plan.yml', import.meta.url), 'utf8');

function problemsOf(changes: [from: string | RegExp, to: string][]): string[] {
  const changed = changes.reduce((plan, [from, to]) => {
    expect(plan).toMatch(from);
    return plan.replace(from, to);
  }, text);
  const parsed = parsePlan(changed, 'plan.yml');
  return parsed.kind === 'invalid' ? parsed.problems : [];
}
/** Line of the default plan that holds this text. */
const lineOf = (part: string): number => text.slice(0, text.indexOf(part)).split('\n').length;

test('the default plan is valid, and its benchmark is apart from the usage', () => {
  const parsed = parsePlan(text, 'plan.yml');
  expect(parsed).toMatchObject({
    kind: 'ok',
    plan: { users: 2_000, peakConcurrency: 0.4, quotas: {}, rollout: [{ stage: 'pilot' }, {}, {}, {}] },
    benchmark: { connectRatePerSecond: 100, steadySeconds: 45, replayShare: 0.01, seed: 1 },
  });
  expect(parsed.kind === 'ok' && 'benchmark' in parsed.plan).toBe(false);
});

test('a plan without a benchmark section is benchmarked as the default plan is', () => {
  const [withIt, without] = [parsePlan(text, 'p'), parsePlan(text.slice(0, text.indexOf('benchmark:')), 'p')];
  expect(without).toEqual(withIt);
});

describe('a problem says file, line, column, what was expected and what was found', () => {
  test('a wrong type', () => {
    expect(problemsOf([['users: 2000', 'users: 2k']])).toEqual([
      `plan.yml:${lineOf('users: 2000')}:8: users: expected a number, found "2k".`,
    ]);
  });
  test('a typo, with the key that was meant; both it and the missing key are reported, in the order of the file', () => {
    expect(problemsOf([['horizonMonths: 12', 'horizonMonth: 12']])).toEqual([
      `plan.yml:${lineOf('name: ')}:1: horizonMonths is missing: expected a number.`,
      `plan.yml:${lineOf('horizonMonths')}:1: unknown key "horizonMonth". Did you mean "horizonMonths"?`,
    ]);
  });
  test('an unknown key unlike any known one', () => {
    expect(problemsOf([[/( +)seed: 1/, '$1seed: 1\n$1colour: red']])).toEqual([
      expect.stringContaining(
        `plan.yml:${lineOf('seed: 1') + 1}:3: unknown key "colour". Known keys here: connectRatePerSecond, steadySeconds, `,
      ),
    ]);
  });
  test('a former name, with the current one', () => {
    expect(problemsOf([['offlineShare: 0.05', 'offlineOwnerShare: 0.05']])).toEqual([
      `plan.yml:${lineOf('offlineShare')}:3: unknown key "offlineOwnerShare". It was renamed to "offlineShare".`,
    ]);
  });
  test('a number out of its range', () => {
    expect(problemsOf([['errorShare: 0.001', 'errorShare: 1.5']])).toEqual([
      `plan.yml:${lineOf('errorShare: 0.001')}:15: slo.errorShare: expected a number of at most 1, found 1.5.`,
    ]);
  });
  test('a fraction of a user', () => {
    expect(problemsOf([['users: 2000', 'users: 0.5']])[0]).toContain('users: expected a whole number');
  });
  test('a date that is not in the calendar', () => {
    expect(problemsOf([['date: 2027-03-01', 'date: 2027-02-30']])[0]).toBe(
      `plan.yml:${lineOf('date: 2027-03-01')}:11: rollout.2.date: expected a date written YYYY-MM-DD, found "2027-02-30".`,
    );
  });
  test('invalid YAML', () => {
    expect(parsePlan('name: [\nusers: 1', 'my.yml')).toEqual({
      kind: 'invalid',
      problems: [expect.stringMatching(/^my\.yml:2:1: not valid YAML: /)],
    });
  });
  test('an empty file', () => {
    expect(parsePlan('', 'my.yml')).toEqual({
      kind: 'invalid',
      problems: ['my.yml:1:1: the file: expected keys and values, found null.'],
    });
  });
});

describe('values that contradict each other are a problem too', () => {
  test.each<[string, [string, string], string]>([
    [
      'stages out of order',
      ['2027-06-01', '2027-02-01'],
      'expected a date after that of the stage before (2027-03-01)',
    ],
    [
      'a first stage after asOf',
      ['date: 2026-10-01', 'date: 2026-12-01'],
      'expected the first stage to be in force at asOf',
    ],
    ['a second stage before asOf', ['2026-12-15', '2026-11-01'], 'expected a date after asOf (2026-11-21)'],
    ['users counted under a stage with a share of 0', ['share: 0.05', 'share: 0'], 'expected a share above 0'],
    [
      'a burst beyond the steady state',
      ['burstStartSeconds: 20', 'burstStartSeconds: 40'],
      'expected the burst (10 s) to end within the 45 s',
    ],
  ])('%s', (_what, change, problem) => {
    const problems = problemsOf([change]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });
});

describe('what no calculation could use is one sentence', () => {
  test.each<[string, [string, string], string]>([
    [
      'more users than people',
      ['users: 2000', 'users: 1e15'],
      'users: expected a number of at most 10000000000, found 1000000000000000.',
    ],
    ['users beyond any whole number', ['users: 2000', 'users: 1e300'], 'users: expected a'],
    [
      'a growth without end',
      ['growthPerMonth: 0.1', 'growthPerMonth: 1e9'],
      'growthPerMonth: expected a number of at most 10',
    ],
    [
      'a horizon of centuries',
      ['horizonMonths: 12', 'horizonMonths: 9999'],
      'horizonMonths: expected a number of at most 120',
    ],
    ['a year before the product', ['asOf: 2026-11-21', 'asOf: 0001-01-01'], 'asOf: expected a year from 2000 to 2199'],
    [
      'an unknown code, with the nearest',
      ['quotas: {}', 'quotas: { L-9ED1E49B: 1000 }'],
      'quotas.L-9ED1E49B: no quota has that code or id. Did you mean "L-9ED1E49A" (WebSocket new connections rate)?',
    ],
    [
      'an unknown id, with the nearest',
      ['quotas: {}', 'quotas: { newConnection: 1000 }'],
      'Did you mean "newConnections"',
    ],
    [
      'a burst is a code of its own',
      ['quotas: {}', 'quotas: { newConnections.burst: 1000 }'],
      'Did you mean "newConnections"',
    ],
    [
      'an unknown code like no other',
      ['quotas: {}', 'quotas: { L-00000000: 1 }'],
      'Give a code or an id listed in docs/reference/quota-ids.md.',
    ],
    ['half a day', ['meanToPeak: 0.5', 'hourlyLoad: [1, 2, 3]'], 'hourlyLoad: expected 24 entries, found [1,2,3].'],
    [
      'two days',
      ['meanToPeak: 0.5', 'meanToPeak: 0.5\npeakHours: { from: 8, to: 18 }'],
      'expected one of hourlyLoad, peakHours and meanToPeak',
    ],
    [
      'a heartbeat that is too late',
      ['webhooksPerUserPerDay: 216', 'webhooksPerUserPerDay: 216\nheartbeatSeconds: 600'],
      'heartbeatSeconds: expected a number below 600, found 600.',
    ],
    [
      'channels without publishes',
      ['webhooksPerUserPerDay: 216', 'webhooksPerUserPerDay: 216\nchannels: [{ size: 300 }]'],
      'channels.0: expected one of publishesPerMinute and publishesPerSubscriberPerMinute',
    ],
    [
      'a size that is none',
      ['webhooksPerUserPerDay: 216', 'webhooksPerUserPerDay: 216\nchannels: [{ size: many, publishesPerMinute: 1 }]'],
      'channels.0.size: expected the subscribers of a channel',
    ],
    [
      'a channel with more subscribers than there are connections',
      ['webhooksPerUserPerDay: 216', 'webhooksPerUserPerDay: 216\nchannels: [{ size: 1001, publishesPerMinute: 1 }]'],
      'channels.0.size: expected at most 1000 subscribers, as many as there are connections at the peak (users × peakConcurrency × tabsPerUser), found 1001.',
    ],
    [
      'the largest of channels by Zipf’s law',
      [
        'webhooksPerUserPerDay: 216',
        'webhooksPerUserPerDay: 216\nchannels: [{ size: { largest: 5000 }, count: 9, publishesPerMinute: 1 }]',
      ],
      'channels.0.size.largest: expected at most 1000 subscribers',
    ],
    [
      'the largest channel',
      ['webhooksPerUserPerDay: 216', 'webhooksPerUserPerDay: 216\nlargest: { channelSubscribers: 1200 }'],
      'largest.channelSubscribers: expected at most 1000 subscribers',
    ],
    [
      'a user with more tabs than all',
      ['webhooksPerUserPerDay: 216', 'webhooksPerUserPerDay: 216\nlargest: { userConnections: 1200 }'],
      'largest.userConnections: expected at most 1000, all connections at the peak',
    ],
    [
      'a user with more webhooks than all',
      ['webhooksPerUserPerDay: 216', 'webhooksPerUserPerDay: 216\nlargest: { userWebhooksPerDay: 432001 }'],
      'largest.userWebhooksPerDay: expected at most 432000, the webhooks of all users',
    ],
    [
      'a share of logins without their window',
      ['webhooksPerUserPerDay: 216', 'webhooksPerUserPerDay: 216\nloginShare: 0.5'],
      'loginShare: expected loginWindowSeconds beside it',
    ],
  ])('%s', (_what, change, problem) => {
    const problems = problemsOf([change]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });
});

test.each([
  'channels: [{ size: 1000, publishesPerMinute: 1 }]',
  'largest: { channelSubscribers: 1000, userConnections: 1000, userWebhooksPerDay: 432000 }',
])('a part may be the whole: %s', (part) => {
  expect(problemsOf([['webhooksPerUserPerDay: 216', `webhooksPerUserPerDay: 216\n${part}`]])).toEqual([]);
});

test('where no load is applied, the benchmark section is not read', () => {
  const wrong = text.replace('burstStartSeconds: 20', 'burstStartSeconds: 44').replace('seed: 1', 'sead: one');
  expect(parsePlan(wrong, 'p').kind).toBe('invalid');
  const whole = parsePlan(text, 'p');
  if (whole.kind === 'invalid') throw new Error(whole.problems.join());
  for (const usage of [wrong, text.slice(0, text.indexOf('benchmark:'))])
    expect(parseUsagePlan(usage, 'p')).toEqual({ kind: 'ok', plan: whole.plan });
});
