// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
import { expect, test } from 'vitest';
import { customRequests } from './webhook-request.ts';

const owner = { id: 'user-7', index: 7, devices: [] };
const basic = (userInfo: string) => `Basic ${Buffer.from(userInfo).toString('base64')}`;

test.each([
  ['a user name', 'http://${user}:pass@127.0.0.1/in', {}, { Authorization: basic('user-7:pass') }],
  ['a password', 'http://me:${id}@127.0.0.1/${user}', {}, { Authorization: basic('me:e-1') }],
  ['none: what posts it does', 'http://me:pass@127.0.0.1/in', {}, {}],
  [
    'one beside a header, which comes first',
    'http://${user}:x@127.0.0.1/',
    { authorization: 'own' },
    { authorization: 'own' },
  ],
])('placeholders in a URL are filled in as the ones of a WebSocket are: %s', (_name, url, given, headers) => {
  const format = { body: '{"id":"${id}"}', headers: given, sign: null, owner: 'user' } as const;
  const requestOf = customRequests(format, { url, secret: '', feed: [] });
  const event = { eventId: 'e-1', owner, sequence: 0, timeSeconds: 0, bytes: 0, route: 0 };
  expect(requestOf(event, { attempt: 1, nowMs: 0 }).headers).toEqual(headers);
});
