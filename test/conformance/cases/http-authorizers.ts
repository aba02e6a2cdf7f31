/** A3: how long an HTTP API waits for its authorizers, on a stack of its own with shorter times. */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { listen, localHost } from '../../../local/process/listen.ts';
import { startSmallStack } from '../../../local/testing/small-stack.ts';
import type { ConformanceCase } from '../conformance-case.ts';

const timeoutMs = 400;
const answered = `export const handler = async () => ({ statusCode: 200, body: 'answered' });`;
/** Until its own timeout. */
const waits = `export const handler = () => new Promise(() => {});`;
const arn = (name: string) => ({ 'Fn::GetAtt': [name, 'Arn'] });

/** A route whose authorizer never gets an answer: what its client gets, and after how long. */
async function refusal(authorizer: object, type: 'CUSTOM' | 'JWT') {
  const ApiId = { Ref: 'HttpApi' };
  const stack = await startSmallStack({
    functions: { Waits: waits, Http: answered },
    functionProperties: { Waits: { Timeout: 20 } },
    webSocketRoutes: {},
    httpRoutes: { 'GET /open': 'Http' },
    resources: {
      Guard: { Type: 'AWS::ApiGatewayV2::Authorizer', Properties: { ApiId, Name: 'guard', ...authorizer } },
      Guarded: {
        Type: 'AWS::ApiGatewayV2::Route',
        Properties: {
          ...{ ApiId, RouteKey: 'GET /guarded', AuthorizationType: type, AuthorizerId: { Ref: 'Guard' } },
          Target: 'integrations/HttpIntegration',
        },
      },
    },
    limits: { httpAuthorizerTimeoutMs: timeoutMs, jwtIssuerTimeoutMs: timeoutMs },
  });
  try {
    const started = performance.now();
    const answer = await fetch(`${stack.target.webhookUrl}/guarded`, { headers: { authorization: token } });
    return { status: answer.status, tookMs: performance.now() - started };
  } finally {
    await stack.stop();
  }
}

/** Of an issuer that is asked before anything else in it is read: `{"alg":"RS256"}`, `{}`. */
const token = 'Bearer eyJhbGciOiJSUzI1NiJ9.e30.AA';
const IdentitySource = ['$request.header.Authorization'];

function assertTimedOut({ status, tookMs }: { status: number; tookMs: number }): void {
  assert.equal(status, 500);
  assert.ok(tookMs >= timeoutMs - 10, `answered after ${tookMs} ms, but the timeout is ${timeoutMs} ms`);
}

export const httpAuthorizerCases: readonly ConformanceCase[] = [
  {
    row: 'A3.authorizer-timeout',
    check: async () => {
      const byFunction = { AuthorizerType: 'REQUEST', AuthorizerUri: arn('Waits'), IdentitySource };
      const simple = { AuthorizerPayloadFormatVersion: '2.0', EnableSimpleResponses: true };
      assertTimedOut(await refusal({ ...byFunction, ...simple }, 'CUSTOM'));
    },
  },
  {
    row: 'A3.jwks-timeout',
    check: async () => {
      const silent: Server = createServer(() => undefined);
      const Issuer = `http://${localHost}:${await listen(silent, 0, 'aws')}`;
      const JwtConfiguration = { Issuer, Audience: ['app'] };
      try {
        assertTimedOut(await refusal({ AuthorizerType: 'JWT', IdentitySource, JwtConfiguration }, 'JWT'));
      } finally {
        silent.close();
        silent.closeAllConnections();
      }
    },
  },
];
