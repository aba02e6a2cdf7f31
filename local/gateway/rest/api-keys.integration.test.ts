/** What API keys and their usage plans let through to a REST API. */
import { APIGatewayClient, GetApiKeysCommand, GetUsagePlansCommand } from '@aws-sdk/client-api-gateway';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSmallStack } from '../../testing/small-stack.ts';
import { localCredentials } from '../connections-api/sigv4.ts';
import { restApi } from '../integrations/integrations.fixture.ts';

const toFunction = {
  Type: 'AWS_PROXY',
  Uri: {
    'Fn::Join': [
      '',
      [
        'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/',
        { 'Fn::GetAtt': ['Echo', 'Arn'] },
        '/invocations',
      ],
    ],
  },
};
const stage = { ApiId: { Ref: 'RestApi' }, Stage: 'prod' };
const keyed = { Integration: toFunction, ApiKeyRequired: true };

let stack: Awaited<ReturnType<typeof startSmallStack>>;
let rest = '';
beforeAll(async () => {
  stack = await startSmallStack({
    functions: {
      Echo: 'export const handler = async ({ requestContext: { identity } }) => ({ statusCode: 200, body: JSON.stringify({ key: identity.apiKey, id: identity.apiKeyId }) });',
    },
    webSocketRoutes: {},
    resources: {
      ...restApi({ 'POST /keyed': keyed, 'POST /slow': keyed, 'POST /open': { Integration: toFunction } }),
      ...Object.fromEntries(
        [
          ['Ann', 'Limited'],
          ['Ben', 'Limited'],
          ['Cas', 'Counted'],
        ].flatMap(([name, plan]) => [
          [name, { Type: 'AWS::ApiGateway::ApiKey', Properties: { Enabled: true, Value: `key-of-${name}` } }],
          [
            `${name}Link`,
            {
              Type: 'AWS::ApiGateway::UsagePlanKey',
              Properties: { KeyId: { Ref: name }, KeyType: 'API_KEY', UsagePlanId: { Ref: plan } },
            },
          ],
        ]),
      ),
      Loose: { Type: 'AWS::ApiGateway::ApiKey', Properties: { Enabled: true, Value: 'key-of-nobody' } },
      // As good as no refill while the test runs.
      Limited: {
        Type: 'AWS::ApiGateway::UsagePlan',
        Properties: {
          ApiStages: [{ ...stage, Throttle: { '/slow/POST': { RateLimit: 0.0001, BurstLimit: 1 } } }],
          Throttle: { RateLimit: 0.0001, BurstLimit: 3 },
        },
      },
      Counted: {
        Type: 'AWS::ApiGateway::UsagePlan',
        Properties: { ApiStages: [stage], Quota: { Limit: 2, Period: 'MONTH' } },
      },
    },
  });
  rest = `${stack.target.webhookUrl}/prod`;
});
afterAll(() => stack.stop());

const post = async (path: string, key?: string) => {
  const headers = key === undefined ? {} : { 'x-api-key': key };
  const answer = await fetch(`${rest}${path}`, { method: 'POST', headers });
  return [answer.status, await answer.json()];
};
const forbidden = [403, { message: 'Forbidden' }];

test('a method that needs a key refuses requests without one, with an unknown one, and with one of no plan', async () => {
  for (const key of [undefined, 'other', 'key-of-nobody']) expect(await post('/keyed', key)).toEqual(forbidden);
  expect(await post('/open', 'key-of-Ann')).toEqual([200, { key: null }]);
});

test('the throttle of a plan is that of each of its keys, and of a method besides', async () => {
  const slow = [429, { message: 'Too Many Requests' }];
  expect(await post('/slow', 'key-of-Ann')).toEqual([200, { key: 'key-of-Ann', id: 'Ann' }]);
  expect(await post('/slow', 'key-of-Ann')).toEqual(slow);
  for (const expected of [200, 200, 429]) expect((await post('/keyed', 'key-of-Ann'))[0]).toBe(expected);
  expect((await post('/keyed', 'key-of-Ben'))[0]).toBe(200);
});

test('a quota that is used up says so', async () => {
  for (const expected of [200, 200]) expect((await post('/keyed', 'key-of-Cas'))[0]).toBe(expected);
  expect(await post('/keyed', 'key-of-Cas')).toEqual([429, { message: 'Limit Exceeded' }]);
});

test('keys and plans can be listed', async () => {
  const client = new APIGatewayClient({
    region: 'us-east-1',
    endpoint: stack.target.endpoints?.cloudwatch ?? '',
    credentials: localCredentials,
  });
  const { items: keys = [] } = await client.send(new GetApiKeysCommand({ includeValues: true }));
  expect(keys.map(({ value }) => value)).toEqual(['key-of-Ann', 'key-of-Ben', 'key-of-Cas']);
  const { items: plans = [] } = await client.send(new GetUsagePlansCommand({}));
  expect(plans).toMatchObject([
    {
      ...{ id: 'Limited', throttle: { rateLimit: 0.0001, burstLimit: 3 } },
      apiStages: [{ stage: 'prod', throttle: { '/slow/POST': { rateLimit: 0.0001, burstLimit: 1 } } }],
    },
    { id: 'Counted', quota: { limit: 2, period: 'MONTH' } },
  ]);
  client.destroy();
});
