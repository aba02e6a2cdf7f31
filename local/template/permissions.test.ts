import { describe, expect, test } from 'vitest';
import { isArnLike, mayInvoke, permissionsOf } from './permissions.ts';

const api = 'arn:aws:execute-api:us-east-1:000000000000:abc';

describe('permissions of functions', () => {
  test.each([
    [`${api}/*/*sendmessage`, `${api}/prod/sendmessage`, true],
    [`${api}/*/*sendmessage`, `${api}/prod/$connect`, false],
    [`${api}/*/*/hello`, `${api}/prod/GET/hello`, true],
    [`${api}/*/*/users/*`, `${api}/prod/GET/users/{id}`, true],
    [`${api}/*`, `${api}/prod/$default`, true],
    ['arn:aws:execute-api:*:*:abc/*', `${api}/prod/$connect`, true],
    ['arn:aws:execute-api:us-east-1:000000000000:other/*', `${api}/prod/$connect`, false],
    [`${api}/pro?/x.y`, `${api}/prod/xzy`, false],
  ])('%s is like %s: %s', (pattern, arn, alike) => {
    expect(isArnLike(pattern, arn)).toBe(alike);
  });

  const permission = (properties: object) => ({
    logicalId: 'P',
    type: 'AWS::Lambda::Permission',
    kind: 'permission' as const,
    metadata: {},
    properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: 'f',
      Principal: 'apigateway.amazonaws.com',
      ...properties,
    },
  });
  const own = (reference: string) => (reference === 'f' ? 'f' : null);

  test.each([
    [{}, true],
    [{ SourceArn: `${api}/*` }, true],
    [{ SourceArn: `${api}/*/other` }, false],
    [{ SourceAccount: '111111111111' }, false],
    [{ Principal: 's3.amazonaws.com' }, false],
    [{ Action: 'lambda:GetFunction' }, false],
    [{ FunctionName: 'g' }, false],
  ])('%j lets API Gateway in: %s', (properties, allowed) => {
    expect(mayInvoke(permissionsOf([permission(properties)], own), 'f', `${api}/prod/$connect`)).toBe(allowed);
  });
});
