/** C: the REST API. */
import assert from 'node:assert/strict';
import type { ConformanceCase } from '../conformance-case.ts';
import { restStage } from '../stack/settings.ts';

export const restApiCases: readonly ConformanceCase[] = [
  {
    row: 'C.rest-event',
    check: async (subject) => {
      const answer = await subject.rest('/echo/ann?q=1&q=2', {
        ...{ method: 'POST', body: '{"a":1}' },
        headers: { 'content-type': 'application/json', 'X-Mixed-Case': 'c' },
      });
      assert.equal(answer.status, 201);
      const event = JSON.parse(await answer.text());
      const { resource, path, httpMethod, body, isBase64Encoded, pathParameters, stageVariables } = event;
      assert.deepEqual(
        { resource, path, httpMethod, body, isBase64Encoded, pathParameters, stageVariables },
        {
          ...{ resource: '/echo/{name}', path: '/echo/ann', httpMethod: 'POST', body: '{"a":1}' },
          ...{ isBase64Encoded: false, pathParameters: { name: 'ann' }, stageVariables: null },
        },
      );
      assert.deepEqual(event.queryStringParameters, { q: '2' });
      assert.deepEqual(event.multiValueQueryStringParameters, { q: ['1', '2'] });
      const { stage, resourcePath, httpMethod: method, path: whole } = event.requestContext;
      assert.deepEqual(
        [stage, resourcePath, method, whole],
        [restStage, '/echo/{name}', 'POST', `/${restStage}/echo/ann`],
      );
      assert.equal(typeof event.requestContext.identity.sourceIp, 'string');
    },
  },
  {
    row: 'C.rest-missing',
    check: async (subject) => {
      for (const [path, method] of [
        ['/nothing', 'GET'],
        ['/plain', 'POST'],
      ] as const) {
        const answer = await subject.rest(path, { method });
        assert.deepEqual([answer.status, await answer.json()], [403, { message: 'Missing Authentication Token' }]);
      }
    },
  },
  {
    row: 'C.rest-malformed',
    check: async (subject) => {
      const answer = await subject.rest('/plain');
      assert.deepEqual([answer.status, await answer.json()], [502, { message: 'Internal server error' }]);
    },
  },
  {
    row: 'C.rest-mock',
    check: async (subject) => {
      const answer = await subject.rest('/mock');
      assert.deepEqual(
        [answer.status, answer.headers.get('x-mock'), await answer.json()],
        [200, 'yes', { stage: restStage }],
      );
    },
  },
];
