// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation's syntax, not JavaScript's
import { describe, expect, test } from 'vitest';
import { withNestedStacks } from './nested-stacks.ts';
import { readTemplate } from './template.ts';
import { Problems } from './template-error.ts';

const place = { stackName: 'Shop', region: 'us-east-1', accountId: '1', sqsUrl: 'http://sqs' };
const queue = (Properties: object, more: object = {}) => ({ Type: 'AWS::SQS::Queue', Properties, ...more });

const child = {
  Parameters: {
    Name: { Type: 'String' },
    Zones: { Type: 'CommaDelimitedList', Default: 'a,b' },
    Big: { Type: 'String', Default: 'no' },
  },
  Conditions: { IsBig: { 'Fn::Equals': [{ Ref: 'Big' }, 'yes'] } },
  Mappings: { Delay: { of: { orders: 7 } } },
  Resources: {
    Orders: queue({
      QueueName: { 'Fn::Sub': '${Name}-${AWS::StackName}' },
      DelaySeconds: { 'Fn::FindInMap': ['Delay', 'of', 'orders'] },
      RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': 'Lost.Arn' }, maxReceiveCount: 3 },
      Tags: [{ Key: 'zone', Value: { 'Fn::Select': [1, { Ref: 'Zones' }] } }],
    }),
    Lost: queue({}),
    Bulk: queue({}, { Condition: 'IsBig' }),
  },
  Outputs: {
    Arn: { Value: { 'Fn::GetAtt': ['Orders', 'Arn'] } },
    Text: { Value: { 'Fn::Sub': 'of ${Orders.QueueName}' } },
  },
};
const nested = (Parameters: object, more: object = {}) => ({
  Type: 'AWS::CloudFormation::Stack',
  Properties: { TemplateURL: 'child.yaml', Parameters },
  ...more,
});

function read(resources: Record<string, object>, sections: object = {}) {
  const stacks = Object.entries(resources).flatMap(([logicalId, resource]) =>
    'Type' in resource && resource.Type === 'AWS::CloudFormation::Stack'
      ? [{ logicalId, resource: { ...resource }, document: child }]
      : [],
  );
  const problems = new Problems();
  const template = readTemplate(withNestedStacks({ ...sections, Resources: resources }, stacks), { place, problems });
  problems.throwAny();
  return template;
}

describe('a nested stack', () => {
  test('has its resources by its own id, with parameters, mappings and references of its own', () => {
    const { resources, propertiesOf } = read({
      One: nested({ Name: { 'Fn::Sub': '${AWS::Region}-x' } }),
      Two: nested({ Name: 'two', Zones: 'c,d', Big: 'yes' }),
    });
    expect([...resources.keys()]).toEqual(['One/Orders', 'One/Lost', 'Two/Orders', 'Two/Lost', 'Two/Bulk']);
    expect(propertiesOf('One/Orders')).toMatchObject({
      ...{ QueueName: 'us-east-1-x-Shop-One', DelaySeconds: 7 },
      RedrivePolicy: {
        deadLetterTargetArn: expect.stringMatching(/^arn:aws:sqs:us-east-1:1:Shop-One-Lost-[0-9a-f]+$/),
      },
      Tags: [{ Key: 'zone', Value: 'b' }],
    });
    expect(propertiesOf('Two/Orders')).toMatchObject({
      QueueName: 'two-Shop-Two',
      Tags: [{ Key: 'zone', Value: 'd' }],
    });
  });

  test('gives its outputs to its parent, and to the next stack', () => {
    const { propertiesOf, outputs } = read(
      {
        One: nested({ Name: 'one' }),
        Two: nested({ Name: { 'Fn::Select': [5, { 'Fn::Split': [':', { 'Fn::GetAtt': ['One', 'Outputs.Arn'] }] }] } }),
      },
      { Outputs: { Said: { Value: { 'Fn::Sub': '${One.Outputs.Text}!' } } } },
    );
    expect(propertiesOf('Two/Orders').QueueName).toBe('one-Shop-One-Shop-Two');
    expect(outputs).toEqual({ Said: 'of one-Shop-One!' });
  });

  test('is created where its condition holds, and a resource of it where both do', () => {
    const Conditions = { Never: { 'Fn::Equals': ['a', 'b'] }, Always: { 'Fn::Equals': ['a', 'a'] } };
    const { resources, omitted } = read(
      {
        Off: nested({ Name: 'off', Big: 'yes' }, { Condition: 'Never' }),
        On: nested({ Name: 'on', Big: 'yes' }, { Condition: 'Always' }),
      },
      { Conditions },
    );
    expect([...resources.keys()]).toEqual(['On/Orders', 'On/Lost', 'On/Bulk']);
    expect(omitted).toEqual(['Off/Orders', 'Off/Lost', 'Off/Bulk']);
  });

  test('whose parameter is an SSM parameter of a name, or a list with items, that are expressions has its value', () => {
    const stored = {
      Parameters: {
        Stored: { Type: 'AWS::SSM::Parameter::Value<String>' },
        Many: { Type: 'AWS::SSM::Parameter::Value<List<String>>', Default: '/many' },
        Items: { Type: 'CommaDelimitedList' },
      },
      Resources: {
        Orders: queue({
          QueueName: { Ref: 'Stored' },
          Tags: [
            { Key: 'many', Value: { 'Fn::Select': [1, { Ref: 'Many' }] } },
            { Key: 'items', Value: { 'Fn::Select': [1, { Ref: 'Items' }] } },
          ],
        }),
      },
    };
    const Parameters = { Stored: { 'Fn::Sub': '/${AWS::Region}/name' }, Items: ['a', { Ref: 'AWS::Region' }] };
    const resource = { ...nested(Parameters) };
    const problems = new Problems();
    const document = withNestedStacks({ Resources: { One: resource } }, [
      { logicalId: 'One', resource, document: stored },
    ]);
    const given = { ssm: { '/us-east-1/name': 'kept', '/many': 'x,y' } };
    expect(readTemplate(document, { place, problems, given }).propertiesOf('One/Orders')).toEqual({
      QueueName: 'kept',
      Tags: [
        { Key: 'many', Value: 'y' },
        { Key: 'items', Value: 'us-east-1' },
      ],
    });
  });

  test.each([
    ['One → Two → One', { 'Fn::GetAtt': ['One', 'Outputs.Arn'] }],
    ['One → Two → One', { 'Fn::Sub': '${One.Outputs.Text}' }],
  ])('that needs its own outputs by way of another is refused: %s', (circle, ofOne) => {
    const ofTwo = { 'Fn::GetAtt': 'Two.Outputs.Text' };
    expect(() => read({ One: nested({ Name: ofTwo }), Two: nested({ Name: ofOne }) })).toThrow(
      `The stack's template, One.Properties.Parameters: the stack depends on itself: ${circle}`,
    );
  });

  test('that misses a parameter is refused', () => {
    expect(() => read({ One: nested({}) })).toThrow(
      'One.Properties.Parameters: has no Name, which its template needs and has no default for',
    );
  });
});
