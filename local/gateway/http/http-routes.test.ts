// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the syntax of the templates and mappings under test
import { describe, expect, test } from 'vitest';
import { matchHttpRoute } from './http-routes.ts';
import { mapParameter } from './parameter-mapping.ts';

const routes = ['GET /webhooks', 'ANY /webhooks', 'GET /users/{id}', 'GET /users/me', 'ANY /{proxy+}', '$default'].map(
  (routeKey) => ({ routeKey }),
);

describe('routes of an HTTP API', () => {
  test.each([
    ['GET', '/webhooks', 'GET /webhooks', {}],
    ['POST', '/webhooks', 'ANY /webhooks', {}],
    ['GET', '/users/7', 'GET /users/{id}', { id: '7' }],
    ['GET', '/users/me', 'GET /users/me', {}],
    ['PUT', '/a/b', 'ANY /{proxy+}', { proxy: 'a/b' }],
    ['GET', '/', '$default', {}],
  ])('%s %s takes %s', (method, path, routeKey, pathParameters) => {
    expect(matchHttpRoute(routes, method, path)).toEqual({ route: { routeKey }, pathParameters });
  });

  test('returns no route if none matches', () => {
    expect(matchHttpRoute([{ routeKey: 'POST /webhooks' }], 'GET', '/webhooks')).toBeNull();
    expect(matchHttpRoute([{ routeKey: 'POST /webhooks' }], 'POST', '/webhooks/x')).toBeNull();
  });
});

test.each([
  ['$request.body', 'the body'],
  ['$request.header.X-Sig', 'abc'],
  ['sig=${request.header.x-sig};q=${request.querystring.q}', 'sig=abc;q=1'],
  ['[${request.header.missing}]', '[]'],
  ['literal', 'literal'],
])('the mapping %s yields %j', (expression, value) => {
  const request = { body: 'the body', headers: { 'x-sig': 'abc' }, query: { q: '1' }, path: '/' };
  expect(mapParameter(expression, request)).toBe(value);
});
