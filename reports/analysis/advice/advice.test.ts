import { describe, expect, test } from 'vitest';
import { exampleCoefficients, exampleDeployment, examplePlan } from '../../../capacity/example-stack.fixture.ts';
import { recommend } from '../../../capacity/recommendations/recommendation.ts';
import { inWords } from './advice.ts';

const adviceFor = (change: Partial<typeof examplePlan> = {}) =>
  recommend({
    plan: { ...examplePlan, ...change },
    coefficients: exampleCoefficients,
    deployment: exampleDeployment,
  }).map(inWords);
const find = (all: ReturnType<typeof adviceFor>, id: string) => {
  const found = all.find((each) => each.id === id);
  if (!found) throw new Error(`${id} is not recommended: ${all.map((each) => each.id).join(', ')}`);
  return found;
};

test('every recommendation is a sentence that says what to do, with its calculation', () => {
  const all = adviceFor({ growthPerMonth: 0.05 });
  const actions = all.map(({ action }) => action);
  expect(actions).toContain(
    'Ask AWS to raise Lambda concurrent executions (L-B99A9384) from 1,000 to 1,500 executions, by 2026-11-25.',
  );
  expect(actions).toContain('Keep table on-demand.');
  expect(actions.filter((action) => !/^[A-Z].*\.$/.test(action))).toEqual([]);
  expect(all.filter(({ calculation }) => calculation.length <= 40)).toEqual([]);
});

test('the stage that is safe, and the first that is not', () => {
  const stages = [
    { stage: 'tenth', share: 0.1, date: '2026-01-01' },
    { stage: 'half', share: 0.5, date: '2026-03-01' },
  ];
  const safe = find(adviceFor({ rollout: stages }), 'rollout.safeStage');
  // 3,660 × 5 of 5,000
  expect(safe.action).toBe(
    'Do not begin stage “half”, planned for 2026-03-01, before more quota is there: it needs 366% of “WebSocket API stage throttle (websocket)”.',
  );
  expect(safe.calculation).toContain('At “half” there are 4,320,000 users.');
  expect(find(adviceFor({ growthPerMonth: 0.05 }), 'rollout.safeStage').action).toBe(
    'Stage “all” holds until 2026-07-15, when growth reaches 100% of “WebSocket API stage throttle (websocket)”.',
  );
});

test('a maximum for now, and one for when the account is raised', () => {
  expect(find(adviceFor({ users: 3 * 864_000 }), 'sqs.maximumConcurrency').action).toContain(
    'to 352 executions once the account’s concurrency is raised, and to 2 until then',
  );
});

test('more than can be reserved today waits for the concurrency quota', () => {
  const reserved = (change: Partial<typeof examplePlan>) =>
    find(adviceFor(change), 'reservedConcurrency.ingest').calculation;
  expect(reserved({ webhookBurstFactor: 100 })).toContain('More than the 900 that may be reserved');
  expect(reserved({})).not.toContain('More than');
});

test('what is assumed, and what is only possible, is said', () => {
  expect(find(adviceFor({ users: 2e6 }), 'client.backOff').calculation).toMatch(/300 s are assumed.* 2,856 s/);
  const growthHistory = [860_000, 900_000, 840_000, 880_000, 850_000, 864_000];
  expect(find(adviceFor({ growthHistory }), 'quota.accountConcurrency').calculation).toContain('but at its upper end');
});

describe('what no setting mends is said in one sentence, with what would', () => {
  const sentences = (change: Partial<typeof examplePlan>) =>
    adviceFor(change)
      .filter(({ kind }) => kind === 'redesign')
      .map(({ action }) => action);

  test('a goal to a million tabs within 5 s', () => {
    const [goal] = sentences({ users: 2e6, broadcast: { deadlineSeconds: 5, perDay: 1, bytes: 256 } });
    expect(goal).toMatch(/^No setting mends .* exceeded from \d{4}-\d\d-\d\d on: .+\.$/);
    expect(goal).toContain('No setting mends API Gateway throttle rate');
    expect(goal).toContain('give a broadcast the 100 s that the quota takes for it, instead of 5 s');
    expect(goal).toContain('AppSync Events');
  });

  test('reactions that are not collected', () => {
    const channel = { name: 'reactions', count: 1, size: 300, publishesPerSubscriberPerMinute: 120 };
    const channels = [{ ...channel, publishBytes: 64, collectSeconds: 0 }];
    expect(sentences({ users: 2_000, channels }).join()).toContain('300 pushes/s today, instead of 180,000');
  });

  test('a token that is too long for the URL', () => {
    expect(sentences({ tokenBytes: 5_000 })).toEqual([
      expect.stringContaining('give clients a short ticket that the authorizer looks up'),
    ]);
  });
});
