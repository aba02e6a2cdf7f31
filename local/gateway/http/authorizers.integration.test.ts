/** HTTP APIs whose callers have to show something: a key that a function knows, a token of an issuer; and a function's own URL, which is open. */
import { createServer, type Server } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listen } from '../../process/listen.ts';
import { startSmallStack } from '../../testing/small-stack.ts';

const { privateKey, publicKey } = await generateKeyPair('RS256');
const issuer: Server = createServer(async (request, response) => {
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'first', alg: 'RS256' }] };
  const [, pool = '', isDiscovery] = /^\/(\w+)(\/\.well-known\/openid-configuration)?/.exec(request.url ?? '') ?? [];
  // The pool `down` is described, and its keys are not to be had.
  if (pool === 'down' && !isDiscovery) response.writeHead(503);
  response.end(JSON.stringify(isDiscovery ? { jwks_uri: `${issuerUrl}/${pool}/keys` } : keys));
});
let issuerUrl = '';

const guard = `
export const handler = async (event) => {
  if (event.version === '2.0') {
    const isAuthorized = event.identitySource[0] === 'open sesame' && event.type === 'REQUEST';
    return { isAuthorized, context: { who: 'ali', at: event.routeArn.split('/').slice(1).join('/'), seen: Date.now() } };
  }
  if (event.authorizationToken === 'throw') throw new Error('Unauthorized');
  const Effect = event.authorizationToken === 'yes' ? 'Allow' : 'Deny';
  const Statement = [{ Action: 'execute-api:Invoke', Effect, Resource: event.methodArn }];
  return { principalId: 'bob', policyDocument: { Version: '2012-10-17', Statement }, context: { level: 7 } };
};`;
const echo = `
export const handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event.requestContext) });`;

const arn = (name: string) => ({ 'Fn::GetAtt': [name, 'Arn'] });
const route = (api: string, name: string, RouteKey: string, security: object) => ({
  [name]: {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: { ApiId: { Ref: api }, RouteKey, Target: { 'Fn::Sub': `integrations/\${${api}ToEcho}` }, ...security },
  },
});
const api = (name: string) => ({
  [name]: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: name, ProtocolType: 'HTTP' } },
  [`${name}Stage`]: { Type: 'AWS::ApiGatewayV2::Stage', Properties: { ApiId: { Ref: name }, StageName: '$default' } },
  [`${name}ToEcho`]: {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: {
      ...{ ApiId: { Ref: name }, IntegrationType: 'AWS_PROXY', IntegrationUri: arn('Echo') },
      PayloadFormatVersion: '2.0',
    },
  },
});
const authorizer = (ApiId: object, Properties: object) => ({
  Type: 'AWS::ApiGatewayV2::Authorizer',
  Properties: { ApiId, Name: 'guard', ...Properties },
});
const byFunction = { AuthorizerType: 'REQUEST', AuthorizerUri: arn('Guard') };
const mayInvoke = (FunctionName: object, permission: object) => ({
  Type: 'AWS::Lambda::Permission',
  Properties: { FunctionName, Action: 'lambda:InvokeFunction', ...permission },
});

function resources() {
  const first = { Ref: 'First' };
  const second = { Ref: 'Second' };
  const JwtConfiguration = { Issuer: `${issuerUrl}/pool`, Audience: ['app'] };
  return {
    ...api('First'),
    ...api('Second'),
    ByKey: authorizer(first, {
      ...byFunction,
      ...{ AuthorizerPayloadFormatVersion: '2.0', EnableSimpleResponses: true, AuthorizerResultTtlInSeconds: 60 },
      IdentitySource: ['$request.header.X-Key'],
    }),
    ByRoute: authorizer(first, {
      ...byFunction,
      ...{ AuthorizerPayloadFormatVersion: '2.0', EnableSimpleResponses: true, AuthorizerResultTtlInSeconds: 60 },
      IdentitySource: ['$request.header.X-Key', '$context.routeKey'],
    }),
    ByKeyToo: authorizer(first, {
      ...byFunction,
      ...{ AuthorizerPayloadFormatVersion: '2.0', EnableSimpleResponses: true, AuthorizerResultTtlInSeconds: 60 },
      IdentitySource: ['$request.header.X-Key'],
    }),
    ByPolicy: authorizer(first, {
      ...byFunction,
      ...{ AuthorizerPayloadFormatVersion: '1.0', IdentitySource: ['$request.querystring.token'] },
    }),
    ByToken: authorizer(second, {
      ...{ AuthorizerType: 'JWT', IdentitySource: ['$request.header.Authorization'], JwtConfiguration },
    }),
    ...route('First', 'Keyed', 'GET /keyed/{name}', { AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: 'ByKey' } }),
    ...route('First', 'Listed', 'GET /listed', { AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: 'ByKey' } }),
    ...route('First', 'Other', 'GET /other', { AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: 'ByKeyToo' } }),
    ...route('First', 'Here', 'GET /here', { AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: 'ByRoute' } }),
    ...route('First', 'There', 'GET /there', { AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: 'ByRoute' } }),
    ...route('First', 'Policed', 'GET /policed', { AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: 'ByPolicy' } }),
    ...route('Second', 'Signed', 'GET /', { AuthorizationType: 'JWT', AuthorizerId: { Ref: 'ByToken' } }),
    ByLostToken: authorizer(second, {
      ...{ AuthorizerType: 'JWT', IdentitySource: ['$request.header.Authorization'] },
      JwtConfiguration: { Issuer: `${issuerUrl}/down`, Audience: ['app'] },
    }),
    ...route('Second', 'Lost', 'GET /lost', { AuthorizationType: 'JWT', AuthorizerId: { Ref: 'ByLostToken' } }),
    ...route('Second', 'Scoped', 'GET /admin', {
      ...{ AuthorizationType: 'JWT', AuthorizerId: { Ref: 'ByToken' }, AuthorizationScopes: ['admin'] },
    }),
    MayEcho: mayInvoke(arn('Echo'), { Principal: 'apigateway.amazonaws.com' }),
    MayGuard: mayInvoke(arn('Guard'), { Principal: 'apigateway.amazonaws.com' }),
    EchoUrl: {
      Type: 'AWS::Lambda::Url',
      Properties: { AuthType: 'NONE', TargetFunctionArn: arn('Echo'), Cors: { AllowOrigins: ['*'] } },
    },
    AnybodyMayEcho: mayInvoke(arn('Echo'), { Action: 'lambda:InvokeFunctionUrl', Principal: '*' }),
    AnybodyMayEchoByUrl: mayInvoke(arn('Echo'), { Principal: '*', InvokedViaFunctionUrl: true }),
    GuardUrl: { Type: 'AWS::Lambda::Url', Properties: { AuthType: 'NONE', TargetFunctionArn: arn('Guard') } },
    SignedUrl: { Type: 'AWS::Lambda::Url', Properties: { AuthType: 'AWS_IAM', TargetFunctionArn: arn('Echo') } },
    Quick: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP', Name: 'quick', Target: arn('Echo') } },
  };
}

let stack: Awaited<ReturnType<typeof startSmallStack>>;
beforeAll(async () => {
  issuerUrl = `http://127.0.0.1:${await listen(issuer, 0, 'aws')}`;
  stack = await startSmallStack({
    functions: { Guard: guard, Echo: echo },
    webSocketRoutes: {},
    resources: resources(),
  });
});
afterAll(async () => {
  await stack.stop();
  issuer.close();
  issuer.closeAllConnections();
});

const urlOf = (logicalId: string) => stack.target.apis.find((one) => one.logicalId === logicalId)?.url ?? '';
async function get(url: string, headers: Record<string, string> = {}) {
  const answer = await fetch(url, { headers });
  return { status: answer.status, body: JSON.parse(await answer.text()) };
}

describe('a function that knows who may', () => {
  test('lets in whom it authorizes, with its context', async () => {
    const { status, body } = await get(`${urlOf('First')}/keyed/a`, { 'x-key': 'open sesame' });
    expect([status, body.authorizer]).toEqual([
      200,
      { lambda: { who: 'ali', at: '$default/GET/keyed/a', seen: expect.any(Number) } },
    ]);
    // Kept for the key, whatever the route.
    for (const path of ['/keyed/b', '/listed']) {
      const again = await get(`${urlOf('First')}${path}`, { 'x-key': 'open sesame' });
      expect(again.body.authorizer).toEqual(body.authorizer);
    }
  });

  test('is asked again by another authorizer, and on another route by one whose identity sources have the route', async () => {
    const at = async (path: string) =>
      (await get(`${urlOf('First')}${path}`, { 'x-key': 'open sesame' })).body.authorizer.lambda.at;
    await at('/listed');
    expect([await at('/other'), await at('/here'), await at('/there')]).toEqual([
      '$default/GET/other',
      '$default/GET/here',
      '$default/GET/there',
    ]);
  });

  test.each([
    ['none', {}, 401, 'Unauthorized'],
    ['a wrong one', { 'x-key': 'x' }, 403, 'Forbidden'],
  ])('with %s there is %j: %i', async (_what, headers, status, message) => {
    expect(await get(`${urlOf('First')}/keyed/a`, headers)).toEqual({ status, body: { message } });
  });

  test.each([
    ['yes', 200],
    ['no', 403],
    ['throw', 401],
  ])('by a policy of format 1.0: %s is %i', async (token, status) => {
    const answer = await get(`${urlOf('First')}/policed?token=${token}`);
    expect(answer.status).toBe(status);
    if (status === 200) expect(answer.body.authorizer).toEqual({ lambda: { level: 7 } });
  });
});

describe('a token of an issuer', () => {
  const signed = (claims: object, { iss = `${issuerUrl}/pool`, exp = '1h' } = {}) =>
    new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'first' })
      .setIssuer(iss)
      .setIssuedAt()
      .setExpirationTime(exp)
      .sign(privateKey);
  const ask = async (path: string, token: string) =>
    await get(`${urlOf('Second')}${path}`, { authorization: `Bearer ${token}` });

  test('lets in, with its claims as texts', async () => {
    const { status, body } = await ask('/', await signed({ aud: 'app', sub: 'ann', groups: ['a', 'b'], n: 1 }));
    expect([status, body.authorizer]).toEqual([
      200,
      { jwt: { claims: expect.objectContaining({ sub: 'ann', groups: '[a b]', n: '1' }), scopes: null } },
    ]);
    expect((await ask('/', await signed({ client_id: 'app' }))).status).toBe(200);
  });

  test('does not, of another audience, of another issuer, expired, or made up', async () => {
    const others = await Promise.all([
      signed({ aud: 'other' }),
      signed({ aud: 'app' }, { iss: 'https://example.com' }),
      signed({ aud: 'app' }, { exp: '-1h' }),
    ]);
    for (const token of [...others, 'made.up.token'])
      expect(await ask('/', token)).toEqual({ status: 401, body: { message: 'Unauthorized' } });
  });

  test('whose keys answer 503 is neither let in nor refused: that is the failure of its issuer', async () => {
    const token = await signed({ aud: 'app' }, { iss: `${issuerUrl}/down` });
    expect(await ask('/lost', token)).toEqual({ status: 500, body: { message: 'Internal Server Error' } });
  });

  test('needs one of the scopes of the route', async () => {
    expect((await ask('/admin', await signed({ aud: 'app', scope: 'read' }))).status).toBe(403);
    const { status, body } = await ask('/admin', await signed({ aud: 'app', scope: 'read admin' }));
    expect([status, body.authorizer.jwt.scopes]).toEqual([200, ['read', 'admin']]);
  });
});

test('a second API of its kind and the URL of a function have addresses of their own', async () => {
  const hosts = ['First', 'Second', 'EchoUrl'].map((id) => new URL(urlOf(id)).host);
  expect(new Set(hosts).size).toBe(3);
  const { status, body } = await get(urlOf('EchoUrl'), { origin: 'http://127.0.0.1' });
  expect([status, body.accountId, body.routeKey]).toEqual([200, 'anonymous', '$default']);
  // Nobody may by its URL, which the template has to say.
  expect((await get(urlOf('GuardUrl'))).status).toBe(403);
  expect((await get(urlOf('SignedUrl'))).status).toBe(403);
  // An API that names its target has a stage and a route by itself.
  const quick = await get(`${urlOf('Quick')}/any/path`);
  expect([quick.status, quick.body.routeKey, quick.body.http.path]).toEqual([200, '$default', '/any/path']);
});
