/** The HTTP API that the webhook provider calls, in its variants. */
import { Fn } from 'aws-cdk-lib';
import {
  HttpApi,
  HttpIntegrationSubtype,
  HttpMethod,
  type HttpRouteIntegration,
  HttpStage,
  MappingValue,
  ParameterMapping,
} from 'aws-cdk-lib/aws-apigatewayv2';
import {
  HttpLambdaIntegration,
  HttpSqsIntegration,
  HttpUrlIntegration,
} from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { HandlerFunction } from '../functions.ts';
import { setLogicalId } from '../logical-id.ts';
import type { StackSettings } from '../settings/settings.ts';
import { AccessLogs } from './access-logs.ts';
import { apiAddress } from './api-address.ts';

const path = '/webhooks';

/** What serves the two methods of the webhook path. */
export type WebhookVariant =
  | { kind: 'lambda'; ingest: HandlerFunction }
  | { kind: 'direct'; challenge: HandlerFunction; queue: IQueue }
  | { kind: 'forward'; url: string }
  /** REST only. */
  | { kind: 'mock' };

export class WebhookApi extends Construct {
  readonly apiId: string;
  readonly stageName = '$default';
  readonly url: string;
  /** As CloudWatch names it. */
  readonly dimensions: Record<string, string>;
  readonly metricNames = { requests: 'Count', clientErrors: '4xx', serverErrors: '5xx' } as const;

  constructor(scope: Construct, id: string, settings: StackSettings, variant: WebhookVariant) {
    super(scope, id);
    const api = new HttpApi(this, 'Api', { apiName: `${settings.stackName}-webhook`, createDefaultStage: false });
    setLogicalId(api, 'webhook');
    this.apiId = api.apiId;
    this.dimensions = { ApiId: this.apiId, Stage: this.stageName };
    const at = { scheme: 'https', apiId: this.apiId, stage: this.stageName } as const;
    this.url = Fn.join('', [apiAddress(settings, at), path]);
    new HttpStage(this, 'Stage', {
      httpApi: api,
      stageName: this.stageName,
      autoDeploy: true,
      ...(settings.accessLogs.webhook && {
        accessLogSettings: new AccessLogs(this, 'AccessLogs', 'webhook', settings.logRetentionDays).settings,
      }),
      detailedMetricsEnabled: settings.detailedMetrics,
      throttle: { rateLimit: settings.webhookThrottle.ratePerSecond, burstLimit: settings.webhookThrottle.burst },
    });
    switch (variant.kind) {
      case 'lambda':
        api.addRoutes({
          path,
          methods: [HttpMethod.GET, HttpMethod.POST],
          integration: new HttpLambdaIntegration('Ingest', variant.ingest.function),
        });
        break;
      case 'direct':
        api.addRoutes({
          path,
          methods: [HttpMethod.GET],
          integration: new HttpLambdaIntegration('Challenge', variant.challenge.function),
        });
        api.addRoutes({ path, methods: [HttpMethod.POST], integration: sendToQueue(variant.queue) });
        break;
      case 'forward':
        for (const method of [HttpMethod.GET, HttpMethod.POST])
          api.addRoutes({
            path,
            methods: [method],
            integration: new HttpUrlIntegration(`Forward${method}`, variant.url, { method }),
          });
        break;
      case 'mock':
        throw new Error('HTTP APIs have no mock integration: settings.ts refuses it.');
    }
  }
}

/**
 * API Gateway sends the body to the queue unchanged, with the headers that the consumer needs as message attributes.
 *
 * Each value has a prefix because SQS refuses an empty attribute, and a refused message is a lost webhook: with it, a POST
 * without `Content-Encoding` is accepted, and one without a signature reaches the consumer, which counts and drops it.
 * Limits of this variant: SQS holds text, so a compressed body does not survive the transfer (its signature fails and it is counted
 * as rejected): leave the provider's compressed delivery off. Bodies over 1 MiB are refused by SQS rather than answered with 413.
 */
function sendToQueue(queue: IQueue): HttpRouteIntegration {
  const attribute = (value: string) => ({ DataType: 'String', StringValue: value });
  return new HttpSqsIntegration('SendToQueue', {
    queue,
    subtype: HttpIntegrationSubtype.SQS_SEND_MESSAGE,
    parameterMapping: new ParameterMapping()
      .custom('QueueUrl', queue.queueUrl)
      .custom('MessageBody', MappingValue.custom('$request.body').value)
      .custom(
        'MessageAttributes',
        JSON.stringify({
          // biome-ignore lint/suspicious/noTemplateCurlyInString: API Gateway's syntax, not JavaScript's
          signature: attribute('hmac-sha256=${request.header.x-nylas-signature}'),
          // biome-ignore lint/suspicious/noTemplateCurlyInString: API Gateway's syntax, not JavaScript's
          encoding: attribute('encoding=${request.header.content-encoding}'),
        }),
      ),
  });
}
