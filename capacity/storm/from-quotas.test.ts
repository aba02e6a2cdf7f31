import { expect, test } from 'vitest';
import { deploymentWith, exampleCoefficients } from '../example-stack.fixture.ts';
import type { Deployment } from '../headroom/deployment.ts';
import { quotasInForce } from '../headroom/quotas.ts';
import { stormBasis, withoutEffectOnStorm } from './from-quotas.ts';

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

test('a route has a bucket of its own: its throttle, else that of each route of the stage, else none', () => {
  const { webSocket, ...stack } = deploymentWith();
  if (webSocket === null) throw new Error('the example has one');
  const bucket = (ratePerSecond: number) => ({ ratePerSecond, burst: ratePerSecond });
  const routed = {
    ...stack,
    webSocket: {
      ...webSocket,
      throttle: bucket(400),
      taken: [
        { route: 'send', share: 0.75 },
        { route: 'leave', share: 0.25 },
      ],
      routeThrottles: [
        { ...bucket(20), route: '$connect', kind: 'connect' as const },
        { ...bucket(5), route: 'leave', kind: 'message' as const },
      ],
    },
  };
  const routesOf = (deployment: Deployment) =>
    stormBasis({
      ...{ deployment, quotas: quotasInForce(deployment), coefficients: exampleCoefficients },
      ...{ warmEnvironments: 1, coldStartMs: 0, assumedMs: () => 1 },
    }).quotas.routes;
  expect(routesOf(routed)).toMatchObject({
    connect: bucket(20),
    messages: [
      { share: 0.75, throttle: bucket(400) },
      { share: 0.25, throttle: bucket(5) },
    ],
  });
  expect(routesOf({ ...routed, webSocket: { ...routed.webSocket, throttle: null } })?.messages[0]?.throttle).toBeNull();
  // Of the reference stack nothing of the kind is known: connects and messages share one.
  expect(routesOf({ ...stack, webSocket })).toBeUndefined();
  expect(idle({ 'webSocketApiThrottle.leave': 9, 'webSocketApiThrottle.send': 9 }, routed)).toEqual([
    'webSocketApiThrottle.send',
  ]);
});
