// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
/** Webhooks and pushes of a target that is not the reference stack, on virtual time. */
import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import type { FleetSpec } from '../src/core/fleet/fleet-spec.ts';
import { runOwnTarget, secret, webhook } from './own-target.ts';
import { balance, balanced, countOf } from './totals.ts';

const signed = (body: Buffer) => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
const headerOf = (head: string, name: string) => new RegExp(`^${name}: (.*)\r$`, 'im').exec(head)?.[1];

interface Posted {
  delivery: string;
  user: string;
  n: number;
}
const read = (body: Buffer): Posted => JSON.parse(body.toString()) as Posted;
const without = (some: Set<string>, others: Set<string>) => new Set([...some].filter((id) => !others.has(id)));
const push = ({ delivery }: Posted) => JSON.stringify({ kind: 'note', data: { delivery }, seen: [] });

test('each webhook is signed, has its size, and its push is found on every tab of its user', async () => {
  const sizes = new Set<number>();
  const { totals } = await runOwnTarget({
    takes({ head, body }) {
      sizes.add(body.length);
      expect([headerOf(head, 'X-Hub-Signature-256'), headerOf(head, 'X-GitHub-Event')]).toEqual([signed(body), 'push']);
      const posted = read(body);
      expect(headerOf(head, 'X-GitHub-Delivery')).toBe(posted.delivery);
      return [{ to: posted.user, frame: push(posted) }];
    },
  });
  expect([...sizes]).toEqual([1_024]);
  expect(totals.counters).toMatchObject({
    ...{ eventsAccepted: 50, eventsDeliveredToAll: 50, pushesExpected: 100, pushesDelivered: 100 },
    ...{ pushesUnexpected: 0, pushesDuplicate: 0, framesUnexpected: 0 },
  });
  // 1 ms there and back, 5 ms in between: a latency for each push.
  expect(countOf(totals.histograms.deliveryMicros)).toBe(100);
  expect(balance(totals)).toEqual(balanced);
});

test('webhooks go to several URLs by their weights, and one that is posted again goes where it went', async () => {
  const paths = new Map<string, Set<string>>();
  let posts = 0;
  const { totals } = await runOwnTarget(
    {
      takes({ head, body }) {
        posts += 1;
        const posted = read(body);
        const [, path = ''] = head.split(' ');
        paths.set(posted.delivery, (paths.get(posted.delivery) ?? new Set()).add(path));
        return [{ to: posted.user, frame: push(posted) }];
      },
    },
    {
      webhookUrl: 'http://virtual.test/hooks/a',
      webhookMix: { also: ['http://virtual.test/hooks/b?to=${user}'], weights: [1, 4] },
    },
    { webhookRatePerSecond: 400, replayShare: 0.5 },
  );
  expect(totals.counters).toMatchObject({ eventsDeliveredToAll: 200, pushesUnexpected: 0 });
  expect(posts).toBe(400);
  expect([...paths.values()].every(({ size }) => size === 1)).toBe(true);
  const all = [...paths.values()].flatMap((each) => [...each]);
  // Three standard errors of a share of 1/5: 3 √(200 · 4/25) = 17.
  expect(Math.abs(all.filter((path) => path === '/hooks/a').length - 40)).toBeLessThan(17);
  expect(all.filter((path) => path !== '/hooks/a').every((path) => /^\/hooks\/b\?to=\S+$/.test(path))).toBe(true);
});

test.each<[string, FleetSpec['push']]>([
  ['anywhere in the text', { kind: 'anywhere' }],
  ['at a path', { kind: 'jsonPath', path: '$.data.delivery' }],
  ['by a regular expression', { kind: 'regexp', source: '"delivery":"([^"]+)"' }],
])('the ledger is exact by set, with the id %s', async (_where, matcher) => {
  const dropped = new Set<string>();
  const twice = new Set<string>();
  const { totals, records } = await runOwnTarget(
    {
      takes({ body }) {
        const posted = read(body);
        if (posted.n % 10 === 3) {
          dropped.add(posted.delivery);
          return [];
        }
        const pushes = [{ to: posted.user, frame: push(posted) }];
        if (posted.n % 10 !== 5) return pushes;
        twice.add(posted.delivery);
        return [...pushes, ...pushes];
      },
    },
    { push: matcher ?? null },
    { offlineShare: 0.2, steadySeconds: 2 },
  );
  const events = records.flatMap(({ events: listed = [] }) => listed);
  const ids = (state: string) => new Set(events.filter((event) => event.state === state).map(({ id }) => id));
  const offline = ids('ownerOffline');
  expect(offline.size).toBe(20);
  expect(ids('unreached')).toEqual(without(dropped, offline));
  expect(totals.counters).toMatchObject({
    eventsAccepted: 100,
    eventsDeliveredToAll: 100 - new Set([...dropped, ...offline]).size,
    // On both tabs of each owner.
    pushesDuplicate: 2 * without(twice, offline).size,
  });
  expect(dropped.size).toBe(10);
});

test('several ids in one push are several deliveries, also in a list', async () => {
  for (const matcher of [{ kind: 'anywhere' }, { kind: 'jsonPath', path: '$.ids' }] as const) {
    const held = new Map<string, string[]>();
    const { totals } = await runOwnTarget(
      {
        takes({ body }) {
          const { delivery, user } = read(body);
          const ids = [...(held.get(user) ?? []), delivery];
          held.set(user, ids.length === 2 ? [] : ids);
          return ids.length === 2 ? [{ to: user, frame: JSON.stringify({ ids }) }] : [];
        },
      },
      { push: matcher },
      { connections: 1, tabsPerUser: 1 },
    );
    expect(totals.counters).toMatchObject({ eventsAccepted: 50, eventsDeliveredToAll: 50, pushesDelivered: 50 });
  }
});

test('pushes and answers are told apart by the id, even at one path', async () => {
  const { totals } = await runOwnTarget(
    {
      answers: (text) => [JSON.stringify({ id: text })],
      takes: ({ body }) => [{ to: read(body).user, frame: JSON.stringify({ id: read(body).delivery }) }],
    },
    {
      protocol: { message: '${id}', answer: { kind: 'jsonPath', path: '$.id' }, feed: [] },
      push: { kind: 'jsonPath', path: '$.id' },
    },
    { messageRatePerSecond: 40 },
  );
  expect(totals.counters).toMatchObject({ eventsDeliveredToAll: 50, messagesSent: 40 });
});

test('a webhook for one tab reaches that one', async () => {
  const own = { ...webhook, owner: 'tab' as const, body: '{"delivery":"${id}","user":"${tab}","n":${sequence}}' };
  const { totals } = await runOwnTarget(
    {
      userOf: (path) => new URL(path, 'ws://x').searchParams.get('tab') ?? '',
      takes: ({ body }) => [{ to: read(body).user, frame: push(read(body)) }],
    },
    { webhook: own, webSocketUrl: 'ws://virtual.test/live?tab=${tab}' },
  );
  expect(totals.counters).toMatchObject({ eventsAccepted: 50, eventsDeliveredToAll: 50, pushesExpected: 50 });
});

test('a webhook for everyone reaches every connection, and one that it misses is named', async () => {
  const own = { ...webhook, owner: 'everyone' as const };
  const { totals } = await runOwnTarget(
    {
      takes: ({ body }) => {
        const posted = read(body);
        return posted.n === 7 ? [] : [{ to: null, frame: push(posted) }];
      },
    },
    { webhook: own },
  );
  expect(totals.counters).toMatchObject({ eventsDeliveredToAll: 49, eventsUnreached: 1, pushesDelivered: 49 * 20 });
});
