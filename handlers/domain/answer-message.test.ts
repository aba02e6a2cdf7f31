import { describe, expect, it } from 'vitest';
import { InMemoryConnectionStore } from '../testing/in-memory-connection-store.ts';
import { instantPush, ScriptedPusher } from '../testing/scripted-pusher.ts';
import { answerMessage } from './answer-message.ts';
import type { Caller, ChannelRules } from './channels/channel-guard.ts';
import type { Permissions } from './channels/permissions.ts';
import { UserRates } from './channels/user-rates.ts';

const everything: Permissions = {
  ...{ subscribe: ['*'], publish: ['*'], messagesPerSecond: null, recipients: null },
  expiresAtSeconds: 1_000,
};
const caller = (connectionId: string, permissions: Partial<Permissions> = {}): Caller => ({
  connectionId,
  userId: 'ann',
  permissions: { ...everything, ...permissions },
});
const nothing = new Proxy({}, { get: (_, name) => expect.unreachable(`called ${String(name)}`) });

function setUp() {
  const clock = { ms: 0 };
  const tableClock = { ms: 0 };
  const store = new InMemoryConnectionStore({ ttlSeconds: 100, nowMs: () => tableClock.ms });
  const pusher = new ScriptedPusher();
  const rules: ChannelRules = {
    ...{ rates: new UserRates(), rateCap: { messagesPerSecond: 10, burstSeconds: 2 }, maxRecipients: 1_000 },
    ...{ nowMs: () => clock.ms, monotonicMs: () => clock.ms },
  };
  const dependencies = { store, rules, nowMs: () => tableClock.ms, ...instantPush(pusher) };
  const ask = async (from: Caller, message: unknown, using = dependencies) =>
    JSON.parse(await answerMessage(JSON.stringify(message), from, using));
  const say = (connectionId: string, message: unknown) => ask(caller(connectionId), message);
  /** Fails if a message calls the table or @connections. */
  const calling = { ...dependencies, store: nothing as never, pusher: nothing as never };
  return { clock, tableClock, store, pusher, dependencies, calling, ask, say };
}

describe('answerMessage', () => {
  it('answers a ping without calling anything', async () => {
    const { calling } = setUp();
    const allowedNothing = caller('c1', { subscribe: [], publish: [], expiresAtSeconds: 0 });
    expect(await answerMessage('{"action":"ping","id":"a1"}', allowedNothing, calling)).toBe(
      '{"type":"pong","id":"a1"}',
    );
  });

  it('subscribes, and publishes to every subscriber, including the publisher if subscribed', async () => {
    const { pusher, say } = setUp();
    expect(await say('c1', { action: 'subscribe', id: 'a2', channel: 'news' })).toEqual({
      type: 'subscribed',
      id: 'a2',
      channel: 'news',
    });
    await say('c2', { action: 'subscribe', id: 'b', channel: 'news' });
    await say('c3', { action: 'subscribe', id: 'b', channel: 'other' });
    expect(await say('c1', { action: 'publish', id: 'a3', channel: 'news', body: { n: 1 } })).toEqual({
      type: 'published',
      id: 'a3',
      channel: 'news',
      recipients: 2,
      failed: 0,
    });
    const frame = '{"type":"message","id":"a3","channel":"news","body":{"n":1}}';
    expect(pusher.sent).toEqual([
      { connectionId: 'c1', frame },
      { connectionId: 'c2', frame },
    ]);
  });

  it('publishes to a channel without subscribers', async () => {
    const { say } = setUp();
    expect(await say('c1', { action: 'publish', id: 'a', channel: 'empty', body: 1 })).toMatchObject({
      recipients: 0,
      failed: 0,
    });
  });

  it('a failed clean-up does not keep the message from any subscriber', async () => {
    const { store, pusher, say } = setUp();
    const ids = Array.from({ length: 200 }, (_, n) => `c${n}`);
    for (const id of ['gone', ...ids]) await store.subscribe(id, 'news', 100);
    pusher.answer('gone', { kind: 'gone' });
    store.doubt = () => Promise.reject(new Error('The table is unavailable.'));
    expect(await say('c0', { action: 'publish', id: 'a', channel: 'news', body: 1 })).toMatchObject({
      recipients: 200,
    });
  });

  it('counts what failed, and forgets a subscriber that is gone for a minute', async () => {
    const { tableClock, store, pusher, say } = setUp();
    for (const id of ['sent', 'gone', 'slow', 'never', 'refused']) await store.subscribe(id, 'news', 100);
    pusher
      .answer('gone', { kind: 'gone' })
      .answer('slow', { kind: 'throttled' }, { kind: 'sent' })
      .answer('never', { kind: 'throttled' })
      .answer('refused', { kind: 'refused', reason: '413' });
    const publish = { action: 'publish', id: 'a', channel: 'news', body: 1 };
    const subscribers = async () =>
      (await store.recipientsOf({ kind: 'channel', channel: 'news' })).map(({ connectionId }) => connectionId);
    expect(await say('x', publish)).toMatchObject({ recipients: 2, failed: 2 });
    expect(await subscribers()).toEqual(['gone', 'never', 'refused', 'sent', 'slow']);
    tableClock.ms += 60_000;
    expect(await say('x', publish)).toMatchObject({ recipients: 2, failed: 2 });
    expect(await subscribers()).toEqual(['never', 'refused', 'sent', 'slow']);
  });

  it('answers in time, and counts those who were not reached by then as failed', async () => {
    const { store, pusher, dependencies } = setUp();
    for (let index = 0; index < 200; index++) await store.subscribe(`s${index}`, 'news', 100);
    // Time for 70 pushes.
    const budget = { leftMs: () => 70 - pusher.attempts, signal: new AbortController().signal };
    const text = '{"action":"publish","id":"a","channel":"news","body":1}';
    const answer = await answerMessage(text, caller('c1'), { ...dependencies, budget });
    expect(JSON.parse(answer)).toMatchObject({ type: 'published', recipients: 70, failed: 130 });
  });

  it('subscribes a connection to 100 channels and no more', async () => {
    const { clock, say, store } = setUp();
    const subscribe = (n: number) => say('c1', { action: 'subscribe', id: 'a', channel: `c${n}` });
    for (let n = 0; n < 100; n++) {
      clock.ms += 100;
      expect(await subscribe(n)).toMatchObject({ type: 'subscribed' });
    }
    clock.ms += 1_000;
    expect(await subscribe(100)).toEqual({
      type: 'error',
      id: 'a',
      code: 'tooManySubscriptions',
      message: 'A connection may subscribe to 100 channels: open another one for more.',
    });
    expect(await subscribe(7)).toMatchObject({ type: 'subscribed' });
    expect(await store.recipientsOf({ kind: 'channel', channel: 'c100' })).toEqual([]);
  });

  it.each([
    '9007199254740993',
    '1e400',
    '-0',
    '1.50',
    '"\\ud800 \\u0041 😀 \ufffe"',
    '{"b":1, "a":2,\t"b":3}',
    '[ [ ] , { "__proto__" : null } ]',
  ])('pushes the body as it was sent: %s', async (body) => {
    const { store, pusher, dependencies } = setUp();
    await store.subscribe('c1', 'news', 100);
    const text = `{"action":"publish","id":"a","channel":"news","body":  ${body} }`;
    await answerMessage(text, caller('c1'), dependencies);
    expect(pusher.sent.map(({ frame }) => frame)).toEqual([
      `{"type":"message","id":"a","channel":"news","body":${body}}`,
    ]);
  });

  it('answers an unknown action with an error that has the client’s id, if any', async () => {
    const { say } = setUp();
    expect(await say('c1', { action: 'dance', id: 'a4' })).toEqual({
      type: 'error',
      id: 'a4',
      code: 'unknownAction',
      message: 'The action must be ping, subscribe or publish.',
    });
    expect(await say('c1', 'hello')).not.toHaveProperty('id');
  });
});

describe('what a client may do with channels', () => {
  const subscribe = (channel: string) => ({ action: 'subscribe', id: 'a', channel });
  const publish = (channel: string) => ({ action: 'publish', id: 'a', channel, body: 1 });
  const refused = (code: string) => ({ type: 'error', id: 'a', code, message: expect.stringMatching(/^[A-Z].*\.$/) });

  it('is what its token says, for subscribing and publishing apart, and a refusal calls nothing', async () => {
    const { ask, calling } = setUp();
    const from = caller('c1', { subscribe: ['news', 'team.*'], publish: ['team.7'] });
    for (const message of [subscribe('new'), subscribe('teams'), publish('news'), publish('team.8')]) {
      expect(await ask(from, message, calling)).toEqual(refused('forbidden'));
    }
    for (const message of [subscribe('news'), subscribe('team.8'), publish('team.7')]) {
      expect((await ask(from, message)).type).toBe(message.action === 'publish' ? 'published' : 'subscribed');
    }
  });

  it('ends with the token, on an open connection too', async () => {
    const { ask, clock, calling } = setUp();
    clock.ms = 999_999;
    expect((await ask(caller('c1'), subscribe('news'))).type).toBe('subscribed');
    clock.ms = 1_000_000;
    for (const message of [subscribe('news'), publish('news')]) {
      expect(await ask(caller('c1'), message, calling)).toEqual(refused('forbidden'));
    }
  });

  it('is capped a second, over all connections of the user, and pings are not counted', async () => {
    const { ask, clock, calling } = setUp();
    for (let n = 0; n < 10; n++) {
      await ask(caller('c1'), subscribe(`a${n}`));
      await ask(caller('c2'), publish(`a${n}`));
      await ask(caller('c2'), { action: 'ping', id: 'a' });
    }
    expect(await ask(caller('c1'), publish('news'), calling)).toEqual(refused('rateExceeded'));
    expect((await ask({ ...caller('c3'), userId: 'bob' }, publish('news'))).type).toBe('published');
    clock.ms = 100;
    expect((await ask(caller('c1'), publish('news'))).type).toBe('published');
    // The token's own cap: 2 s of 1/s.
    const slow = { ...caller('c4', { messagesPerSecond: 1 }), userId: 'eve' };
    const types = [];
    for (let n = 0; n < 3; n++) types.push((await ask(slow, publish('news'))).type);
    expect(types).toEqual(['published', 'published', 'error']);
  });

  it('reaches as many subscribers as it may, or nobody', async () => {
    const { ask, store, pusher } = setUp();
    for (const id of ['s1', 's2', 's3']) await store.subscribe(id, 'news', 100);
    expect(await ask(caller('c1', { recipients: 3 }), publish('news'))).toMatchObject({ recipients: 3 });
    expect(await ask(caller('c1', { recipients: 2 }), publish('news'))).toEqual(refused('tooManyRecipients'));
    expect(pusher.sent).toHaveLength(3);
  });
});
