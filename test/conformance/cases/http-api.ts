/** A1, A3 and C: the HTTP API. */
import assert from 'node:assert/strict';
import type { ConformanceCase } from '../conformance-case.ts';
import { corsOrigin } from '../stack/settings.ts';
import type { Subject } from '../subject.ts';

async function answers(
  subject: Subject,
  path: string,
  init: RequestInit = {},
): Promise<{ status: number; body: string }> {
  const answer = await subject.http(path, init);
  return { status: answer.status, body: await answer.text() };
}

/** Four times the burst simultaneously. */
async function flood(subject: Subject): Promise<{ status: number; body: string }[]> {
  return await Promise.all(Array.from({ length: 400 }, () => answers(subject, '/throttled')));
}

export const httpApiCases: readonly ConformanceCase[] = [
  {
    row: 'A1.route-throttle',
    alone: true,
    check: async (subject) => {
      const statuses = (await flood(subject)).map(({ status }) => status);
      const served = statuses.filter((status) => status === 201).length;
      const refused = statuses.filter((status) => status === 429).length;
      assert.equal(served + refused, 400, `statuses ${[...new Set(statuses)]}`);
      assert.ok(
        served >= 100 && refused > 0,
        `${served} served and ${refused} refused of 400 simultaneous requests, with a burst of 100`,
      );
    },
  },
  {
    row: 'C.api-throttled',
    alone: true,
    check: async (subject) => {
      const refused = (await flood(subject)).find(({ status }) => status === 429);
      assert.deepEqual(refused, { status: 429, body: '{"message":"Too Many Requests"}' });
    },
  },
  {
    row: 'A3.payload',
    check: async (subject) => {
      const post = (bytes: number) => answers(subject, '/queue', { method: 'POST', body: Buffer.alloc(bytes, 'x') });
      assert.notEqual((await post(10_485_760)).status, 413);
      assert.equal((await post(10_485_761)).status, 413);
    },
  },
  {
    row: 'A3.integration-timeout',
    check: async (subject) => {
      await answers(subject, '/plain');
      const started = performance.now();
      assert.equal((await answers(subject, '/slow')).status, 503);
      const tookMs = performance.now() - started;
      assert.ok(tookMs >= 990 && tookMs < 2_900, `answered after ${tookMs} ms, but the timeout is 1,000 ms`);
    },
  },
  {
    row: 'A3.request-line',
    check: async (subject) => {
      const status = async (bytes: number) => {
        const headers = { 'x-large': 'x'.repeat(bytes) };
        return (await answers(subject, '/plain', { headers })).status;
      };
      assert.equal(await status(9_500), 200);
      assert.ok((await status(10_300)) >= 400);
    },
  },
  {
    row: 'C.http-error',
    check: async (subject) => {
      assert.deepEqual(await answers(subject, '/throw'), { status: 500, body: '{"message":"Internal Server Error"}' });
    },
  },
  {
    row: 'C.http-timeout',
    check: async (subject) => {
      assert.deepEqual(await answers(subject, '/slow'), { status: 503, body: '{"message":"Service Unavailable"}' });
    },
  },
  {
    row: 'C.http-throttled',
    check: async (subject) => {
      assert.deepEqual(await answers(subject, '/never'), { status: 503, body: '{"message":"Service Unavailable"}' });
    },
  },
  {
    row: 'C.http-decoded',
    check: async (subject) => {
      const { body } = await answers(subject, '/echo/a%20b%C3%A9');
      const { rawPath, pathParameters } = JSON.parse(body);
      assert.deepEqual([rawPath, pathParameters], ['/echo/a bé', { name: 'a bé' }]);
    },
  },
  {
    row: 'C.http-text',
    check: async (subject) => {
      const answer = await subject.http('/text');
      assert.deepEqual([answer.status, await answer.text()], [200, 'a text']);
      assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
    },
  },
  {
    row: 'C.http-cors',
    check: async (subject) => {
      const headers = { origin: corsOrigin, 'access-control-request-method': 'GET' };
      const preflight = await subject.http('/plain', { method: 'OPTIONS', headers });
      assert.equal(preflight.status, 204);
      assert.equal(preflight.headers.get('access-control-allow-origin'), corsOrigin);
      assert.equal(preflight.headers.get('access-control-allow-methods'), 'GET');
      assert.equal(preflight.headers.get('access-control-max-age'), '300');
      const answer = await subject.http('/plain', { headers: { origin: corsOrigin } });
      assert.equal(answer.headers.get('access-control-allow-origin'), corsOrigin);
      const stranger = await subject.http('/plain', { headers: { origin: 'https://other.example' } });
      assert.deepEqual([stranger.status, stranger.headers.get('access-control-allow-origin')], [200, null]);
    },
  },
  {
    row: 'C.http-not-permitted',
    check: async (subject) => {
      const { status, body } = await answers(subject, '/unpermitted');
      assert.deepEqual([status, JSON.parse(body)], [500, { message: 'Internal Server Error' }]);
    },
  },
  {
    row: 'C.http-event',
    check: async (subject) => {
      const body = '{"a":1}';
      const headers = { 'content-type': 'application/json', 'X-Mixed-Case': 'c', cookie: 'a=1; b=2' };
      const answer = await subject.http('/echo?q=1&q=2', { method: 'POST', headers, body });
      assert.equal(answer.status, 201);
      assert.equal(answer.headers.get('x-probe'), 'yes');
      assert.deepEqual(answer.headers.getSetCookie(), ['a=1', 'b=2']);
      const event = (await answer.json()) as Record<string, unknown> & {
        headers: Record<string, string>;
        requestContext: Record<string, unknown> & { http: Record<string, unknown> };
      };
      const { version, routeKey, rawPath, rawQueryString, queryStringParameters, isBase64Encoded, cookies } = event;
      assert.deepEqual(
        {
          version,
          routeKey,
          rawPath,
          rawQueryString,
          queryStringParameters,
          isBase64Encoded,
          cookies,
          body: event.body,
        },
        {
          version: '2.0',
          routeKey: 'POST /echo',
          rawPath: '/echo',
          rawQueryString: 'q=1&q=2',
          queryStringParameters: { q: '1,2' },
          isBase64Encoded: false,
          cookies: ['a=1', 'b=2'],
          body,
        },
      );
      assert.equal(event.headers['x-mixed-case'], 'c');
      const { http, ...context } = event.requestContext;
      for (const name of [
        'accountId',
        'apiId',
        'domainName',
        'domainPrefix',
        'requestId',
        'routeKey',
        'stage',
        'time',
        'timeEpoch',
      ]) {
        assert.ok(name in context, `requestContext.${name} is missing`);
      }
      assert.deepEqual(Object.keys(http).toSorted(), ['method', 'path', 'protocol', 'sourceIp', 'userAgent']);
    },
  },
  {
    row: 'C.api-retries',
    check: async (subject) => {
      // A second attempt would count a second invocation, and take twice as long.
      const started = performance.now();
      await answers(subject, '/slow');
      assert.ok(performance.now() - started < 1_900);
    },
  },
];
