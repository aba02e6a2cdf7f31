// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
import { describe, expect, test } from 'vitest';
import { newDevice, type User } from '../connections/device.ts';
import type { FleetSpec } from '../fleet/fleet-spec.ts';
import { otherUsers } from './other-users.ts';

const user = (id: string, index = 0): User => ({ id, index, devices: [] });
const deviceOf = (owner: User) => newDevice(owner, 0);
const ids = { run: 'e-tag-', fleet: 'e-tag-f1-' };
const reference = {
  ...{ webSocketUrl: 'ws://x/', webhookUrl: 'http://x/', tokenSecret: 'secret', headers: {}, subprotocols: [] },
  protocol: null,
};
const webhook = { body: '{"id":"${id}","user":"${user}"}', headers: {}, sign: null, owner: 'user' } as const;
const own = { ...reference, tokenSecret: null, webSocketUrl: 'ws://x/?u=${user}', webhook };

/** Whether the ada’s event, and one that is not known, is another’s at grace’s connection. */
const told = (spec: object, unknown: string): [known: boolean, unknown: boolean] => {
  const isOfOtherUser = otherUsers(spec as FleetSpec, ids);
  const grace = deviceOf(user('grace', 1));
  return [isOfOtherUser(user('ada', 3), 'e-tag-f1-0', grace), isOfOtherUser(null, unknown, grace)];
};

describe('a push is another user’s', () => {
  test.each<[string, object, string, boolean, boolean]>([
    ['the reference stack, an event of this fleet that is forgotten', reference, 'e-tag-f1-9', true, false],
    ['the reference stack, one of another fleet', reference, 'e-tag-f10-9', true, true],
    ['the reference stack, one of another run', reference, 'e-other-f1-9', true, true],
    ['a stack of one’s own that is told the user', own, 'e-tag-f2-9', true, true],
    ['whose other pushes may be for everybody', own, 'news', true, false],
    ['by its token', { ...own, webSocketUrl: 'ws://x/', token: { kind: 'command' } }, 'news', true, false],
    [
      'by its first message',
      { ...own, webSocketUrl: 'ws://x/', protocol: { message: 'hi ${user}' } },
      'n',
      true,
      false,
    ],
    ['not told whose connection it is', { ...own, webSocketUrl: 'ws://x/' }, 'e-tag-f2-9', false, false],
    [
      'with one token for all',
      { ...own, webSocketUrl: 'ws://x/?t=${token}', token: { kind: 'fixed' } },
      'n',
      false,
      false,
    ],
    ['not told whose webhook it is', { ...own, webhook: { ...webhook, body: '${id}' } }, 'e-tag-f2-9', false, false],
    [
      'whose webhooks are for everyone',
      { ...own, webhook: { ...webhook, owner: 'everyone' } },
      'e-tag-f2-9',
      false,
      false,
    ],
    ['with a row of the feed for each', { ...own, feed: [{}, {}, {}] }, 'e-tag-f2-9', true, false],
    ['with one row for both', { ...own, feed: [{}, {}] }, 'e-tag-f2-9', false, false],
  ])('%s', (_name, spec, unknown, known, ofUnknown) => {
    expect(told(spec, unknown)).toEqual([known, ofUnknown]);
  });

  test('not on another tab of the owner', () => {
    const isOfOtherUser = otherUsers(reference as unknown as FleetSpec, ids);
    const ada = user('ada');
    expect(isOfOtherUser({ ...ada, tab: 'ada.0' }, 'e-tag-f1-0', deviceOf(ada))).toBe(false);
  });
});
