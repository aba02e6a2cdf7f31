// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  concealer,
  concealTexts,
  secretsOfHeader,
  secretsOfMessage,
  secretsOfSubprotocols,
  secretsOfTarget,
  secretsOfUrl,
  shownUrl,
} from './concealment.ts';

describe('a secret is removed from a text', () => {
  const secret = 'p@ss w/rd+"1"&<2>é';
  const bytes = Buffer.from(secret);
  test.each([
    ['as it is', secret],
    ['in JSON', JSON.stringify(secret)],
    ['in a URL', encodeURIComponent(secret)],
    ['in a URL, with small letters', encodeURIComponent(secret).toLowerCase().replace('P', 'p')],
    ['in a form', new URLSearchParams({ a: secret }).toString()],
    ['in HTML', 'p@ss w/rd+&quot;1&quot;&amp;&lt;2&gt;é'],
    ['in hexadecimal digits', bytes.toString('hex')],
    ['in Base64', bytes.toString('base64')],
    ['in Base64 for URLs', bytes.toString('base64url')],
    ['after a name, in Base64', Buffer.from(`user:${secret}`).toString('base64')],
    ['after a longer name, in Base64', Buffer.from(`longer:${secret}`).toString('base64')],
    ['between others, in Base64', Buffer.from(`{"a":"${secret}","b":1}`).toString('base64')],
  ])('%s', (_, text) => {
    const kept = concealer([secret])(`before ${text} after`);
    expect(kept).toContain('***');
    expect(kept).toMatch(/^before .* after$/);
    for (const part of [
      'p@ss',
      'w%2Frd',
      'w/rd',
      bytes.toString('base64').slice(4, 12),
      bytes.toString('hex').slice(4, 12),
    ])
      expect(kept).not.toContain(part);
  });

  test('any secret, anywhere, in any of these', () => {
    const words = fc.string({ minLength: 8, maxLength: 40, unit: 'grapheme' }).filter((text) => !/[\s*]/.test(text));
    const around = fc.string({ maxLength: 20 });
    const encodings = [
      (text: string) => text,
      encodeURIComponent,
      (text: string) => Buffer.from(text).toString('base64'),
      (text: string) => JSON.stringify(text),
    ];
    fc.assert(
      fc.property(words, around, around, fc.constantFrom(...encodings), (word, before, after, encode) => {
        const kept = concealer([word])(before + encode(word) + after);
        expect(kept).toContain('***');
        expect(kept).not.toContain(encode(word));
      }),
      { seed: 11 },
    );
  });

  test('cut off at the end, down to six characters of it', () => {
    const conceal = concealer(['correct-horse-battery']);
    expect(conceal('closed: correct-horse-bat')).toBe('closed: ***');
    expect(conceal('closed: correc')).toBe('closed: ***');
    expect(conceal('closed: corre')).toBe('closed: corre');
  });

  test('the longer of two that begin alike', () => {
    expect(concealer(['abcdef', 'abcdefgh'])('x abcdefgh y')).toBe('x *** y');
  });

  test('a JWT without being known: tokens are made for each user', () => {
    const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1LTEiLCJleHAiOjF9.c2lnbmF0dXJl';
    expect(concealer([])(`GET /?token=${jwt} 401`)).toBe('GET /?token=*** 401');
  });

  test('but not what is too short to be told from other text', () => {
    expect(concealer(['abc', ''])('abc')).toBe('abc');
  });
});

test('texts of plain data are concealed, and counts under keys that become one are added up', () => {
  const said = {
    closeReasons: { '1008 bad token-1': 2, '1008 bad token-2': 3, other: 1 },
    frames: ['token-1'],
    count: 4,
  };
  expect(concealTexts(said, concealer(['token-1', 'token-2']))).toEqual({
    closeReasons: { '1008 bad ***': 5, other: 1 },
    frames: ['***'],
    count: 4,
  });
});

describe('what is secret', () => {
  test('of a URL: what stands before the host, and the values of its query', () => {
    expect(secretsOfUrl('wss://ann:pa%20ss@example.com/ws?token=a%2Fb-c-d&v=2')).toEqual(
      expect.arrayContaining([
        'ann',
        'pa%20ss',
        'pa ss',
        'a/b-c-d',
        'a%2Fb-c-d',
        Buffer.from('ann:pa ss').toString('base64'),
      ]),
    );
    expect(secretsOfUrl('wss://example.com/ws?v=2&room=17')).toEqual([]);
    expect(secretsOfUrl('not a URL')).toEqual([]);
  });

  test.each([
    ['wss://example.com/ws', 'wss://example.com/ws'],
    ['wss://example.com', 'wss://example.com/'],
    ['wss://ann:secret@example.com:8443/ws?token=a&b&c=#d', 'wss://***@example.com:8443/ws?token=***&***&c=***'],
    ['wss://:secret@example.com/', 'wss://***@example.com/'],
    ['wss:/\\secret', 'wss://secret/'],
    ['secret', '***'],
  ])('%s is shown as %s', (url, shown) => {
    expect(shownUrl(url)).toBe(shown);
  });

  test('of a header: its value, what follows its scheme, the password in Basic, each cookie', () => {
    expect(secretsOfHeader('Bearer abc-def')).toEqual(expect.arrayContaining(['Bearer abc-def', 'abc-def']));
    expect(secretsOfHeader(`Basic ${Buffer.from('ann:pass').toString('base64')}`)).toContain('pass');
    expect(secretsOfHeader('session=s-123456; theme="dark-blue"')).toEqual(
      expect.arrayContaining(['s-123456', 'dark-blue']),
    );
    expect(secretsOfHeader('1')).toEqual([]);
  });

  test('of a message: values under telling names, and words that look like keys', () => {
    expect(secretsOfMessage('{"action":"login","auth":{"apiKey":"k-17","id":"${id}"}}')).toEqual(['k-17']);
    expect(secretsOfMessage('{"token":"${feed.token}"}')).toEqual([]);
    expect(secretsOfMessage('{"hello":"a \\"quoted\\" key-17"}')).toContain('a "quoted" key-17');
    expect(secretsOfMessage('{"hello":"open sesame"}')).toEqual([]);
    expect(secretsOfMessage('{"hello":"open sesame"}', { isAllSecret: true })).toEqual(['open sesame']);
    expect(secretsOfMessage('AUTH 0f1e2d3c4b5a69788796 ${id}')).toEqual(['0f1e2d3c4b5a69788796']);
    expect(secretsOfMessage('{"action":"subscribe-to-everything","channel":"weather"}')).toEqual([]);
  });

  test('of subprotocols: one that looks like a token', () => {
    expect(secretsOfSubprotocols(['graphql-transport-ws', 'v1', 'base64url.bearer.0123456789'])).toEqual([
      'base64url.bearer.0123456789',
    ]);
  });

  test('of a target: all of that, and the keys that sign', () => {
    const target = {
      webSocketUrl: 'wss://example.com/?token=in-the-url',
      webhookUrl: 'https://example.com/?key=in-webhooks',
      tokenSecret: 'signs tokens',
      webhookSecret: 'signs webhooks',
      headers: { authorization: 'Bearer in-a-header' },
      subprotocols: [],
      protocol: { message: '{"password":"in-a-message"}' },
    };
    expect(secretsOfTarget(target)).toEqual(
      expect.arrayContaining([
        'in-the-url',
        'in-webhooks',
        'signs tokens',
        'signs webhooks',
        'in-a-header',
        'in-a-message',
      ]),
    );
  });
});
