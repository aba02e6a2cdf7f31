/** Dashboard, alarms, access logs and traces. */
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { templateOf } from './template.fixture.ts';

let template: Template;
beforeAll(() => {
  template = templateOf();
}, 60_000);

describe('observability', () => {
  it('does not alarm on expired tokens: authorize refuses by throwing, which is not a fault', () => {
    const [errors] = Object.entries(template.findResources('AWS::CloudWatch::Alarm')).filter(([id]) =>
      id.includes('FunctionErrors'),
    );
    const metrics = JSON.stringify(errors?.[1].Properties.Metrics);
    expect(metrics).toContain('"Ref":"deliver"');
    expect(metrics).toContain('"Ref":"connect"');
    expect(metrics).not.toContain('"Ref":"authorize"');
  });

  it('a sum has a value where one of its metrics has none, as of a function that was not invoked', () => {
    const expressions = Object.values(template.findResources('AWS::CloudWatch::Alarm')).flatMap(({ Properties }) =>
      ((Properties.Metrics ?? []) as { Expression?: string }[]).flatMap(({ Expression }) => Expression ?? []),
    );
    expect(expressions).toHaveLength(3);
    for (const expression of expressions) expect(expression).toMatch(/^FILL\(m0, 0\)(?:\+FILL\(m\d+, 0\))+$/);
  });

  it('alarms on lost or delayed events', () => {
    const alarms = Object.keys(template.findResources('AWS::CloudWatch::Alarm')).map((id) =>
      id.replace(/^Observability(.*)[0-9A-F]{8}$/, '$1'),
    );
    expect(alarms.toSorted()).toEqual([
      'DeadLetters',
      'EventsFailed',
      'EventsRefused',
      'FunctionErrors',
      'FunctionThrottles',
      'OldestEvent',
      'SyncApiErrors',
      'TableThrottles',
      'WebhookServerErrors',
    ]);
    template.allResourcesProperties('AWS::CloudWatch::Alarm', {
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Threshold: 0,
      Dimensions: [
        {
          Name: 'QueueName',
          Value: { 'Fn::GetAtt': ['deadLetter', 'QueueName'] },
        },
      ],
    });
    template.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
  });
});

describe('alarms', () => {
  const actionsOf = (of: Template) =>
    Object.values(of.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties.AlarmActions);

  it('all go to a topic of the stack, encrypted with a key that CloudWatch may use', () => {
    const [topic, ...others] = Object.entries(template.findResources('AWS::SNS::Topic'));
    expect(others).toEqual([]);
    const actions = actionsOf(template);
    expect(actions).toHaveLength(9);
    for (const action of actions) expect(action).toEqual([{ Ref: topic?.[0] }]);
    expect(topic?.[1].Properties.KmsMasterKeyId).toEqual({
      'Fn::GetAtt': [expect.stringMatching(/^AlarmTopicKey/), 'Arn'],
    });
    const byCloudWatch = {
      Effect: 'Allow',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    };
    template.hasResourceProperties('AWS::KMS::Key', {
      EnableKeyRotation: true,
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({ ...byCloudWatch, Action: ['kms:Decrypt', 'kms:GenerateDataKey*'] }),
        ]),
      },
    });
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({ ...byCloudWatch, Action: 'sns:Publish' }),
        ]),
      },
    });
  });

  it('watch failed and refused events: a refused one at once, failed ones when they go on failing', () => {
    for (const [MetricName, EvaluationPeriods, DatapointsToAlarm] of [
      ['EventsFailed', 5, 3],
      ['EventsRefused', 1, 1],
    ]) {
      template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        ...{ Namespace: 'Loadline', MetricName, Dimensions: [{ Name: 'Stack', Value: 'Loadline' }] },
        ...{ Statistic: 'Sum', Threshold: 0, EvaluationPeriods, DatapointsToAlarm },
      });
    }
  });

  it('or all to a topic that is given, and to the mail addresses', () => {
    const topicArn = 'arn:aws:sns:eu-west-1:123456789012:alarms';
    const given = templateOf({ alarms: { topicArn, emails: ['ops@example.com'] } });
    given.resourceCountIs('AWS::SNS::Topic', 0);
    given.resourceCountIs('AWS::KMS::Key', 0);
    for (const action of actionsOf(given)) expect(action).toEqual([topicArn]);
    given.hasResourceProperties('AWS::SNS::Subscription', {
      ...{ Protocol: 'email', Endpoint: 'ops@example.com', TopicArn: topicArn },
    });
  });
});

describe('access logs', () => {
  const formats = (of: Template) =>
    Object.values(of.findResources('AWS::ApiGatewayV2::Stage')).map(({ Properties }) => Properties.AccessLogSettings);

  it('of both APIs are lines of JSON in a log group of their own, without the query and so without tokens', () => {
    const settings = formats(template);
    expect(settings).toHaveLength(2);
    expect(new Set(settings.map(({ DestinationArn }) => JSON.stringify(DestinationArn))).size).toBe(2);
    for (const { Format } of settings) {
      expect(JSON.parse(Format)).toMatchObject({ routeKey: '$context.routeKey', status: '$context.status' });
      expect(Format).not.toMatch(/query|path|header/i);
    }
  });

  it('need a role of the account, which the stack sets only if it is told to, and then leaves', () => {
    template.resourceCountIs('AWS::ApiGateway::Account', 0);
    const creating = templateOf({ accessLogs: { accountRole: 'create' } });
    const [account] = Object.values(creating.findResources('AWS::ApiGateway::Account'));
    expect(account).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    creating.hasResource('AWS::ApiGatewayV2::Stage', {
      Properties: { StageName: 'prod' },
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('^AccountLogRoleAccount')]),
    });
    const off = templateOf({ accessLogs: { webhook: false, webSocket: false, accountRole: 'create' } });
    expect(formats(off)).toEqual([undefined, undefined]);
    off.resourceCountIs('AWS::ApiGateway::Account', 0);
  });
});

it('traces nothing unless told to', () => {
  template.allResourcesProperties('AWS::Lambda::Function', { TracingConfig: Match.absent() });
  templateOf({ tracing: true }).allResourcesProperties('AWS::Lambda::Function', { TracingConfig: { Mode: 'Active' } });
});
