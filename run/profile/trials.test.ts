import { expect, test } from 'vitest';
import { type Workload, workloadSchema } from '../../record/workload.ts';
import { plannedTrials } from './trials.ts';

const kindsOf = (load: Partial<Workload>) =>
  plannedTrials(workloadSchema.parse({ connections: 10, steadySeconds: 20, ...load }), 1).map(({ kind }) => kind);

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
  const [connections, messages] = plannedTrials(load, 1, held);
  expect(connections?.workload).toMatchObject({ ...held, messageRatePerSecond: 0 });
  expect(messages?.workload.connections).toBe(10);
});

test('where nobody connects, webhooks are all there is', () => {
  expect(kindsOf({ connections: 0, webhookRatePerSecond: 5, offlineShare: 1 })).toEqual(['webhook']);
});
