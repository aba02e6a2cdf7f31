// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of loadline.yml, not of JavaScript
import { expect, test } from 'vitest';
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
])('a message: %s', (_what, message, text, variables) => {
  expect(messageWithVariables(message)).toEqual({ text, variables });
});
