import { expect, test } from 'vitest';
import { maxShownLength, shownBytes, shownText } from './shown-text.ts';

const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1LTEifQ.c2lnbmF0dXJlLW9mLWl0';

test.each([
  ['{"type":"connection_ack"}', '{"type":"connection_ack"}'],
  ['Going away', 'Going away'],
  ['{"access_token":"abc","n":1}', '{"access_token":"[hidden]","n":1}'],
  ['{ "sid" : "x1" }', '{ "sid" : "[hidden]" }'],
  ['{"apiKey":"k","api-key":"k"}', '{"apiKey":"[hidden]","api-key":"[hidden]"}'],
  ['wss://h/p?token=abc&x=1', 'wss://h/p?token=[hidden]&x=1'],
  ['Authorization: Bearer abc', 'Authorization: [hidden]'],
  ['bad Bearer abcdef0123', 'bad Bearer [hidden]'],
  [`rejected ${jwt}`, 'rejected [hidden]'],
  ['no session 0123456789abcdef0123456789abcdef here', 'no session [hidden] here'],
  ['a \u001b[31mred\u001b[0m\r\nline\u0000\u202e\ufffe', 'a  [31mred [0m line'],
])('%j is shown as %j', (text, shown) => {
  expect(shownText(text)).toBe(shown);
});

test('long text is cut to whole characters, after secrets were hidden', () => {
  expect(shownText('ab '.repeat(100))).toBe(`${'ab '.repeat(40).trim()}…`);
  expect([...shownText('😀 '.repeat(200))].length).toBeLessThanOrEqual(maxShownLength + 1);
  const halved = `${'x '.repeat(55)}${jwt}`;
  expect(shownText(halved)).not.toContain('eyJ');
});

test('bytes are shown as their number and the first twelve', () => {
  const bytes = Buffer.from([0xff, 0x20, 0x02, 0x00, 0x05]);
  expect(shownBytes(bytes, 1, 5)).toBe('binary, 4 bytes: 20 02 00 05');
  expect(shownBytes(Buffer.alloc(20), 0, 20)).toBe(`binary, 20 bytes: ${'00 '.repeat(12)}…`);
});
