import { describe, expect, test } from 'vitest';
import { isArnLike, mayInvoke, missingForUrl, permissionsOf } from './permissions.ts';

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

  const anybody = { Principal: '*', FunctionUrlAuthType: 'NONE' };
  test.each([
    [[], ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction']],
    [[{ ...anybody, Action: 'lambda:InvokeFunctionUrl' }], ['lambda:InvokeFunction']],
    [
      [
        { ...anybody, Action: 'lambda:InvokeFunctionUrl' },
        { Principal: '*', Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true },
      ],
      [],
    ],
    // Only for signed requests.
    [
      [{ Principal: '*', Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'AWS_IAM' }, { Principal: '*' }],
      ['lambda:InvokeFunctionUrl'],
    ],
    // API Gateway is not everybody.
    [[{ ...anybody, Action: 'lambda:InvokeFunctionUrl' }, {}], ['lambda:InvokeFunction']],
  ])('%j leave out for everybody by its URL: %j', (all, missing) => {
    expect(missingForUrl(permissionsOf(all.map(permission), own), 'f')).toEqual(missing);
  });

  test('what is allowed by its URL alone lets API Gateway in by nothing else', () => {
    const byUrl = permissionsOf([permission({ Principal: '*', InvokedViaFunctionUrl: true })], own);
    expect(mayInvoke(byUrl, 'f', `${api}/prod/$connect`)).toBe(false);
  });
});
