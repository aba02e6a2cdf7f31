import { describe, expect, test } from 'vitest';
import { enteredApis, type TakenRoute } from '../../graph/entered.ts';
import { exampleGraph } from '../../graph/example.fixture.ts';
import { loadOfPlan } from '../demand/load.ts';
import { exampleCoefficients, examplePlan } from '../example-stack.fixture.ts';
import type { Deployment } from './deployment.ts';
import { deploymentOfGraph, kindsOf } from './graph-deployment.ts';
import { quotasInForce } from './quotas.ts';
import { withTaken } from './stage-throttles.ts';

const entered = { webSocket: 'Chat', webhook: 'Orders' };

test('a stack as its quotas see it: who is waited for, who guards, what is fed by a queue', () => {
  const { webSocket, webhook, functions, queues, tables, code } = deploymentOfGraph(
    exampleGraph(),
    entered,
    'eu-west-1',
  );
  expect([webSocket?.id, webSocket?.routes, webhook?.id, webhook?.kind]).toEqual(['Chat', 3, 'Orders', 'http']);
  expect(functions.map(({ id, awaitedBy, authorizes }) => [id, awaitedBy.join(), authorizes])).toEqual([
    ['Guard', 'connect', true],
    ['OnConnect', 'connect,disconnect', false],
    ['Push', '', false],
    ['Send', 'message', false],
    ['Sweep', '', false],
  ]);
  expect(functions.map(({ provisionedConcurrency }) => provisionedConcurrency)).toEqual([0, 0, 0, 0, 0]);
  const [guard, ...others] = exampleGraph().functions;
  const kept = guard && { ...exampleGraph(), functions: [{ ...guard, provisionedConcurrency: 7 }, ...others] };
  expect(kept && deploymentOfGraph(kept, entered, 'eu-west-1').functions[0]?.provisionedConcurrency).toBe(7);
  // Not the dead letters: nothing empties them.
  expect(queues).toMatchObject([{ id: 'Inbox', function: 'Push', batchSize: 10, maxReceiveCount: 3 }]);
  expect(tables.map(({ id }) => id)).toEqual(['Connections', 'Connections:byUser']);
  expect(code).toBeUndefined();
});

describe('what the stack limits by itself is a limit', () => {
  const graph = exampleGraph();
  const [chat, orders] = graph.apis;
  const [inbox, ...queues] = graph.queues;
  const [source] = graph.eventSources;
  if (!chat || !orders || !inbox || !source) throw new Error('the example has them');
  const bucket = (ratePerSecond: number, burst: number) => ({ ratePerSecond, burst });
  const throttles = [
    { stage: 'dev', everyRoute: bucket(1, 1), routes: {} },
    { stage: 'prod', everyRoute: bucket(400, 200), routes: { $connect: bucket(20, 10), leave: bucket(5, 5) } },
  ];
  const limited = {
    ...graph,
    apis: [{ ...chat, stages: ['dev', 'prod'], throttles }, orders],
    queues: [{ ...inbox, retentionSeconds: 3_600 }, ...queues],
    eventSources: [{ ...source, provisionedPollers: { minimum: 2, maximum: 9 } }],
  };
  const at = (url: string, message: string | null = null) => {
    const found = enteredApis(limited, { webSocketUrl: url, webhookUrl: null });
    return deploymentOfGraph(
      limited,
      { ...found, routes: { message: message === null ? null : [{ key: message, weight: 1 }], webhook: null } },
      'eu-west-1',
    );
  };

  test('the throttle is that of the stage in the address, with those of routes that load takes', () => {
    expect(at('wss://abc123.example/dev').webSocket).toMatchObject({ throttle: bucket(1, 1) });
    expect(at('wss://abc123.example/prod').webSocket).toMatchObject({
      throttle: bucket(400, 200),
      routeThrottles: [
        { route: '$connect', kind: 'connect', ratePerSecond: 20, burst: 10 },
        { route: 'leave', kind: 'message', ratePerSecond: 5, burst: 5 },
      ],
    });
    const rowsOf = (message: string | null) =>
      quotasInForce(at('wss://abc123.example/prod', message)).flatMap(({ id }) =>
        id.startsWith('webSocketApiThrottle.') ? [id.slice('webSocketApiThrottle.'.length)] : [],
      );
    expect([rowsOf(null), rowsOf('send'), rowsOf('leave')]).toEqual([
      ['$connect'],
      ['$connect'],
      ['$connect', 'leave'],
    ]);
  });

  test('of several messages each route’s throttle is compared with its share, and the stage’s with the busiest of the others', () => {
    const mixOf = (taken: readonly TakenRoute[]) => {
      const found = enteredApis(limited, { webSocketUrl: 'wss://abc123.example/prod', webhookUrl: null });
      return deploymentOfGraph(limited, { ...found, routes: { message: taken, webhook: null } }, 'eu-west-1');
    };
    const load = { ...loadOfPlan(examplePlan), connectBurst: null, connectRatePerSecond: 2, messageRatePerSecond: 100 };
    const demandsOf = (deployment: Deployment) =>
      Object.fromEntries(
        quotasInForce(deployment)
          .filter(({ quota }) => quota === 'webSocketApiThrottle')
          .map(({ id, demand }) => [id, demand(load, exampleCoefficients, deployment)]),
      );
    const value = (of: number) => ({ kind: 'value', value: of });
    const mix = mixOf([
      { key: 'send', weight: 6 },
      { key: 'send', weight: 1 },
      { key: '$default', weight: 2 },
      { key: 'leave', weight: 1 },
    ]);
    expect(demandsOf(mix)).toMatchObject({
      // Those that have the stage's: send with 70 of 100/s, and $default with 20.
      webSocketApiThrottle: value(70),
      'webSocketApiThrottle.$connect': value(2),
      'webSocketApiThrottle.leave': value(10),
    });
    // Another mix of the same stack: leave takes 40%, and send the rest.
    const other = withTaken(mix, {
      message: new Map([
        ['send', 0.6],
        ['leave', 0.4],
      ]),
    });
    expect(demandsOf(other)).toMatchObject({
      webSocketApiThrottle: value(60),
      'webSocketApiThrottle.leave': value(40),
    });
  });

  test('timeouts, retention and pollers', () => {
    const { functions, queues } = at('wss://abc123.example/prod');
    expect(functions.map(({ timeoutSeconds }) => timeoutSeconds)).toEqual([10, 10, 10, 10, 10]);
    expect(queues).toMatchObject([{ retentionSeconds: 3_600, provisionedPollers: { minimum: 2, maximum: 9 } }]);
  });

  test('each is a row, in force as the stack sets it', () => {
    const limitOf = (id: string) => {
      const found = quotasInForce(at('wss://abc123.example/prod')).find((quota) => quota.id === id);
      return found && [found.name, found.limit, found.limitBurst, found.limitFrom];
    };
    expect(limitOf('webSocketApiThrottle')).toEqual(['WebSocket API stage throttle (Chat)', 400, 200, 'setting']);
    const ofRoute = ['API route throttle (Chat $connect)', 20, 10, 'setting'];
    expect(limitOf('webSocketApiThrottle.$connect')).toEqual(ofRoute);
    expect(limitOf('functionTimeout.Send')).toEqual(['Lambda function timeout (Send)', 10, null, 'setting']);
    expect(limitOf('sqsRetention')).toMatchObject([expect.any(String), 3_600, null, 'setting']);
    expect(limitOf('pollerMaxConcurrency')?.[3]).toBe('setting');
  });
});

test('kinds of load that reach each resource, through the APIs that the load enters', () => {
  expect(Object.fromEntries(kindsOf(exampleGraph(), entered))).toMatchObject({
    Inbox: ['message', 'webhook'],
    OnConnect: ['connect', 'disconnect'],
    Send: ['message'],
  });
  expect(kindsOf(exampleGraph(), { webSocket: 'Chat', webhook: null }).get('Inbox')).toEqual(['message']);
});
