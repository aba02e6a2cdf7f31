import { describe, expect, test } from 'vitest';
import { readResources } from './resources.ts';
import { localizeUrl } from './stack-model.ts';

const place = { stackName: 'S', region: 'us-east-1', accountId: '000000000000', sqsUrl: 'http://sqs' };
const read = (Resources: object, ignore: string[] = []) => readResources({ Resources }, { place, ignore });
const queue = (Properties: object) => ({ Type: 'AWS::SQS::Queue', Properties });

describe('resources', () => {
  test('everything that is not supported is found, with its type and property', () => {
    const { problems } = read({
      Db: { Type: 'AWS::RDS::DBCluster' },
      Q: queue({ Colour: 'red', VisibilityTimeout: { Ref: 'Nothing' } }),
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { NotificationConfiguration: {} } },
      Limits: { Type: 'AWS::WAFv2::WebACL', Properties: { Rules: [{ Statement: { RateBasedStatement: {} } }] } },
    });
    expect(() => problems.throwAny()).toThrow(
      [
        "The stack's template has 5 problems:",
        '  Db: the local target does not support resources of type AWS::RDS::DBCluster',
        '  Q.Properties.Colour: the local target does not support this property of AWS::SQS::Queue',
        '  Q.Properties.VisibilityTimeout: unknown resource, parameter or pseudo-parameter Nothing',
        '  Bucket.Properties.NotificationConfiguration: the local target does not support this property of AWS::S3::Bucket',
        '  Limits.Properties.Rules: the local target does not support this property of AWS::WAFv2::WebACL',
      ].join('\n'),
    );
  });

  test('the caller can go on without a type or a property', () => {
    const { problems, leftOut, resources } = read(
      { Db: { Type: 'AWS::RDS::DBInstance' }, Q: queue({ Colour: 'red', VisibilityTimeout: 5 }) },
      ['AWS::RDS::DBInstance', 'AWS::SQS::Queue.Colour'],
    );
    problems.throwAny();
    expect(leftOut.onRequest).toEqual(['Db']);
    expect(resources.map(({ properties }) => properties)).toEqual([{ VisibilityTimeout: 5 }]);
  });

  test('what changes nothing here is left out by type, and a property without effect by itself', () => {
    const email = { Type: 'AWS::SNS::Subscription', Properties: { Protocol: 'email' } };
    const { problems, leftOut, resources } = read({
      Role: { Type: 'AWS::IAM::Role' },
      Other: { Type: 'AWS::IAM::Role' },
      email,
      Q: queue({ SqsManagedSseEnabled: true, VisibilityTimeout: 5 }),
    });
    problems.throwAny();
    expect(leftOut.inert).toEqual({ 'AWS::IAM::Role': 2, 'AWS::SNS::Subscription': 1 });
    expect(resources).toEqual([
      { logicalId: 'Q', type: 'AWS::SQS::Queue', kind: 'queue', properties: { VisibilityTimeout: 5 }, metadata: {} },
    ]);
  });
});

test("the host of an API becomes the gateway's address", () => {
  const at = { gatewayAddress: '127.0.0.1:8080', ownAddresses: { fn1: '127.0.0.1:8081' } };
  expect(localizeUrl('wss://abc.execute-api.us-east-1.amazonaws.com/prod', at)).toBe('ws://127.0.0.1:8080/prod');
  expect(localizeUrl('https://abc.execute-api.eu-west-1.amazonaws.com/x', at)).toBe('http://127.0.0.1:8080/x');
  expect(localizeUrl('https://fn1.lambda-url.us-east-1.on.aws/', at)).toBe('http://127.0.0.1:8081/');
  expect(localizeUrl('https://sqs.us-east-1.amazonaws.com/q', at)).toBe('https://sqs.us-east-1.amazonaws.com/q');
});
