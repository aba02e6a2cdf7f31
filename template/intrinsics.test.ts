// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the syntax of the templates under test
import { describe, expect, test } from 'vitest';
import { type Resolver, resolve } from './intrinsics.ts';

const resolver: Resolver = {
  ref(name) {
    if (name === 'AWS::Region') return 'us-east-1';
    if (name === 'Queue') return 'http://sqs/q';
    if (name === 'List') return ['a', 'b'];
    throw new Error(`unknown resource ${name}`);
  },
  getAtt: (logicalId, attribute) => `${logicalId}/${attribute}`,
  condition: (name) => name === 'Yes',
  inMap: (map, first, second) => (first === 'us-east-1' ? `${map}/${second}` : undefined),
  importValue: (name) => `imported ${name}`,
  dynamicReference: (service, rest) => `${service} ${rest}`,
  availabilityZones: (region) => [`${region}a`, `${region}b`],
};
const noValue = { Ref: 'AWS::NoValue' };

describe('intrinsics', () => {
  test.each([
    [{ Ref: 'Queue' }, 'http://sqs/q'],
    [{ 'Fn::GetAtt': ['Queue', 'Arn'] }, 'Queue/Arn'],
    [{ 'Fn::GetAtt': 'Queue.Nested.Arn' }, 'Queue/Nested.Arn'],
    [{ 'Fn::Join': ['-', ['a', { Ref: 'AWS::Region' }, 5]] }, 'a-us-east-1-5'],
    [{ 'Fn::Join': ['/', { Ref: 'List' }] }, 'a/b'],
    [{ 'Fn::Join': ['/', ['a', noValue, 'b']] }, 'a/b'],
    [{ 'Fn::Sub': 'x-${AWS::Region}-${Queue.Arn}-${!Literal}' }, 'x-us-east-1-Queue/Arn-${Literal}'],
    [{ 'Fn::Sub': ['${a}/${AWS::Region}', { a: { Ref: 'Queue' } }] }, 'http://sqs/q/us-east-1'],
    [{ deep: [{ Ref: 'Queue' }, true, null] }, { deep: ['http://sqs/q', true, null] }],
    [{ 'Fn::If': ['Yes', 1, { Ref: 'Missing' }] }, 1],
    [{ 'Fn::If': ['No', { Ref: 'Missing' }, { Ref: 'Queue' }] }, 'http://sqs/q'],
    [
      { kept: 1, gone: { 'Fn::If': ['No', 2, noValue] }, list: [1, noValue, 3] },
      { kept: 1, list: [1, 3] },
    ],
    [{ 'Fn::Split': [',', 'a,b,c'] }, ['a', 'b', 'c']],
    [{ 'Fn::Select': [1, { 'Fn::Split': [',', 'a,b,c'] }] }, 'b'],
    [{ 'Fn::Select': ['0', { 'Fn::GetAZs': '' }] }, 'us-east-1a'],
    [{ 'Fn::FindInMap': ['Sizes', { Ref: 'AWS::Region' }, 'memory'] }, 'Sizes/memory'],
    [{ 'Fn::FindInMap': ['Sizes', 'eu-west-1', 'memory', { DefaultValue: 128 }] }, 128],
    [{ 'Fn::ImportValue': { 'Fn::Sub': '${AWS::Region}-table' } }, 'imported us-east-1-table'],
    [{ 'Fn::Base64': 'hello' }, 'aGVsbG8='],
    [{ 'Fn::Length': { Ref: 'List' } }, 2],
    [{ 'Fn::ToJsonString': { a: { Ref: 'Queue' } } }, '{"a":"http://sqs/q"}'],
    ['{{resolve:ssm:/app/key:1}}!', 'ssm /app/key:1!'],
    [
      { Ref: 'x', other: 1 },
      { Ref: 'x', other: 1 },
    ],
  ])('%j is %j', (value, resolved) => {
    expect(resolve(value, resolver, 'here')).toEqual(resolved);
  });

  test('no value at all', () => {
    expect(resolve({ 'Fn::If': ['No', 1, noValue] }, resolver, 'here')).toBeUndefined();
  });

  test.each([
    [{ a: [{ 'Fn::Cidr': ['c', 1, 2] }] }, 'Q.Properties.a[0]: Fn::Cidr is not supported'],
    [{ 'Fn::Sub': '${Missing}' }, 'Q.Properties: unknown resource Missing'],
    [{ 'Fn::Select': [3, ['a']] }, 'Q.Properties: Fn::Select has no value 3 among 1'],
    [{ 'Fn::FindInMap': ['Sizes', 'eu-west-1', 'memory'] }, 'Q.Properties: Mappings has no Sizes.eu-west-1.memory'],
    [{ 'Fn::Join': ['-', 'text'] }, 'Q.Properties: needs a list, got "text"'],
  ])('%j is refused with its location', (value, problem) => {
    expect(() => resolve(value, resolver, 'Q.Properties')).toThrow(`The stack's template, ${problem}`);
  });
});
