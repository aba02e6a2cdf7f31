// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
/** URLs, headers and tokens of a target that is not the reference stack, on virtual time. */
import { expect, test } from 'vitest';
import { runOwnTarget, webhook } from './own-target.ts';

test('a path, headers and subprotocols have the user and the token in them', async () => {
  const seen = new Set<string>();
  const { totals } = await runOwnTarget(
    {
      userOf: (path, headers) => `${path.split('/')[2]} ${headers.Authorization}`,
      takes: ({ head }) => {
        seen.add(head.split(' ')[1] ?? '');
        return 401;
      },
    },
    {
      webSocketUrl: 'ws://virtual.test/live/${user}',
      webhookUrl: 'http://virtual.test/hooks/${user}?n=${sequence}',
      headers: { Authorization: 'Bearer ${token}' },
      subprotocols: ['t.${token}'],
      token: { kind: 'fixed', value: 'the-token' },
    },
    { steadySeconds: 0.04 },
  );
  expect([...seen]).toEqual([expect.stringMatching(/^\/hooks\/u-test-f0-\d\?n=0$/), expect.stringMatching(/\?n=1$/)]);
  expect(totals.counters).toMatchObject({ connectsOpened: 20, webhooksRejected: 2, eventsUnaccepted: 2 });
});

test.each([
  [
    'as Basic',
    {},
    (user: string) => `Basic ${Buffer.from(`${user}:w@rd`).toString('base64')}`,
    `Basic ${Buffer.from('me:').toString('base64')}`,
  ],
  ['unless a header says something else', { authorization: 'Bearer x' }, () => 'Bearer x', 'Bearer y'],
])('a user name and a password of a URL are sent %s', async (_how, headers, ofUser, ofPost) => {
  const [connects, posts] = [new Set<string>(), new Set<string>()];
  const authorizationOf = (given: Readonly<Record<string, unknown>>) =>
    String(given.Authorization ?? given.authorization);
  await runOwnTarget(
    {
      userOf: (_path, given) => {
        connects.add(authorizationOf(given));
        return 'ada';
      },
      takes: ({ head }) => {
        posts.add(/^authorization: (.*)\r$/im.exec(head)?.[1] ?? 'none');
        return [];
      },
    },
    {
      ...{ webSocketUrl: 'ws://${user}:w%40rd@virtual.test/live', headers },
      webhookUrl: 'http://me@virtual.test/hooks',
      webhook: { ...webhook, headers: 'authorization' in headers ? { Authorization: 'Bearer y' } : {} },
    },
    { steadySeconds: 0.04 },
  );
  expect(connects).toContain(ofUser('u-test-f0-0'));
  expect([...connects].filter((each) => each !== 'Bearer x' && !each.startsWith('Basic '))).toEqual([]);
  expect([...posts]).toEqual([ofPost]);
});

test('what is shown of a frame has no token in it', async () => {
  const { totals } = await runOwnTarget(
    {
      server: (peer) => {
        peer.send('hello tok-1, welcome');
        return () => {};
      },
    },
    { token: { kind: 'fixed', value: 'tok-1' } },
    { webhookRatePerSecond: 0 },
  );
  expect(totals.unexpectedFrames).toEqual({ '“hello ***, welcome”': 20 });
});

test('values in a URL are one piece of it each, whatever characters they have', async () => {
  const feed = [{ team: 'north/west', name: 'Ada & Grace\r\nX-Evil: 1?#100%' }];
  const [connects, posts] = [new Set<string>(), new Set<string>()];
  const { totals } = await runOwnTarget(
    {
      userOf: (path) => {
        connects.add(path);
        return 'ada';
      },
      takes: ({ head }) => {
        posts.add(head.split('\r\n')[0] ?? '');
        expect(head).not.toContain('X-Evil: ');
        return [];
      },
    },
    {
      webSocketUrl: 'ws://virtual.test/${feed.team}/live?name=${feed.name}&t=${token}',
      webhookUrl: 'http://virtual.test/${feed.team}?name=${feed.name}',
      token: { kind: 'fixed', value: 'aB+/9Q==' },
      feed,
    },
  );
  const name = 'Ada%20%26%20Grace%0D%0AX-Evil%3A%201%3F%23100%25';
  expect([...connects]).toEqual([`/north%2Fwest/live?name=${name}&t=aB%2B%2F9Q%3D%3D`]);
  expect([...posts]).toEqual([`POST /north%2Fwest?name=${name} HTTP/1.1`]);
  expect(totals.counters).toMatchObject({ connectsOpened: 20, eventsAccepted: 50 });
});

test.each([
  ['as it is', 'bad token tok/n+1-secret', 'bad token ***'],
  ['encoded', 'bad token tok%2Fn%2B1-secret', 'bad token ***'],
  ['in Base64', `bad ${Buffer.from('Bearer tok/n+1-secret').toString('base64')}`, 'bad QmVhcmVyIH***'],
  ['cut off', 'bad token tok/n+1-sec', 'bad token ***'],
])('what is shown of a close has no token in it: %s', async (_how, reason, shown) => {
  const { totals } = await runOwnTarget(
    {
      server: (peer, after) => {
        after(1_000, () => peer.close(4401, reason));
        return () => {};
      },
    },
    { token: { kind: 'fixed', value: 'tok/n+1-secret' } },
    { webhookRatePerSecond: 0 },
  );
  expect(totals.closesByServer).toEqual({ [`4401 ${shown}`]: 20 });
});
