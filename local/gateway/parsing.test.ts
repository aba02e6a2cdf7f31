/** Parsers of client input, against arbitrary input. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkSignature } from './connections-api/sigv4.ts';
import { matchHttpRoute } from './http/http-routes.ts';
import { mapParameter } from './http/parameter-mapping.ts';
import { newTraceId } from './ids.ts';
import { decodedPath, readTarget, valuesByName } from './request-target.ts';
import { readAuthorization } from './websocket/authorizer.ts';
import { AuthorizerCache } from './websocket/authorizer-cache.ts';
import { parseRouteSelection, selectRouteKey } from './websocket/route-selection.ts';
import type { HandshakeFacts } from './websocket/websocket-events.ts';

/** A part of an expression that is replaced. */
const variable = (source: string) => `\${${source}}`;

const nasty = fc.constantFrom(
  '__proto__',
  'constructor',
  'toString',
  '',
  '$default',
  '$connect',
  '[',
  '\u0000',
  '\ud800',
);

describe('route selection', () => {
  const selection = parseRouteSelection(`${variable('request.body.action')}/${variable('request.body.a.b')}`);

  test('returns a text or null for any message, and never throws', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.json(),
      fc.dictionary(nasty, fc.jsonValue()).map((v) => JSON.stringify(v)),
    );
    fc.assert(
      fc.property(anything, (body) => {
        const key = selectRouteKey(selection, body);
        expect(key === null || typeof key === 'string').toBe(true);
      }),
    );
  });

  test('uses own properties only: an object without the path yields the static text', () => {
    fc.assert(
      fc.property(fc.dictionary(nasty, fc.jsonValue()), (body) => {
        expect(selectRouteKey(selection, JSON.stringify(body))).toBe('/');
      }),
    );
    expect(selectRouteKey(parseRouteSelection('$request.body.constructor.name'), '{}')).toBe('');
  });

  test('stringifies nested values as documented', () => {
    const whole = parseRouteSelection('$request.body.action');
    expect(selectRouteKey(whole, '{"action":["a",["b",1,null],{"c":true}]}')).toBe('[a, [b, 1, ], {"c":true}]');
    const deep = `{"action":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect(selectRouteKey(whole, deep)).toBe(`${'['.repeat(33)}${']'.repeat(33)}`);
    const deepObject = `{"action":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`;
    expect(typeof selectRouteKey(whole, deepObject)).toBe('string');
  });

  test('parses any expression or throws one sentence', () => {
    const part = fc.constantFrom(
      '$request.body.',
      variable('request.body.a'),
      '\\$',
      '$',
      '{',
      '}',
      'a',
      '.',
      variable('request.header.x'),
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        try {
          parseRouteSelection(parts.join(''));
        } catch (error) {
          expect(String(error)).toMatch(
            /^Error: Route selection expression .* is not supported at .*\. Use request\.body only\.$/s,
          );
        }
      }),
    );
  });
});

describe('request targets', () => {
  test('are read whatever they contain; path and query add up to what was sent', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const target = `/${text.replaceAll('#', '')}`;
        const { path, rawQuery } = readTarget(target);
        expect(target.includes('?') ? `${path}?${rawQuery}` : path).toBe(target);
      }),
    );
  });

  test.each([
    ['//host/path?a=b', '//host/path', 'a=b'],
    ['http://host:80/path?a?b', '/path', 'a?b'],
    ['https://host', '/', ''],
    ['?a', '/', 'a'],
    ['*', '*', ''],
    ['/[', '/[', ''],
  ])('%s is path %s and query %s', (target, path, rawQuery) => {
    expect(readTarget(target)).toMatchObject({ path, rawQuery });
  });

  test('keep every value of every name', () => {
    const pairs = fc.array(fc.tuple(fc.oneof(nasty, fc.string({ maxLength: 3 })), fc.string()));
    fc.assert(
      fc.property(pairs, (given) => {
        const values = valuesByName(given);
        expect(Object.getPrototypeOf(values)).toBe(Object.prototype);
        for (const [name] of given) {
          const expected = given.filter(([other]) => other === name).map(([, value]) => value);
          expect(Object.getOwnPropertyDescriptor(values, name)?.value).toEqual(expected);
        }
      }),
    );
  });

  test('match a route or none, and a greedy parameter takes the rest, decoded', () => {
    const routes = [{ routeKey: 'GET /a/{b}' }, { routeKey: 'ANY /{proxy+}' }];
    fc.assert(
      fc.property(fc.array(fc.oneof(nasty, fc.string()), { minLength: 1 }), (parts) => {
        const path = `/${parts.join('/')}`;
        const match = matchHttpRoute(routes, 'POST', path);
        expect(match?.pathParameters.proxy ?? '').toBe(decodedPath(path.slice(1)));
      }),
    );
  });
});

describe('parameter mapping', () => {
  test('inserts values verbatim: nothing in them is mapped again', () => {
    const value = fc.oneof(fc.string(), fc.constantFrom('$request.body', variable('request.body'), '$&', '$1', "$'"));
    fc.assert(
      fc.property(value, value, (body, header) => {
        const request = { body, headers: { x: header }, query: {}, path: '/' };
        expect(mapParameter(`<${variable('request.header.X')}|${variable('request.body')}>`, request)).toBe(
          `<${header}|${body}>`,
        );
      }),
    );
  });

  test('reads nothing from the prototype', () => {
    const request = { body: '', headers: {}, query: {}, path: '/' };
    expect(mapParameter('$request.header.constructor', request)).toBe('');
    expect(mapParameter('$request.querystring.__proto__', request)).toBe('');
  });
});

describe('SigV4', () => {
  test('is only checked for format under another key id, and never throws', () => {
    const token = fc.constantFrom(
      'AWS4-HMAC-SHA256 ',
      'Credential=',
      'LOADLINELOCAL',
      '/a/b/execute-api/aws4_request',
      ', ',
      'SignedHeaders=',
      'host;__proto__',
      'Signature=',
      '00',
      '\u00ff',
      '=',
      '%',
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 14 }), fc.string(), (tokens, target) => {
        const authorization = tokens.join('');
        const headers = { host: 'x', 'x-amz-date': '20261121T000000Z', authorization };
        const request = { method: 'GET', target, headers, body: Buffer.alloc(0) };
        const check = checkSignature(request, 'execute-api', Date.UTC(2026, 10, 21));
        if (authorization.includes('=LOADLINELOCAL/')) expect(check).not.toBe('valid');
        if (check === 'valid') expect(authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=/);
      }),
      { numRuns: 500 },
    );
  });
});

test.each([
  ['20261121T000000Z', 300_000, 'valid'],
  ['20261121T000000Z', 300_001, 'expired'],
  ['20261121T000000Z', -300_001, 'expired'],
  ['20261121', 0, 'expired'],
  ['now', 0, 'expired'],
])('a signature of %s, %d ms later, is %s', (date, laterMs, expected) => {
  const credential = 'any/20261121/us-east-1/execute-api/aws4_request';
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=00`;
  const request = { method: 'GET', target: '/', headers: { 'x-amz-date': date, authorization }, body: Buffer.alloc(0) };
  expect(checkSignature(request, 'execute-api', Date.UTC(2026, 10, 21) + laterMs)).toBe(expected);
});

describe('authorizer results', () => {
  const authorizer = {
    functionName: 'f',
    identitySources: ['route.request.querystring.token'],
    resultTtlMs: 1_000,
    permitted: true,
  };
  const facts = (token: string): HandshakeFacts => ({
    headers: {},
    multiValueHeaders: {},
    query: { token },
    multiValueQuery: { token: [token] },
  });
  const allowed = { kind: 'allowed', context: { principalId: 'a' } } as const;

  test('are cached for their TTL, by identity', () => {
    const cache = new AuthorizerCache();
    cache.keep(authorizer, facts('a'), { authorization: allowed, nowMs: 0 });
    expect(cache.find(authorizer, facts('a'), 999)).toEqual(allowed);
    expect(cache.find(authorizer, facts('b'), 999)).toBeNull();
    expect(cache.find({ ...authorizer, functionName: 'g' }, facts('a'), 999)).toBeNull();
    expect(cache.find(authorizer, facts('a'), 1_000)).toBeNull();
  });

  test('that are failures, or have no identity, are not cached', () => {
    const cache = new AuthorizerCache();
    const anonymous = { ...authorizer, identitySources: [] };
    cache.keep(authorizer, facts('a'), { authorization: { kind: 'unauthorized' }, nowMs: 0 });
    cache.keep(authorizer, facts('b'), { authorization: { kind: 'failed' }, nowMs: 0 });
    cache.keep(anonymous, facts('c'), { authorization: allowed, nowMs: 0 });
    expect([cache.find(authorizer, facts('a'), 1), cache.find(authorizer, facts('b'), 1)]).toEqual([null, null]);
    expect(cache.find(anonymous, facts('c'), 1)).toBeNull();
  });

  test('are evicted by newer ones beyond ten thousand', () => {
    const cache = new AuthorizerCache();
    for (let index = 0; index <= 10_000; index++) {
      cache.keep(authorizer, facts(`t${index}`), { authorization: allowed, nowMs: 0 });
    }
    expect(cache.find(authorizer, facts('t0'), 1)).toBeNull();
    expect(cache.find(authorizer, facts('t1'), 1)).toEqual(allowed);
    expect(cache.find(authorizer, facts('t10000'), 1)).toEqual(allowed);
  });

  test('over the limit are failures', () => {
    const Statement = [{ Effect: 'Allow', Action: '*', Resource: '*' }];
    const payload = JSON.stringify({ principalId: 'a', policyDocument: { Statement } });
    expect(readAuthorization({ kind: 'ok', payload }, 'arn', payload.length).kind).toBe('allowed');
    expect(readAuthorization({ kind: 'ok', payload }, 'arn', payload.length - 1).kind).toBe('failed');
  });
});

test('a trace id holds its second: 1,790,000,040 is 6ab13ba8', () => {
  expect(newTraceId(1_790_000_040_123)).toMatch(/^Root=1-6ab13ba8-[0-9a-f]{24}$/);
});
