import { expect, test } from 'vitest';
import { type Workload, workloadSchema } from '../../record/workload.ts';
import { plannedTrials, type RouteCounts, shareAt } from './trials.ts';

const kindsOf = (load: Partial<Workload>, routes: Partial<RouteCounts> = {}) =>
  plannedTrials(workloadSchema.parse({ connections: 10, steadySeconds: 20, ...load }), {
    periodSeconds: 1,
    routes: { message: 1, webhook: 1, ...routes },
  }).map(({ kind }) => kind);

test('every kind of load has a phase, and a mixed one where there is something to mix', () => {
  const [messages, webhooks] = [{ messageRatePerSecond: 5 }, { webhookRatePerSecond: 5 }];
  const alone = ['connections', 'message', 'webhook', 'push'];
  expect(kindsOf({ ...messages, ...webhooks })).toEqual([...alone, 'mixed']);
  expect(kindsOf({ ...messages, ...webhooks, offlineShare: 0 })).toEqual([...alone, 'mixed']);
  // With messages only it would be their phase once more.
  expect(kindsOf(messages)).toEqual(['connections', 'message']);
  expect(kindsOf({})).toEqual(['connections']);
  // Webhooks for owners who are offline and for some who are not.
  const ofWebhooks = ['connections', 'webhook', 'push'];
  expect(kindsOf({ ...webhooks, offlineShare: 0.3 })).toEqual([...ofWebhooks, 'mixed']);
  expect(kindsOf({ ...webhooks, offlineShare: 0 })).toEqual(ofWebhooks);
  expect(kindsOf({ ...webhooks, offlineShare: 1 })).toEqual(ofWebhooks);
});

test('the phase of connections may hold more of them, and more a second, than the others', () => {
  const load = workloadSchema.parse({ connections: 10, steadySeconds: 20, messageRatePerSecond: 1 });
  const held = { connections: 5_000, connectRatePerSecond: 500 };
  const [connections, messages] = plannedTrials(load, { periodSeconds: 1, routes: { message: 1, webhook: 1 }, held });
  expect(connections?.workload).toMatchObject({ ...held, messageRatePerSecond: 0 });
  expect(messages?.workload.connections).toBe(10);
});

test('where nobody connects, webhooks are all there is', () => {
  expect(kindsOf({ connections: 0, webhookRatePerSecond: 5, offlineShare: 1 })).toEqual(['webhook']);
  const several = { message: 1, webhook: 2 };
  expect(kindsOf({ connections: 0, webhookRatePerSecond: 5, offlineShare: 1 }, several)).toEqual(['webhook', 'mixed']);
});

test('several messages, or addresses of webhooks, are something to mix', () => {
  const [messages, webhooks] = [{ messageRatePerSecond: 5 }, { webhookRatePerSecond: 5, offlineShare: 0 }];
  expect(kindsOf(messages, { message: 2 })).toEqual(['connections', 'message', 'mixed']);
  expect(kindsOf(webhooks, { webhook: 2 })).toEqual(['connections', 'webhook', 'push', 'mixed']);
  expect(kindsOf(webhooks, { message: 2 })).toEqual(['connections', 'webhook', 'push']);
});

test('a phase of one of several has the part of the load that the mix gives it', () => {
  const weights = [6, 3, 0];
  expect([0, 1, 2].map((place) => shareAt(place, { of: 3, weights }))).toEqual([6 / 9, 3 / 9, 1 / 3]);
  expect(shareAt(1, { of: 4 })).toBe(0.25);
});

test('where the stack answers tabs over HTTP, there is a trial in which all of them poll, and nothing else happens', () => {
  const base = workloadSchema.parse({ connections: 10, steadySeconds: 20, messageRatePerSecond: 5, pollingShare: 0.3 });
  const trials = plannedTrials(base, { periodSeconds: 1, routes: { message: 1, webhook: 1 }, servesTabs: true });
  expect(
    trials.map(({ kind, workload: { pollingShare, messageRatePerSecond } }) => [
      kind,
      pollingShare,
      messageRatePerSecond,
    ]),
  ).toEqual([
    ['connections', 0, 0],
    ['message', 0, 5],
    ['poll', 1, 0],
  ]);
});
