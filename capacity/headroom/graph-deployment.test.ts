import { expect, test } from 'vitest';
import { exampleGraph } from '../../graph/example.fixture.ts';
import { deploymentOfGraph, kindsOf } from './graph-deployment.ts';

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
  // Not the dead letters: nothing empties them.
  expect(queues).toMatchObject([{ id: 'Inbox', function: 'Push', batchSize: 10, maxReceiveCount: 3 }]);
  expect(tables.map(({ id }) => id)).toEqual(['Connections', 'Connections:byUser']);
  expect(code).toBeUndefined();
});

test('kinds of load that reach each resource, through the APIs that the load enters', () => {
  expect(Object.fromEntries(kindsOf(exampleGraph(), entered))).toMatchObject({
    Inbox: ['message', 'webhook'],
    OnConnect: ['connect', 'disconnect'],
    Send: ['message'],
  });
  expect(kindsOf(exampleGraph(), { webSocket: 'Chat', webhook: null }).get('Inbox')).toEqual(['message']);
});
