/** The WebSocket API that browsers hold open. */
import { Aws } from 'aws-cdk-lib';
import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Construct } from 'constructs';
import type { HandlerFunction } from '../functions.ts';
import { setLogicalId } from '../logical-id.ts';
import type { StackSettings } from '../settings/settings.ts';
import { AccessLogs } from './access-logs.ts';
import { apiAddress } from './api-address.ts';

/** Routes whose response is sent back on the socket. */
const twoWayRoutes = ['ping', 'subscribe', 'publish', '$default'] as const;

interface SyncApiFunctions {
  authorize: HandlerFunction;
  connect: HandlerFunction;
  disconnect: HandlerFunction;
  message: HandlerFunction;
}

export class SyncApi extends Construct {
  readonly apiId: string;
  readonly stageName: string;
  /** `wss://…/stage`, without a token. */
  readonly url: string;
  /** Where `@connections` is called, without the path. */
  readonly callbackUrl: string;
  readonly stage: WebSocketStage;
  readonly #api: WebSocketApi;

  constructor(scope: Construct, id: string, settings: StackSettings) {
    super(scope, id);
    this.#api = new WebSocketApi(this, 'Api', {
      apiName: `${settings.stackName}-sync`,
      routeSelectionExpression: '$request.body.action',
    });
    setLogicalId(this.#api, 'websocket');
    this.apiId = this.#api.apiId;
    this.stageName = settings.stageName;
    const at = { apiId: this.apiId, stage: this.stageName };
    this.url = apiAddress(settings, { scheme: 'wss', ...at });
    this.callbackUrl = apiAddress(settings, { scheme: 'https', ...at });
    this.stage = new WebSocketStage(this, 'Stage', {
      webSocketApi: this.#api,
      stageName: this.stageName,
      autoDeploy: true,
      ...(settings.accessLogs.webSocket && {
        accessLogSettings: new AccessLogs(this, 'AccessLogs', 'webSocket', settings.logRetentionDays).settings,
      }),
      detailedMetricsEnabled: settings.detailedMetrics,
      throttle: {
        rateLimit: settings.webSocketThrottle.ratePerSecond,
        burstLimit: settings.webSocketThrottle.burst,
      },
    });
  }

  /** Adds the routes after the functions: functions need the callback URL, and routes need the functions. */
  addRoutes(functions: SyncApiFunctions): void {
    this.#api.addRoute('$connect', {
      integration: new WebSocketLambdaIntegration('Connect', functions.connect.function),
      // A handshake without a token is answered with 401 by API Gateway itself, without an invocation.
      authorizer: new WebSocketLambdaAuthorizer('Authorizer', functions.authorize.function, {
        identitySource: ['route.request.querystring.token'],
      }),
    });
    this.#api.addRoute('$disconnect', {
      integration: new WebSocketLambdaIntegration('Disconnect', functions.disconnect.function),
    });
    const message = new WebSocketLambdaIntegration('Message', functions.message.function);
    for (const route of twoWayRoutes) this.#api.addRoute(route, { integration: message, returnResponse: true });
  }

  /** Lets a function push to connections of this stage: POST only, so it can neither read nor close them. */
  allowPush(to: HandlerFunction): void {
    to.allow(
      ['execute-api:ManageConnections'],
      `arn:${Aws.PARTITION}:execute-api:${Aws.REGION}:${Aws.ACCOUNT_ID}:${this.apiId}/${this.stageName}/POST/@connections/*`,
    );
  }
}
