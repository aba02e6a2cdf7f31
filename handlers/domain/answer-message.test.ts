import { describe, expect, it } from 'vitest';
import { InMemoryConnectionStore } from '../testing/in-memory-connection-store.ts';
import { instantPush, ScriptedPusher } from '../testing/scripted-pusher.ts';
import { answerMessage } from './answer-message.ts';
import type { ConnectionStore } from './connection-store.ts';

function setUp() {
  const store = new InMemoryConnectionStore({ ttlSeconds: 100, nowMs: () => 0 });
  const pusher = new ScriptedPusher();
  const say = async (connectionId: string, message: unknown) =>
    JSON.parse(await answerMessage(JSON.stringify(message), connectionId, { store, ...instantPush(pusher) }));
  return { store, pusher, say };
}

describe('answerMessage', () => {
  it('answers a ping without calling anything', async () => {
    const nothing = new Proxy({}, { get: (_, name) => expect.unreachable(`called ${String(name)}`) });
    const dependencies = { store: nothing as ConnectionStore, ...instantPush(nothing as ScriptedPusher) };
    expect(await answerMessage('{"action":"ping","id":"a1"}', 'c1', dependencies)).toBe('{"type":"pong","id":"a1"}');
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
    for (const id of ['gone', ...ids]) await store.subscribe(id, 'news');
    pusher.answer('gone', { kind: 'gone' });
    store.unsubscribe = () => Promise.reject(new Error('The table is unavailable.'));
    expect(await say('c0', { action: 'publish', id: 'a', channel: 'news', body: 1 })).toMatchObject({
      recipients: 200,
    });
  });

  it('counts what failed, and forgets a subscriber that is gone', async () => {
    const { store, pusher, say } = setUp();
    for (const id of ['sent', 'gone', 'slow', 'never', 'refused']) await store.subscribe(id, 'news');
    pusher
      .answer('gone', { kind: 'gone' })
      .answer('slow', { kind: 'throttled' }, { kind: 'sent' })
      .answer('never', { kind: 'throttled' })
      .answer('refused', { kind: 'refused', reason: '413' });
    expect(await say('x', { action: 'publish', id: 'a', channel: 'news', body: 1 })).toMatchObject({
      recipients: 2,
      failed: 2,
    });
    expect(await store.subscribersOf('news')).toEqual(['never', 'refused', 'sent', 'slow']);
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
    const { store, pusher } = setUp();
    await store.subscribe('c1', 'news');
    const text = `{"action":"publish","id":"a","channel":"news","body":  ${body} }`;
    await answerMessage(text, 'c1', { store, ...instantPush(pusher) });
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
