import { describe, expect, test } from 'vitest';
import type { InvokeOutcome } from '../../lambda/lambda-service.ts';
import { hasIdentity, readAuthorization } from './authorizer.ts';

const arn = 'arn:aws:execute-api:us-east-1:000000000000:abc/prod/$connect';
const policy = (Effect: string, Resource: string) => ({
  Statement: [{ Effect, Action: 'execute-api:Invoke', Resource }],
});
const answer = (value: unknown): InvokeOutcome => ({ kind: 'ok', payload: JSON.stringify(value) });

describe('authorizer', () => {
  test('an allowing policy passes on principal and context as texts', () => {
    const value = { principalId: 'u', policyDocument: policy('Allow', arn), context: { n: 5, b: true, s: 'x' } };
    expect(readAuthorization(answer(value), arn)).toEqual({
      kind: 'allowed',
      context: { principalId: 'u', n: '5', b: 'true', s: 'x' },
    });
  });

  test.each([
    ['Allow', '*', 'allowed'],
    ['Allow', 'arn:aws:execute-api:us-east-1:*:abc/prod/*', 'allowed'],
    ['Allow', 'arn:aws:execute-api:us-east-1:*:other/prod/*', 'forbidden'],
    ['Deny', '*', 'forbidden'],
  ])('%s on %s is %s', (effect, resource, kind) => {
    const value = { principalId: 'u', policyDocument: policy(effect, resource) };
    expect(readAuthorization(answer(value), arn).kind).toBe(kind);
  });

  test('a Deny wins over an Allow', () => {
    const Statement = [...policy('Allow', '*').Statement, ...policy('Deny', '*').Statement];
    expect(readAuthorization(answer({ principalId: 'u', policyDocument: { Statement } }), arn).kind).toBe('forbidden');
  });

  test('the error Unauthorized is 401, any other a failure', () => {
    const thrown = (errorMessage: string): InvokeOutcome => ({
      kind: 'functionError',
      cause: 'thrown',
      error: { errorType: 'Error', errorMessage },
    });
    expect(readAuthorization(thrown('Unauthorized'), arn).kind).toBe('unauthorized');
    expect(readAuthorization(thrown('oops'), arn).kind).toBe('failed');
    expect(readAuthorization({ kind: 'throttled', reason: 'ConcurrentInvocationLimitExceeded' }, arn).kind).toBe(
      'failed',
    );
  });

  test.each([
    [null],
    [{ principalId: 'u' }],
    [{ policyDocument: policy('Allow', '*') }],
    [{ principalId: 'u', policyDocument: policy('Allow', '*'), context: { deep: {} } }],
  ])('%j is not an authorizer answer', (value) => {
    expect(readAuthorization(answer(value), arn).kind).toBe('failed');
  });

  test('every identity source must be present, header names in any case', () => {
    const handshake = { headers: { 'X-Key': 'k' }, multiValueHeaders: {}, query: { token: 't' }, multiValueQuery: {} };
    const sources = ['route.request.querystring.token', 'route.request.header.x-key'];
    expect(hasIdentity(sources, handshake)).toBe(true);
    expect(hasIdentity(sources, { ...handshake, query: {} })).toBe(false);
    expect(hasIdentity(sources, { ...handshake, headers: { 'X-Key': '' } })).toBe(false);
  });
});
