/** Properties whose change would do harm. */
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { outputNames } from './target.ts';
import { templateOf } from './template.fixture.ts';

let template: Template;
let direct: Template;
let tuned: Template;
beforeAll(() => {
  template = templateOf();
  direct = templateOf({ ingest: 'direct', queue: { provisionedPollers: { minimum: 2, maximum: 20 } } });
  tuned = templateOf({
    stackName: 'Tuned',
    webSocketThrottle: { ratePerSecond: 11, burst: 12 },
    webhookThrottle: { ratePerSecond: 13, burst: 14 },
    functions: {
      message: { memoryMb: 640, timeoutSeconds: 7, reservedConcurrency: 9 },
      deliver: { timeoutSeconds: 20, reservedConcurrency: 8 },
    },
    queue: {
      batchSize: 50,
      batchWindowSeconds: 2,
      maximumConcurrency: 8,
      visibilityTimeoutSeconds: 122,
      maxReceiveCount: 6,
      retentionSeconds: 3_600,
    },
    logRetentionDays: 3,
    detailedMetrics: true,
  });
}, 60_000);

describe('WebSocket API', () => {
  it('authorizes $connect by the token in the query, and only there', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      AuthorizerType: 'REQUEST',
      IdentitySource: ['route.request.querystring.token'],
    });
    const routes = Object.values(template.findResources('AWS::ApiGatewayV2::Route')).map(
      ({ Properties }) => Properties,
    );
    expect(Object.fromEntries(routes.map(({ RouteKey, AuthorizationType }) => [RouteKey, AuthorizationType]))).toEqual({
      $connect: 'CUSTOM',
      $disconnect: 'NONE',
      $default: 'NONE',
      ping: 'NONE',
      subscribe: 'NONE',
      publish: 'NONE',
      'GET /webhooks': 'NONE',
      'POST /webhooks': 'NONE',
    });
  });

  it('answers on ping, subscribe, publish and $default, and on nothing else', () => {
    const answered = Object.values(template.findResources('AWS::ApiGatewayV2::RouteResponse')).map(({ Properties }) => {
      expect(Properties.RouteResponseKey).toBe('$default');
      const route = template.toJSON().Resources[Properties.RouteId.Ref].Properties;
      expect(route.RouteResponseSelectionExpression).toBe('$default');
      return route.RouteKey;
    });
    expect(answered.toSorted()).toEqual(['$default', 'ping', 'publish', 'subscribe']);
    template.hasResourceProperties('AWS::ApiGatewayV2::Api', {
      ProtocolType: 'WEBSOCKET',
      RouteSelectionExpression: '$request.body.action',
    });
  });

  it('throttles both stages as the settings say, without per-route metrics unless enabled', () => {
    const stages = (of: Template) =>
      Object.values(of.findResources('AWS::ApiGatewayV2::Stage')).map(({ Properties }) => Properties);
    const settingsOf = (rate: number, burst: number, detailed: boolean) =>
      expect.objectContaining({
        AutoDeploy: true,
        DefaultRouteSettings: {
          ThrottlingRateLimit: rate,
          ThrottlingBurstLimit: burst,
          DetailedMetricsEnabled: detailed,
        },
      });
    expect(stages(template)).toEqual([settingsOf(5_000, 2_500, false), settingsOf(2_000, 1_000, false)]);
    expect(stages(tuned)).toEqual([settingsOf(11, 12, true), settingsOf(13, 14, true)]);
  });
});

describe('delivery', () => {
  it('drops an event only after maxReceiveCount receives, into a queue that keeps it for 14 days', () => {
    for (const [of, maxReceiveCount, visibility, retention] of [
      [template, 5, 181, 345_600],
      [tuned, 6, 122, 3_600],
    ] as const) {
      of.hasResourceProperties('AWS::SQS::Queue', {
        RedrivePolicy: { maxReceiveCount, deadLetterTargetArn: Match.anyValue() },
        VisibilityTimeout: visibility,
        MessageRetentionPeriod: retention,
      });
      of.hasResourceProperties('AWS::SQS::Queue', { RedrivePolicy: Match.absent(), MessageRetentionPeriod: 1_209_600 });
    }
  });

  it('deletes only delivered messages: partial batches', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BatchSize: 10,
      MaximumBatchingWindowInSeconds: Match.absent(),
      ScalingConfig: Match.absent(),
    });
    tuned.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BatchSize: 50,
      MaximumBatchingWindowInSeconds: 2,
      ScalingConfig: { MaximumConcurrency: 8 },
    });
    direct.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      ScalingConfig: Match.absent(),
      ProvisionedPollerConfig: { MinimumPollers: 2, MaximumPollers: 20 },
    });
  });
});

describe('functions', () => {
  it('run on Node 24 on Arm, with memory, timeout and reserved concurrency of the settings', () => {
    template.resourceCountIs('AWS::Lambda::Function', 6);
    template.allResourcesProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      ReservedConcurrentExecutions: Match.absent(),
    });
    tuned.hasResourceProperties('AWS::Lambda::Function', {
      MemorySize: 640,
      Timeout: 7,
      ReservedConcurrentExecutions: 9,
    });
    tuned.hasResourceProperties('AWS::Lambda::Function', {
      Timeout: 20,
      ReservedConcurrentExecutions: 8,
      Environment: { Variables: Match.objectLike({ FUNCTION_TIMEOUT_SECONDS: '20', STACK_NAME: 'Tuned' }) },
    });
  });

  it('keep logs for the configured retention, each in its own log group', () => {
    // Six functions and two APIs.
    template.resourceCountIs('AWS::Logs::LogGroup', 8);
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 14 });
    tuned.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 3 });
    template.allResourcesProperties('AWS::Lambda::Function', { LoggingConfig: { LogGroup: Match.anyValue() } });
  });
});

describe('data at rest and in transit', () => {
  it('is encrypted, in the table and in both queues', () => {
    template.hasResourceProperties('AWS::DynamoDB::Table', { SSESpecification: { SSEEnabled: true } });
    template.resourceCountIs('AWS::SQS::Queue', 2);
    template.allResourcesProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true });
    template.resourceCountIs('AWS::SQS::QueuePolicy', 2);
    template.allResourcesProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: [Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
      },
    });
  });

  it('expires: rows have a TTL, and can be restored until then', () => {
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    });
  });
});

describe('ingest variant direct', () => {
  it('has no function on POST, and a small one for the challenge', () => {
    const routes = Object.values(direct.findResources('AWS::ApiGatewayV2::Integration')).map(
      ({ Properties }) => Properties,
    );
    const post = routes.filter(({ IntegrationSubtype }) => IntegrationSubtype !== undefined);
    expect(post).toEqual([
      expect.objectContaining({
        IntegrationSubtype: 'SQS-SendMessage',
        CredentialsArn: expect.anything(),
        RequestParameters: expect.objectContaining({ MessageBody: '$request.body' }),
      }),
    ]);
    const attributes = JSON.parse(post[0]?.RequestParameters.MessageAttributes);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: API Gateway's syntax, not JavaScript's
    expect(attributes.signature.StringValue).toBe('hmac-sha256=${request.header.x-nylas-signature}');
    expect(Object.keys(direct.findResources('AWS::Lambda::Function')).some((id) => id === 'ingest')).toBe(false);
  });

  it('makes the consumer verify', () => {
    const deliver = (INGEST: string, secret: unknown) => ({
      Environment: { Variables: Match.objectLike({ INGEST, WEBHOOK_SECRET_ARN: secret }) },
    });
    direct.hasResourceProperties('AWS::Lambda::Function', deliver('direct', Match.anyValue()));
    template.hasResourceProperties('AWS::Lambda::Function', deliver('lambda', Match.absent()));
  });

  it('lets API Gateway send to this queue and nothing else', () => {
    direct.hasResourceProperties('AWS::IAM::Policy', {
      PolicyName: Match.stringLikeRegexp('^WebhookApiPOST'),
      PolicyDocument: {
        Statement: [
          Match.objectLike({
            Action: 'sqs:SendMessage',
            Resource: { 'Fn::GetAtt': ['queue', 'Arn'] },
          }),
        ],
      },
    });
  });
});

it('refuses replays where told to, in whichever function verifies', () => {
  const windowOf = (of: Template) =>
    Object.entries(of.findResources('AWS::Lambda::Function')).flatMap(([id, { Properties }]) => {
      const { REPLAY_WINDOW_SECONDS: window } = Properties.Environment.Variables;
      return window === undefined ? [] : [`${id.replace(/Function.*/, '')} ${window}`];
    });
  expect(windowOf(template)).toEqual([]);
  expect(windowOf(templateOf({ replayWindowSeconds: 600 }))).toEqual(['ingest 600']);
  expect(windowOf(templateOf({ ingest: 'direct', replayWindowSeconds: 600 }))).toEqual(['deliver 600']);
});

it('gives every function its own timeout, from which its calls take their limits', () => {
  for (const { Properties } of Object.values(tuned.findResources('AWS::Lambda::Function'))) {
    expect(Properties.Environment.Variables.FUNCTION_TIMEOUT_SECONDS).toBe(String(Properties.Timeout));
  }
});

describe('template', () => {
  it('has the outputs of the contract; without an ingest function it has no output for it', () => {
    const ofPostgres = ['DatabaseName', 'FinishedFunctionName'];
    const others = [...ofPostgres, 'FallbackUrl', 'RolloutFunctionName'];
    const names = Object.values(outputNames).filter((name) => !others.includes(name));
    expect(Object.keys(template.toJSON().Outputs).toSorted()).toEqual(names.toSorted());
    expect(Object.keys(direct.toJSON().Outputs).toSorted()).toEqual(
      names.filter((name) => name !== 'IngestFunctionName').toSorted(),
    );
    expect(Object.keys(templateOf({ store: 'postgres' }).toJSON().Outputs).toSorted()).toEqual(
      [...names.filter((name) => name !== 'TableName'), ...ofPostgres].toSorted(),
    );
  });

  it('needs no parameter, condition, mapping or custom resource, and uses four intrinsic functions at most', () => {
    for (const of of [template, direct, tuned]) {
      const json = of.toJSON();
      expect(Object.keys(json).toSorted()).toEqual(['Description', 'Outputs', 'Resources']);
      const used = new Set(JSON.stringify(json).match(/"Fn::\w+"/g));
      expect([...used].filter((name) => !['"Fn::GetAtt"', '"Fn::Join"', '"Fn::Sub"'].includes(name))).toEqual([]);
      expect(JSON.stringify(json)).not.toContain('Custom::');
    }
  });

  it('is independent of account and region', () => {
    expect(JSON.stringify(template.toJSON())).not.toMatch(/us-east-1|\b\d{12}\b/);
  });
});
