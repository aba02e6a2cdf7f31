/** Access logs of the two APIs: one line of JSON a request. Never the query: it holds the token. */
import { RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat, CfnAccount } from 'aws-cdk-lib/aws-apigateway';
import { type IAccessLogSettings, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { StackSettings } from '../settings/settings.ts';

/** Name in the line → API Gateway's variable. Source: "$context variables" in the guides of both kinds of API, read November 2026. */
const common = {
  time: '$context.requestTimeEpoch',
  requestId: '$context.requestId',
  sourceIp: '$context.identity.sourceIp',
  routeKey: '$context.routeKey',
  status: '$context.status',
  integrationError: '$context.integrationErrorMessage',
};
const fields = {
  webhook: {
    ...common,
    method: '$context.httpMethod',
    bytes: '$context.responseLength',
    latencyMs: '$context.responseLatency',
  },
  webSocket: {
    ...common,
    eventType: '$context.eventType',
    connectionId: '$context.connectionId',
    user: '$context.authorizer.principalId',
    error: '$context.error.message',
    disconnect: '$context.disconnectReason',
  },
};

/** Of a REST API, which takes the format in another type. */
export const webhookLog = (scope: Construct, id: string, retention: StackSettings['logRetentionDays']) => ({
  logGroup: new LogGroup(scope, id, { retention, removalPolicy: RemovalPolicy.DESTROY }),
  format: JSON.stringify({
    ...fields.webhook,
    routeKey: '$context.resourcePath',
    integrationError: '$context.error.message',
  }),
});

export class AccessLogs extends Construct {
  readonly settings: IAccessLogSettings;

  constructor(scope: Construct, id: string, api: keyof typeof fields, retention: StackSettings['logRetentionDays']) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Log', { retention, removalPolicy: RemovalPolicy.DESTROY });
    this.settings = {
      destination: new LogGroupLogDestination(logGroup),
      format: AccessLogFormat.custom(JSON.stringify(fields[api])),
    };
  }
}

/**
 * The role with which API Gateway writes the logs of WebSocket APIs. There is one for an account and Region, shared by all of its APIs, so this
 * replaces the present one if any, and stays when the stack is deleted: without its role the account's other APIs would log nothing.
 */
export class AccountLogRole extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonAPIGatewayPushToCloudWatchLogs')],
    });
    role.applyRemovalPolicy(RemovalPolicy.RETAIN);
    const account = new CfnAccount(this, 'Account', { cloudWatchRoleArn: role.roleArn });
    account.applyRemovalPolicy(RemovalPolicy.RETAIN);
  }
}
