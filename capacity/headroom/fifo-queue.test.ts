/** A FIFO queue takes 300 requests a second of each API action, or with high throughput what its Region gives. */
import { describe, expect, test } from 'vitest';
import { loadOfPlan } from '../demand/load.ts';
import { deploymentWith, exampleCoefficients, examplePlan } from '../example-stack.fixture.ts';
import { recommend } from '../recommendations/recommendation.ts';
import { quotasInForce } from './quotas.ts';

type Settings = NonNullable<Parameters<typeof deploymentWith>[0]>;
const rowOf = (settings: Settings) => {
  const deployment = deploymentWith(settings);
  const quota = quotasInForce(deployment).find(({ id }) => id === 'sqsFifoRequests');
  return (
    quota && { limit: quota.limit, demand: quota.demand(loadOfPlan(examplePlan), exampleCoefficients, deployment) }
  );
};
const adviceOn = (settings: Settings, webhooksPerUserPerDay = examplePlan.webhooksPerUserPerDay) =>
  recommend({
    plan: { ...examplePlan, webhooksPerUserPerDay },
    coefficients: exampleCoefficients,
    deployment: deploymentWith(settings),
  }).filter(({ id, quotaIds }) => !id.startsWith('rollout') && quotaIds.includes('sqsFifoRequests'));

describe('the requests of a FIFO queue', () => {
  test('are counted against 300, as many as there are webhooks in the burst', () => {
    expect(rowOf({ isFifo: true })).toMatchObject({ limit: 300, demand: { kind: 'value', value: 1_000 } });
  });

  test.each([
    ['us-east-1', 70_000],
    ['eu-central-1', 19_000],
    ['eu-west-3', 2_400],
  ])('have the limit of high throughput in %s: %d', (region, limit) => {
    expect(rowOf({ isFifo: true, isHighThroughput: true, region })?.limit).toBe(limit);
  });

  test('are none of a standard queue', () => {
    expect(rowOf({})).toBeUndefined();
  });
});

describe('high throughput is recommended', () => {
  test('for 1,000 a second, where an ordinary queue takes 300', () => {
    expect(adviceOn({ isFifo: true })).toMatchObject([
      {
        id: 'sqs.fifoThroughput',
        kind: 'set',
        value: 'perMessageGroupId',
        change: { settings: { queues: { queue: { isHighThroughput: true } } } },
        facts: { messagesPerSecond: 1_000, ordinary: 300, highest: 70_000 },
      },
    ]);
  });

  test('not where the queue has it, nor where the ordinary one has room', () => {
    expect(adviceOn({ isFifo: true, isHighThroughput: true })).toEqual([]);
    expect(adviceOn({ isFifo: true }, examplePlan.webhooksPerUserPerDay / 5)).toEqual([]);
  });

  test('and where it is not enough either, no setting mends it', () => {
    const all = adviceOn({ isFifo: true, region: 'eu-west-3' }, examplePlan.webhooksPerUserPerDay * 4);
    expect(all.map(({ id, kind }) => [id, kind])).toEqual(
      expect.arrayContaining([
        ['sqs.fifoThroughput', 'set'],
        ['redesign.sqsFifoRequests', 'redesign'],
      ]),
    );
  });
});
