import { describe, expect, test } from 'vitest';
import { referenceGraph } from '../../graph/reference.fixture.ts';
import type { Coefficient } from '../demand/coefficients.ts';
import { exampleDeployment } from '../example-stack.fixture.ts';
import { coefficientsOfProfile, type ProfiledStack, routesOfProfile } from './profile-coefficients.ts';

const of = (value: number, margin: number | null = 0) => ({ kind: 'value', value, margin, units: 100 }) as const;
const profile: ProfiledStack = {
  profileId: 'p1',
  target: { kind: 'local' },
  deployment: exampleDeployment,
  figures: [
    { service: 'lambda', resource: 'deliver', figure: 'invocations', costs: { webhook: of(0.25), push: of(0) } },
    { service: 'lambda', resource: 'deliver', figure: 'durationMs', costs: { webhook: of(10, 1.96), push: of(4) } },
    { service: 'dynamodb', resource: 'table', figure: 'writeUnits', costs: { webhook: of(2) } },
    { service: 'sqs', resource: 'queue', figure: 'sent', costs: { webhook: of(1) } },
    {
      ...{ service: 'apigateway', resource: 'websocket', figure: 'messages' },
      costs: { connect: of(0), message: of(12), push: of(1.5) },
    },
  ],
  functions: [{ id: 'deliver', p99Ms: 80 }],
  frameBytes: 300,
  answeredShare: 1,
};
const { functions, tables, queues, calls, callsPerPush, pushBytes } = coefficientsOfProfile(profile);
const numberOf = (coefficient: Coefficient | undefined) =>
  coefficient?.kind === 'value' ? coefficient.value : coefficient?.reason;

test('costs become coefficients of their resource: milliseconds seconds, a margin a standard error', () => {
  expect(
    [functions.deliver?.invocations.webhook, tables.table?.writeUnits.webhook, queues.queue?.webhook].map(numberOf),
  ).toEqual([0.25, 2, 1]);
  expect(functions.deliver?.busySeconds.webhook).toMatchObject({ value: 0.01, standardError: 0.001 });
  // A push prolongs what the webhook began.
  expect([functions.deliver?.invocations.push, functions.deliver?.busySeconds.push].map(numberOf)).toEqual([0, 0.004]);
  expect([functions.deliver?.p99Seconds, callsPerPush, pushBytes].map(numberOf)).toEqual([0.08, 1.5, 300]);
});

test('a message that goes to ten others: twelve counted, less itself and its answer', () => {
  expect([calls?.message, calls?.connect].map(numberOf)).toEqual([10, 0]);
});

test('a kind of load that the profile had none of is unknown where the stack would do work for it, and not nothing', () => {
  const { figures, ...rest } = profile;
  const withoutWebhooks = figures.map((each) => ({ ...each, costs: { message: of(1) } }));
  const of1 = coefficientsOfProfile({ ...rest, figures: withoutWebhooks, graph: referenceGraph() });
  const reason = 'The profile had no webhooks, so what they cost is not known.';
  expect([of1.functions.ingest?.busySeconds.webhook, of1.queues.queue?.webhook].map(numberOf)).toEqual([
    reason,
    reason,
  ]);
  expect(of1.functions.message?.invocations.webhook).toBeUndefined();
});

describe('messages that take several routes', () => {
  const two = {
    ...profile,
    messageRoute: 'send',
    figures: [
      {
        ...{ service: 'dynamodb', resource: 'table', figure: 'writeUnits' },
        costs: { message: of(1, 0.4), 'message leave': of(5, 0.8), webhook: of(2) },
      },
    ],
  };
  const writesOf = (message: Record<string, number>) =>
    coefficientsOfProfile(two, { message }).tables.table?.writeUnits.message;

  test('cost the mean of their shares, with its margin', () => {
    expect(writesOf({ send: 3, leave: 1 })).toMatchObject({
      value: 2,
      // Half an interval of √((0.75 · 0.4)² + (0.25 · 0.8)²), over 1.96.
      standardError: expect.closeTo(Math.hypot(0.3, 0.2) / 1.96, 12),
    });
    expect(writesOf({ leave: 2 })).toMatchObject({ value: 5 });
  });

  test('are named by the profile', () => {
    expect([...routesOfProfile(two, 'message').keys()]).toEqual(['send', 'leave']);
    expect([...routesOfProfile(two, 'webhook').keys()]).toEqual([]);
    expect(writesOf({ send: 1, other: 1 })).toMatchObject({ kind: 'unknown' });
  });
});

test('what never ran is unknown', () => {
  expect(functions.ingest?.p99Seconds).toEqual({
    ...{ kind: 'unknown', unit: 's', reason: 'ingest never ran in the profile.' },
  });
});
