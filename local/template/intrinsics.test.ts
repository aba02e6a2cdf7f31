// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the syntax of the templates and mappings under test
import { describe, expect, test } from 'vitest';
import { type Resolver, resolve } from './intrinsics.ts';
import { readResources } from './resources.ts';
import { localizeUrl } from './stack-model.ts';

const resolver: Resolver = {
  ref(name) {
    if (name === 'AWS::Region') return 'us-east-1';
    if (name === 'Queue') return 'http://sqs/q';
    throw new Error(`unknown resource ${name}`);
  },
  getAtt: (logicalId, attribute) => `${logicalId}/${attribute}`,
};

describe('intrinsics', () => {
  test.each([
    [{ Ref: 'Queue' }, 'http://sqs/q'],
    [{ 'Fn::GetAtt': ['Queue', 'Arn'] }, 'Queue/Arn'],
    [{ 'Fn::GetAtt': 'Queue.Nested.Arn' }, 'Queue/Nested.Arn'],
    [{ 'Fn::Join': ['-', ['a', { Ref: 'AWS::Region' }, 5]] }, 'a-us-east-1-5'],
    [{ 'Fn::Sub': 'x-${AWS::Region}-${Queue.Arn}-${!Literal}' }, 'x-us-east-1-Queue/Arn-${Literal}'],
    [{ 'Fn::Sub': ['${a}/${AWS::Region}', { a: { Ref: 'Queue' } }] }, 'http://sqs/q/us-east-1'],
    [{ deep: [{ Ref: 'Queue' }, true, null] }, { deep: ['http://sqs/q', true, null] }],
    [
      { Ref: 'x', other: 1 },
      { Ref: 'x', other: 1 },
    ],
  ])('%j is %j', (value, resolved) => {
    expect(resolve(value, resolver, 'here')).toEqual(resolved);
  });

  test('an unknown intrinsic is refused with its location', () => {
    expect(() => resolve({ a: [{ 'Fn::If': ['c', 1, 2] }] }, resolver, 'Queue.Properties')).toThrow(
      "The stack's template, Queue.Properties.a[0]: Fn::If is not supported",
    );
  });

  test('an unknown reference is refused with its location', () => {
    expect(() => resolve({ 'Fn::Sub': '${Missing}' }, resolver, 'Queue.Properties.QueueName')).toThrow(
      "The stack's template, Queue.Properties.QueueName: unknown resource Missing",
    );
  });
});

describe('resources', () => {
  const surroundings = { stackName: 'S', region: 'us-east-1', accountId: '000000000000', sqsUrl: 'http://sqs' };
  const read = (Resources: object) => readResources({ Resources }, surroundings);

  test('an unsupported type is refused', () => {
    expect(() => read({ Db: { Type: 'AWS::RDS::DBInstance' } })).toThrow(
      'Db: resource type AWS::RDS::DBInstance is not supported',
    );
  });

  test('an unsupported property that would change behaviour is refused', () => {
    expect(() => read({ Q: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } } })).toThrow(
      'Q.Properties.FifoQueue: the local target does not support this property of AWS::SQS::Queue',
    );
  });

  test('a property without effect here is ignored, and the same template yields the same names', () => {
    const template = {
      Q: { Type: 'AWS::SQS::Queue', Properties: { SqsManagedSseEnabled: true, VisibilityTimeout: 5 } },
    };
    const { resources, resolver: names } = read(template);
    expect(resources[0]?.properties).toEqual({ VisibilityTimeout: 5 });
    expect(names.ref('Q')).toBe(read(template).resolver.ref('Q'));
    expect(names.getAtt('Q', 'Arn')).toMatch(/^arn:aws:sqs:us-east-1:000000000000:S-Q-[0-9a-f]{12}$/);
  });

  test('outputs are resolved', () => {
    const template = { Resources: {}, Outputs: { R: { Value: { Ref: 'AWS::Region' } } } };
    expect(readResources(template, surroundings).outputs).toEqual({ R: 'us-east-1' });
  });
});

test("the host of an API becomes the gateway's address", () => {
  const at = { gatewayAddress: '127.0.0.1:8080' };
  expect(localizeUrl('wss://abc.execute-api.us-east-1.amazonaws.com/prod', at)).toBe('ws://127.0.0.1:8080/prod');
  expect(localizeUrl('https://abc.execute-api.eu-west-1.amazonaws.com/x', at)).toBe('http://127.0.0.1:8080/x');
  expect(localizeUrl('https://sqs.us-east-1.amazonaws.com/q', at)).toBe('https://sqs.us-east-1.amazonaws.com/q');
});
