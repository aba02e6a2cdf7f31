import { expect, test } from 'vitest';
import { stackGraphOf } from './stack-graph.ts';
import { readStackModel } from './stack-model.ts';

const place = { stackName: 'S', region: 'us-east-1', accountId: '000000000000', sqsUrl: 'http://sqs' };
const lambda = (FunctionName: string) => ({
  Type: 'AWS::Lambda::Function',
  Properties: { FunctionName, Handler: 'index.handler', Runtime: 'nodejs24.x', Code: {} },
});
const resources = { F: lambda('f'), Next: lambda('next') };
const stackOf = (Resources: object) =>
  readStackModel({
    ...{ ...place, gatewayAddress: null },
    input: { document: { Resources }, codeFolders: { F: '/code', Next: '/code' }, given: {}, ignore: [] },
  });

test('what is provisioned for versions and aliases is one figure, which their function has', () => {
  const of = (Type: string, executions: unknown, more: object = {}) => ({
    Type,
    Properties: {
      ...{ FunctionName: { Ref: 'F' }, ...more },
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: executions },
    },
  });
  const versions = {
    One: of('AWS::Lambda::Version', '3'),
    Live: of('AWS::Lambda::Alias', 2, { Name: 'live', FunctionVersion: '1' }),
  };
  const stack = stackOf({ ...resources, ...versions });
  expect(stack.functions.map(({ provisionedConcurrency }) => provisionedConcurrency)).toEqual([5, undefined]);
  expect(stackGraphOf(stack, 'http://sqs').functions).toMatchObject([
    { id: 'F', provisionedConcurrency: 5 },
    { id: 'Next' },
  ]);
  expect(() => stackOf({ ...resources, One: of('AWS::Lambda::Version', 0) })).toThrow(
    'One.Properties.ProvisionedConcurrencyConfig: needs ProvisionedConcurrentExecutions of at least 1',
  );
});
