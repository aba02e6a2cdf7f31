/** The WebSocket API of one variant of the conformance stack. */

import type { Stack } from 'aws-cdk-lib';
import { Duration } from 'aws-cdk-lib';
import { type CfnStage, WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IConstruct } from 'constructs';
import type { Probes } from './probes-of-stack.ts';
import { connectTimeoutMs, routeThrottle, shortTimeoutMs, stageName, type Variant } from './settings.ts';

/** Returns the API's id. */
export function addWebSocketApi(stack: Stack, variant: Variant, functions: Probes): string {
  const api = new WebSocketApi(stack, 'SocketApi', {
    apiName: `${stack.stackName}-websocket`,
    routeSelectionExpression:
      // biome-ignore lint/suspicious/noTemplateCurlyInString: API Gateway's syntax, not JavaScript's
      variant === 'selection' ? '${request.body.kind}-${request.body.part.name}' : '$request.body.action',
  });
  const stage = new WebSocketStage(stack, 'SocketStage', { webSocketApi: api, stageName, autoDeploy: true });
  const message = new WebSocketLambdaIntegration('Message', functions.message);
  switch (variant) {
    case 'main':
      addMainRoutes(api, message, functions);
      throttleRoutes(stage, api.addRoute('throttled', { integration: message, returnResponse: true }), 'throttled');
      break;
    case 'selection':
      for (const key of ['join-room', 'join-', '[1, 2]-x', '$default']) {
        api.addRoute(key, { integration: message, returnResponse: true });
      }
      break;
    case 'refusing':
      api.addRoute('$connect', { integration: new WebSocketLambdaIntegration('Never', functions.never) });
      break;
  }
  return api.apiId;
}

function addMainRoutes(api: WebSocketApi, message: WebSocketLambdaIntegration, functions: Probes): void {
  const timeout = Duration.millis(shortTimeoutMs);
  api.addRoute('$connect', {
    integration: new WebSocketLambdaIntegration('Connect', functions.connect, {
      timeout: Duration.millis(connectTimeoutMs),
    }),
    authorizer: new WebSocketLambdaAuthorizer('Authorizer', functions.authorize, {
      identitySource: ['route.request.querystring.token'],
    }),
  });
  api.addRoute('$disconnect', { integration: new WebSocketLambdaIntegration('Disconnect', functions.disconnect) });
  api.addRoute('twoWay', { integration: message, returnResponse: true });
  api.addRoute('oneWay', { integration: message });
  api.addRoute('short', {
    integration: new WebSocketLambdaIntegration('Short', functions.message, { timeout }),
    returnResponse: true,
  });
  api.addRoute('never', { integration: new WebSocketLambdaIntegration('Never', functions.never) });
  api.addRoute('paced', {
    integration: new WebSocketLambdaIntegration('Paced', functions.paced),
    returnResponse: true,
  });
}

/** A throttle refers to a route, which must exist first. */
export function throttleRoutes(stage: IConstruct, route: IConstruct, routeKey: string): void {
  const resource = stage.node.defaultChild as CfnStage;
  resource.routeSettings = {
    [routeKey]: {
      ThrottlingRateLimit: routeThrottle.ratePerSecond,
      ThrottlingBurstLimit: routeThrottle.burst,
    },
  };
  stage.node.addDependency(route);
}
