// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the syntax of the templates under test
import { describe, expect, test } from 'vitest';
import type { GivenValues } from './parameters.ts';
import { parseTemplate } from './parse.ts';
import { readTemplate } from './template.ts';
import { Problems } from './template-error.ts';

const place = { stackName: 'S', region: 'us-east-1', accountId: '000000000000', sqsUrl: 'http://sqs' };

function read(yaml: string, given: GivenValues = {}) {
  const problems = new Problems();
  const template = readTemplate(parseTemplate(yaml, 'template.yaml'), { place, given, problems });
  return { ...template, problems };
}

function problemsOf(yaml: string, given: GivenValues = {}): string {
  try {
    read(yaml, given).problems.throwAny();
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe('YAML', () => {
  test('short forms, dates, booleans of YAML 1.1, and merge keys', () => {
    const template = parseTemplate(
      `
AWSTemplateFormatVersion: 2010-09-09
Common: &common { MemorySize: 256, Timeout: 5 }
Resources:
  F:
    Type: AWS::Lambda::Function
    Condition: IsProd
    Properties:
      <<: *common
      Timeout: !If [IsProd, 10, !Ref AWS::NoValue]
      Role: !GetAtt Role.Arn
      FunctionName: !Join ['-', [!Ref Stage, !Select [0, !Split [',', 'a,b']]]]
      Enabled: yes
      At: 22:30
      CodeUri: .
      Document: { Version: 2012-10-17 }
      Sub: !Sub
        - '\${x}'
        - x: !ImportValue shared
`,
      'template.yaml',
    );
    expect(template.AWSTemplateFormatVersion).toBe('2010-09-09');
    expect(template).toMatchObject({
      Resources: {
        F: {
          Condition: 'IsProd',
          Properties: {
            MemorySize: 256,
            Timeout: { 'Fn::If': ['IsProd', 10, { Ref: 'AWS::NoValue' }] },
            Role: { 'Fn::GetAtt': 'Role.Arn' },
            FunctionName: {
              'Fn::Join': ['-', [{ Ref: 'Stage' }, { 'Fn::Select': [0, { 'Fn::Split': [',', 'a,b'] }] }]],
            },
            Enabled: true,
            At: '22:30',
            CodeUri: '.',
            Document: { Version: '2012-10-17' },
            Sub: { 'Fn::Sub': ['${x}', { x: { 'Fn::ImportValue': 'shared' } }] },
          },
        },
      },
    });
  });

  test.each([
    ['{"Resources": ', 'template.yaml: is not JSON'],
    ['Resources:\n  a: [', 'template.yaml: is not YAML'],
    ['just text', 'template.yaml: is not a template'],
  ])('%j is refused by its name', (text, problem) => {
    expect(() => parseTemplate(text, 'template.yaml')).toThrow(problem);
  });
});

describe('parameters', () => {
  const template = `
Parameters:
  Stage: { Type: String, Default: dev, AllowedValues: [dev, prod] }
  Memory: { Type: Number, Default: 256, MaxValue: 1024 }
  Names: { Type: CommaDelimitedList, Default: 'a, b' }
  Key: { Type: 'AWS::SSM::Parameter::Value<String>', Default: /app/key }
Resources: {}
Outputs:
  All: { Value: !Sub '\${Stage} \${Memory} \${Key}' }
  Second: { Value: !Select [1, !Ref Names] }
`;
  test('have typed defaults, and given values come first', () => {
    const ssm = { '/app/key': 'secret', '/other': 'elsewhere' };
    expect(read(template, { ssm }).outputs).toEqual({ All: 'dev 256 secret', Second: 'b' });
    const parameters = { Stage: 'prod', Memory: '512', Names: 'x,y', Key: '/other' };
    expect(read(template, { ssm, parameters }).outputs).toEqual({ All: 'prod 512 elsewhere', Second: 'y' });
  });

  test('are checked, all of them at once, and each once however often it is used', () => {
    const parameters = { Stage: 'test', Memory: '2048', Wrong: 'x' };
    expect(problemsOf(template, { parameters })).toBe(
      [
        "The stack's template has 3 problems:",
        '  Parameters.Stage: the value "test" is not one of dev, prod',
        '  Parameters.Memory: the value "2048" is above 1024',
        '  Parameters.Wrong: is given, but the template has no such parameter: it has Stage, Memory, Names, Key',
      ].join('\n'),
    );
  });

  test('in SSM need their value where they are used, and nowhere else', () => {
    const unused = `Parameters: { Key: { Type: 'AWS::SSM::Parameter::Value<String>', Default: /app/key } }
Resources: {}`;
    expect(problemsOf(unused)).toBe('');
    expect(problemsOf(`${unused}\nOutputs: { Key: { Value: !Ref Key } }`)).toBe(
      "The stack's template, Parameters.Key: is the SSM parameter /app/key, whose value is not known here: give it as well",
    );
  });

  test('without a default need a value', () => {
    expect(problemsOf('Parameters: { Name: { Type: String } }\nResources: {}')).toBe(
      "The stack's template, Parameters.Name: has no default, so it needs a value",
    );
  });
});

describe('conditions', () => {
  const template = `
Parameters: { Stage: { Type: String, Default: dev }, Debug: { Type: String, Default: true } }
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsQuiet: !Not [!Equals [!Ref Debug, true]]
  Both: !And [!Condition IsProd, !Condition IsQuiet]
  Either: !Or [!Condition IsProd, !Condition IsQuiet]
Resources:
  Always: { Type: AWS::SQS::Queue }
  Prod: { Type: AWS::SQS::Queue, Condition: IsProd }
  Two: { Type: AWS::SQS::Queue, Condition: Both }
  One: { Type: AWS::SQS::Queue, Condition: Either }
Outputs:
  Queue: { Condition: IsProd, Value: !Ref Prod, Export: { Name: prod-queue } }
`;
  test.each([
    [{}, ['Always'], {}],
    [{ Debug: 'false' }, ['Always', 'One'], {}],
    [
      { Stage: 'prod' },
      ['Always', 'Prod', 'One'],
      { 'prod-queue': expect.stringMatching('http://sqs/000000000000/S-Prod-') },
    ],
    [{ Stage: 'prod', Debug: 'false' }, ['Always', 'Prod', 'Two', 'One'], { 'prod-queue': expect.anything() }],
  ])('%j create %j', (parameters, created, exports) => {
    const found = read(template, { parameters });
    found.problems.throwAny();
    expect([...found.resources.keys()]).toEqual(created);
    expect(found.exports).toEqual(exports);
  });

  test('a reference to what is not created is a problem, and so is a condition that depends on itself', () => {
    expect(problemsOf(`${template}  Other: { Value: !Ref Prod }`)).toBe(
      "The stack's template, Outputs.Other.Value: Prod is not created: its condition is false",
    );
    const loop = `
Conditions: { A: !Condition B, B: !Condition A }
Resources: { Q: { Type: 'AWS::SQS::Queue', Condition: A } }`;
    expect(problemsOf(loop)).toBe("The stack's template, Conditions.A: depends on itself");
  });
});

describe('names', () => {
  test('are made from the logical id, the same each time, with the suffix of a FIFO queue', () => {
    const template = `
Resources:
  Plain: { Type: AWS::SQS::Queue }
  Ordered: { Type: AWS::SQS::Queue, Properties: { FifoQueue: true } }
  Table: { Type: AWS::DynamoDB::GlobalTable }
  Live: { Type: AWS::Lambda::Alias, Properties: { FunctionName: !Ref F, Name: live } }
  F: { Type: AWS::Lambda::Function, Properties: { FunctionName: !Sub '\${AWS::StackName}-f' } }
`;
    const { resolver } = read(template);
    expect(resolver.getAtt('Plain', 'Arn')).toMatch(/^arn:aws:sqs:us-east-1:000000000000:S-Plain-[0-9a-f]{12}$/);
    expect(resolver.ref('Plain')).toBe(read(template).resolver.ref('Plain'));
    expect(resolver.ref('Ordered')).toMatch(/\.fifo$/);
    expect(resolver.getAtt('Table', 'StreamArn')).toMatch(/:table\/S-Table-[0-9a-f]{12}\/stream\//);
    expect(resolver.ref('Live')).toBe('arn:aws:lambda:us-east-1:000000000000:function:S-f:live');
  });

  test('that depend on themselves are a problem', () => {
    const template = `
Resources: { Q: { Type: 'AWS::SQS::Queue', Properties: { QueueName: !GetAtt Q.QueueName } } }
Outputs: { Url: { Value: !Ref Q } }`;
    expect(problemsOf(template)).toBe("The stack's template, Q.Properties.QueueName: the name of Q depends on itself");
  });
});
