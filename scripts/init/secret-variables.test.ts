// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of loadline.yml, not of JavaScript
import { expect, test } from 'vitest';
import { seededRandom } from '../../engine/src/core/schedule/random.ts';
import { messageWithVariables, urlWithVariables } from './secret-variables.ts';

test.each([
  ['nothing secret', 'wss://example.com/ws?v=2&stage=prod', 'wss://example.com/ws?v=2&stage=prod', []],
  [
    'user and password',
    'wss://me:w%40rd@example.com/ws',
    'wss://${STACK_USER}:${STACK_PASSWORD}@example.com/ws',
    ['STACK_USER', 'STACK_PASSWORD'],
  ],
  ['a user alone', 'wss://me@example.com', 'wss://${STACK_USER}@example.com', ['STACK_USER']],
  [
    'by its name, however short',
    'wss://example.com/?api-key=ab&x',
    'wss://example.com/?api-key=${STACK_API_KEY}&x',
    ['STACK_API_KEY'],
  ],
  ['by its length', 'wss://example.com/?t=abcdef', 'wss://example.com/?t=${STACK_T}', ['STACK_T']],
  ['a query without names', 'wss://example.com/?abcdef12', 'wss://example.com/?${STACK_QUERY}', ['STACK_QUERY']],
  [
    'two of one name',
    'wss://example.com/?t=abcdef&t=ghijkl',
    'wss://example.com/?t=${STACK_T}&t=${STACK_T_2}',
    ['STACK_T', 'STACK_T_2'],
  ],
  [
    'placeholders stay',
    'wss://example.com/${PATH_OF}?user=${user}&token=${TOKEN}',
    'wss://example.com/${PATH_OF}?user=${user}&token=${TOKEN}',
    [],
  ],
  ['a reference stays', 'env:STACK_URL', 'env:STACK_URL', []],
  ['a variable that is all of it stays', '${STACK_URL}', '${STACK_URL}', []],
  [
    'one that it only begins with does not hide the rest',
    '${BASE}/ws?token=abcdef123',
    '${BASE}/ws?token=${STACK_TOKEN}',
    ['STACK_TOKEN'],
  ],
  [
    'the scheme is a placeholder',
    '${SCHEME}://me:word@example.com',
    '${SCHEME}://${STACK_USER}:${STACK_PASSWORD}@example.com',
    ['STACK_USER', 'STACK_PASSWORD'],
  ],
  [
    'beside a placeholder',
    'wss://${user}:pre-fix1-${tab}@example.com?token=abcdef123${user}&room=team-${user}',
    'wss://${user}:${STACK_PASSWORD}${tab}@example.com?token=${STACK_TOKEN}${user}&room=team-${user}',
    ['STACK_PASSWORD', 'STACK_TOKEN'],
  ],
  [
    'a name that another has taken',
    'wss://example.com/?t_2=abcdef&t=ghijkl&t=mnopqr',
    'wss://example.com/?t_2=${STACK_T_2}&t=${STACK_T}&t=${STACK_T_3}',
    ['STACK_T_2', 'STACK_T', 'STACK_T_3'],
  ],
  [
    'a name that the text has already',
    'wss://example.com/${STACK_TOKEN}?token=abcdef',
    'wss://example.com/${STACK_TOKEN}?token=${STACK_TOKEN_2}',
    ['STACK_TOKEN_2'],
  ],
])('a URL: %s', (_what, url, text, variables) => {
  expect(urlWithVariables(url)).toEqual({ text, variables });
});

test.each([
  ['nothing secret', '{"id":"${id}","text":"hello"}', '{"id":"${id}","text":"hello"}', []],
  ['by its name', '{"token":"a\\"b","id":"${id}"}', '{"token":"${MESSAGE_SECRET}","id":"${id}"}', ['MESSAGE_SECRET']],
  [
    'by how it looks, in any form',
    'AUTH abcdefghijklmnop1 ${id} qrstuvwxyzabcdef2',
    'AUTH ${MESSAGE_SECRET} ${id} ${MESSAGE_SECRET_2}',
    ['MESSAGE_SECRET', 'MESSAGE_SECRET_2'],
  ],
  ['from the environment', '{"token":"${TOKEN}"}', '{"token":"${TOKEN}"}', []],
  ['an empty value', '{"token":"","id":"${id}"}', '{"token":"","id":"${id}"}', []],
  [
    'a value that a placeholder and a name have too',
    '{"key":"id","id":"${id}","token":"token"}',
    '{"key":"${MESSAGE_SECRET}","id":"${id}","token":"${MESSAGE_SECRET_2}"}',
    ['MESSAGE_SECRET', 'MESSAGE_SECRET_2'],
  ],
  [
    'a value that is everywhere',
    '{"auth":"a","at":"a b"}',
    '{"auth":"${MESSAGE_SECRET}","at":"a b"}',
    ['MESSAGE_SECRET'],
  ],
  [
    'the same twice',
    '{"token":"abc", "again":{"password" : "abc"}}',
    '{"token":"${MESSAGE_SECRET}", "again":{"password" : "${MESSAGE_SECRET}"}}',
    ['MESSAGE_SECRET'],
  ],
  [
    'beside a placeholder',
    '{"auth":"Bearer ${token}","token":"abcdef123-${user}","id":"room-2024-${id}"}',
    '{"auth":"Bearer ${token}","token":"${MESSAGE_SECRET}${user}","id":"room-2024-${id}"}',
    ['MESSAGE_SECRET'],
  ],
  ['a sentence', '{"text":"I am number 1, and who are you?"}', '{"text":"I am number 1, and who are you?"}', []],
  [
    'JSON after a prefix',
    '42["login",{"token":"hunter2","id":"${id}"}]',
    '42["login",{"token":"${MESSAGE_SECRET}","id":"${id}"}]',
    ['MESSAGE_SECRET'],
  ],
  [
    'a variable after which the rest is not looked at',
    '${KIND} abcdefghijklmnop1',
    '${KIND} ${MESSAGE_SECRET}',
    ['MESSAGE_SECRET'],
  ],
  [
    'a name that it has already',
    '{"a":"${MESSAGE_SECRET}","token":"abc"}',
    '{"a":"${MESSAGE_SECRET}","token":"${MESSAGE_SECRET_2}"}',
    ['MESSAGE_SECRET_2'],
  ],
])('a message: %s', (_what, message, text, variables) => {
  expect(messageWithVariables(message)).toEqual({ text, variables });
});

test('a URL and a message of one file have no variable that means two things', () => {
  const [url, message] = ['wss://example.com/${MESSAGE_SECRET}?token=abc', '{"token":"def","id":"${STACK_TOKEN}"}'];
  expect(urlWithVariables(url, message).text).toBe('wss://example.com/${MESSAGE_SECRET}?token=${STACK_TOKEN_2}');
  expect(messageWithVariables(message, url).text).toBe('{"token":"${MESSAGE_SECRET_2}","id":"${STACK_TOKEN}"}');
});

test('any message is the same again with its values in place of the variables, JSON stays JSON, and placeholders stay', () => {
  const random = seededRandom(11);
  const pick = (from: readonly string[]) => from[Math.floor(random() * from.length)] ?? '';
  const names = ['token', 'id', 'key', 'a', 'auth', 'text'];
  const values = [
    '',
    'a',
    'id',
    'key',
    '${id}',
    'x${user}1',
    'abcdefghijklmnop1',
    'it\\"s',
    'Bearer abcdefghijklmnop2',
    '${',
  ];
  for (let n = 0; n < 2_000; n++) {
    const fields = [0, 1, 2].map(() => `"${pick(names)}":"${pick(values)}"`);
    const message = `{${fields.join(',')},"last":["${pick(values)}","${pick(values)}"]}`;
    const { text, variables } = messageWithVariables(message);
    expect(() => JSON.parse(text)).not.toThrow();
    // Each variable stands for one value, wherever it is.
    const groups = new Map<string, number>();
    const source = text
      .split(/(\$\{MESSAGE_SECRET[_\d]*\})/)
      .map((part, at) => {
        if (at % 2 === 0) return part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
        const known = groups.get(part);
        if (known !== undefined) return `\\${known}`;
        groups.set(part, groups.size + 1);
        return '(.+?)';
      })
      .join('');
    expect(message).toMatch(new RegExp(`^${source}$`));
    expect([...groups.keys()]).toEqual(variables.map((name) => `\${${name}}`));
    expect(text).not.toMatch(/abcdefghijklmnop/);
    expect(text.split('${id}').length).toBe(message.split('${id}').length);
  }
});
