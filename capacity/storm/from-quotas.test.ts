import { expect, test } from 'vitest';
import { deploymentWith, exampleCoefficients } from '../example-stack.fixture.ts';
import type { Deployment } from '../headroom/deployment.ts';
import { quotasInForce } from '../headroom/quotas.ts';
import { withoutEffectOnStorm } from './from-quotas.ts';

const idle = (stated: Record<string, number>, deployment: Deployment) =>
  withoutEffectOnStorm(Object.keys(stated), {
    deployment,
    quotas: quotasInForce(deployment, stated),
    coefficients: exampleCoefficients,
  });

test('a quota of the storm’s own queue and table has an effect, by its resource as well', () => {
  const stack = deploymentWith();
  const queues = stack.queues.flatMap((queue) => [queue, { ...queue, id: 'Jobs' }]);
  const tables = [
    { id: 'table', provisioned: { readUnits: 100, writeUnits: 100 } },
    { id: 'Rows', provisioned: null },
  ];
  const several = { ...stack, queues, tables };
  const stated = {
    'pollerMaxConcurrency.queue': 9,
    'pollerMaxConcurrency.Jobs': 9,
    dynamodbProvisionedWrite: 9,
    'dynamodbOnDemandWrite.Rows': 9,
    newConnections: 9,
    'L-B99A9384': 9,
    sqsRetention: 9,
  };
  expect(idle(stated, several)).toEqual(['pollerMaxConcurrency.Jobs', 'dynamodbOnDemandWrite.Rows', 'sqsRetention']);
});

test('of the only one of its kind, by its id', () => {
  const stated = { pollerMaxConcurrency: 9, dynamodbOnDemandWrite: 9, dynamodbProvisionedWrite: 9 };
  expect(idle(stated, deploymentWith())).toEqual(['dynamodbProvisionedWrite']);
});
