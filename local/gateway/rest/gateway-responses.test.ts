import { expect, test } from 'vitest';
import { failedAnswer, gatewayAnswer, withGatewayResponse } from './gateway-responses.ts';

const responses = {
  DEFAULT_4XX: { status: null, headers: { 'access-control-allow-origin': '*' } },
  UNAUTHORIZED: { status: 403, headers: { 'www-authenticate': 'Basic' } },
};

test.each([
  ['of its own type, with its status', gatewayAnswer('UNAUTHORIZED'), 403, { 'www-authenticate': 'Basic' }],
  ['for all of its kind', gatewayAnswer('THROTTLED'), 429, { 'access-control-allow-origin': '*' }],
  ['of none that the template has', gatewayAnswer('INTEGRATION_TIMEOUT'), 504, {}],
  ['of none, as it is the integration that answers', { status: 404, headers: {}, body: Buffer.alloc(0) }, 404, {}],
])('an answer has the headers %s', (_what, answer, status, headers) => {
  const { 'content-type': _type, ...added } = withGatewayResponse(answer, responses).headers as Record<string, string>;
  expect([withGatewayResponse(answer, responses).status, added]).toEqual([status, headers]);
});

test.each([
  [{ kind: 'timeout', afterMs: 1 }, 504],
  [{ kind: 'throttled' }, 500],
  [{ kind: 'answered' }, 502],
] as const)('an integration that fails by %j is %i', (failure, status) => {
  expect(failedAnswer(failure, 502).status).toBe(status);
});
