/** What is exceeded whatever the rollout does, and what one cause exceeds twice. */
import { describe, expect, test } from 'vitest';
import { exampleCoefficients, exampleDeployment, examplePlan } from '../../../capacity/example-stack.fixture.ts';
import { recommend } from '../../../capacity/recommendations/recommendation.ts';
import { inWords } from './advice.ts';

const adviceFor = (change: Partial<typeof examplePlan>) =>
  recommend({
    plan: { ...examplePlan, ...change },
    coefficients: exampleCoefficients,
    deployment: exampleDeployment,
  });
const safeStage = (change: Partial<typeof examplePlan>) =>
  adviceFor(change)
    .map(inWords)
    .find(({ id }) => id === 'rollout.safeStage');

describe('the rollout, while a quota is exceeded today', () => {
  const tooLong = { consumerOutageSeconds: 1_000_000 };
  const next = [
    { stage: 'tenth', share: 0.1, date: '2025-01-01' },
    { stage: 'half', share: 0.5, date: '2026-03-01' },
  ];

  test('is not held back for what any number of users exceeds; that is mended first', () => {
    expect(safeStage({ ...tooLong, rollout: next })?.action).toMatch(
      /^Mend “SQS message retention period.*” before the rollout goes on: it is at \d+% with any number of users\.$/,
    );
  });

  test('has nothing to say of it where everybody has the feature', () => {
    expect(safeStage(tooLong)).toMatchObject({ kind: 'keep', value: 'none' });
  });

  test('takes on no more users where they are what exceeds it, and no stage is left', () => {
    expect(safeStage({ users: 3_000_000 })?.action).toMatch(/^Take on no more users: today’s need \d+% of/);
  });

  test('does not go further where a stage is left', () => {
    const rollout = [
      { stage: 'most', share: 0.4, date: '2025-01-01' },
      { stage: 'all', share: 1, date: '2026-03-01' },
    ];
    expect(safeStage({ users: 3_000_000, rollout })?.action).toMatch(/^Do not roll out further: today’s users need/);
  });
});

test('a stage that exceeds what its account admits is named with the account, in one sentence', () => {
  const all = adviceFor({ users: 40_000_000, broadcast: { deadlineSeconds: 1, perDay: 1, bytes: 256 } });
  const redesigns = all.filter(
    ({ kind, quotaIds }) => kind === 'redesign' && quotaIds.includes('webSocketApiThrottle'),
  );
  expect(redesigns.map(({ quotaIds }) => quotaIds)).toEqual([
    expect.arrayContaining(['accountThrottle', 'webSocketApiThrottle']),
  ]);
  expect(redesigns.map((each) => inWords(each).calculation)).toEqual([
    expect.stringContaining(': no stage admits more than API Gateway throttle rate.'),
  ]);
});
