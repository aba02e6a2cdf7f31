/** The REST API that the webhook provider calls, in its four variants. */
import { Fn } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  AwsIntegration,
  EndpointType,
  HttpIntegration,
  type Integration,
  LambdaIntegration,
  LogGroupLogDestination,
  type MethodOptions,
  MockIntegration,
  PassthroughBehavior,
  ResponseType,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { setLogicalId } from '../logical-id.ts';
import type { StackSettings } from '../settings/settings.ts';
import { webhookLog } from './access-logs.ts';
import { apiAddress } from './api-address.ts';
import type { WebhookVariant } from './webhook-api.ts';

const resource = 'webhooks';
const ok = { methodResponses: [{ statusCode: '200' }, { statusCode: '400' }, { statusCode: '503' }] };

export class RestWebhookApi extends Construct {
  readonly apiId: string;
  readonly stageName: string;
  readonly url: string;
  /** As CloudWatch names it. */
  readonly dimensions: Record<string, string>;
  readonly metricNames = { requests: 'Count', clientErrors: '4XXError', serverErrors: '5XXError' } as const;

  constructor(scope: Construct, id: string, settings: StackSettings, variant: WebhookVariant) {
    super(scope, id);
    this.stageName = settings.stageName;
    const name = `${settings.stackName}-webhook`;
    const log = settings.accessLogs.webhook ? webhookLog(this, 'AccessLogs', settings.logRetentionDays) : null;
    const api = new RestApi(this, 'Api', {
      restApiName: name,
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: false,
      // Bodies reach a function as they were signed, and a server as they were sent.
      ...((variant.kind === 'lambda' || variant.kind === 'forward') && { binaryMediaTypes: ['*/*'] }),
      deployOptions: {
        stageName: this.stageName,
        throttlingRateLimit: settings.webhookThrottle.ratePerSecond,
        throttlingBurstLimit: settings.webhookThrottle.burst,
        metricsEnabled: settings.detailedMetrics,
        tracingEnabled: settings.tracing,
        ...(log && {
          accessLogDestination: new LogGroupLogDestination(log.logGroup),
          accessLogFormat: AccessLogFormat.custom(log.format),
        }),
      },
    });
    setLogicalId(api, 'webhook');
    // A throttled function is a 500 here, which providers do not send again; a 503 they do.
    api.addGatewayResponse('ServerErrors', { type: ResponseType.DEFAULT_5XX, statusCode: '503' });
    this.apiId = api.restApiId;
    this.dimensions = { ApiName: name, Stage: this.stageName };
    const at = { scheme: 'https', apiId: this.apiId, stage: this.stageName } as const;
    this.url = Fn.join('', [apiAddress(settings, at), `/${resource}`]);
    const path = api.root.addResource(resource);
    const { get, post } = this.#integrationsOf(variant);
    path.addMethod('GET', get.integration, get.options);
    path.addMethod('POST', post.integration, post.options);
  }

  #integrationsOf(
    variant: WebhookVariant,
  ): Record<'get' | 'post', { integration: Integration; options?: MethodOptions }> {
    switch (variant.kind) {
      case 'lambda': {
        const integration = new LambdaIntegration(variant.ingest.function, { allowTestInvoke: false });
        return { get: { integration }, post: { integration } };
      }
      case 'direct':
        return {
          get: { integration: new LambdaIntegration(variant.challenge.function, { allowTestInvoke: false }) },
          post: { integration: this.#sendToQueue(variant.queue), options: ok },
        };
      case 'forward': {
        const to = (httpMethod: string) => ({
          integration: new HttpIntegration(variant.url, { httpMethod, proxy: true }),
        });
        return { get: to('GET'), post: to('POST') };
      }
      case 'mock':
        return {
          get: { integration: mock("$input.params('challenge')"), options: ok },
          post: { integration: mock(''), options: ok },
        };
    }
  }

  /** The Query protocol, with the headers that the consumer needs: each value has a prefix, because SQS refuses an empty attribute. */
  #sendToQueue(queue: IQueue): AwsIntegration {
    const role = new Role(this, 'SendRole', {
      assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
      inlinePolicies: {
        Send: new PolicyDocument({
          statements: [new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.queueArn] })],
        }),
      },
    });
    const attribute = (n: number, name: string, prefix: string, header: string) =>
      `&MessageAttribute.${n}.Name=${name}&MessageAttribute.${n}.Value.DataType=String&MessageAttribute.${n}.Value.StringValue=${prefix}$util.urlEncode($input.params('${header}'))`;
    const template = [
      'Action=SendMessage&MessageBody=$util.urlEncode($input.body)',
      attribute(1, 'signature', 'hmac-sha256%3D', 'x-nylas-signature'),
      attribute(2, 'encoding', 'encoding%3D', 'content-encoding'),
    ].join('');
    return new AwsIntegration({
      service: 'sqs',
      path: Fn.join('/', [Fn.select(4, Fn.split(':', queue.queueArn)), queue.queueName]),
      options: {
        credentialsRole: role,
        passthroughBehavior: PassthroughBehavior.NEVER,
        requestParameters: { 'integration.request.header.Content-Type': "'application/x-www-form-urlencoded'" },
        requestTemplates: { 'application/json': template },
        // Without patterns an error of SQS would be answered with 200, and the webhook lost.
        integrationResponses: [
          { statusCode: '200', responseTemplates: { 'application/json': '' } },
          { statusCode: '400', selectionPattern: '4\\d{2}' },
          { statusCode: '503', selectionPattern: '5\\d{2}' },
        ],
      },
    });
  }
}

/** An answer without anybody behind it. */
const mock = (text: string): MockIntegration =>
  new MockIntegration({
    passthroughBehavior: PassthroughBehavior.WHEN_NO_TEMPLATES,
    requestTemplates: { 'application/json': '{"statusCode": 200}' },
    integrationResponses: [{ statusCode: '200', responseTemplates: { 'application/json': text } }],
  });
