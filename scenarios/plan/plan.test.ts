import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parsePlan } from './plan.ts';

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
      'plan.yml:4:1: horizonMonths is missing: expected a number.',
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
