/** What AwsSolutions finds in the reference stack and is as it should be, each with the reason. */
import type { Finding } from './findings.ts';

export interface Accepted {
  rule: RegExp;
  /** Of the paths of resources. */
  path: RegExp;
  reason: string;
}

export const accepted: readonly Accepted[] = [
  {
    rule: /^AwsSolutions-SMG4$/,
    path: /^Secrets\/Webhook\/Resource$/,
    reason:
      'The provider issues the webhook secret: it can be rotated only where it is made (docs/operations.md says how).',
  },
  {
    rule: /^AwsSolutions-SMG4$/,
    path: /^Secrets\/Token\/Resource$/,
    reason:
      'Whoever issues tokens must sign with the new version at the right moment, which a schedule of the stack does not know (docs/operations.md).',
  },
  {
    rule: /^AwsSolutions-APIG4$/,
    path: /^SyncApi\/Api\/(\$disconnect|\$default|ping|subscribe|publish)-?Route\/Resource$/,
    reason:
      'A WebSocket API authorizes at $connect only, which has the authorizer: other routes cannot have one. The message function enforces what the token allows.',
  },
  {
    rule: /^AwsSolutions-APIG4$/,
    path: /^WebhookApi\/Api\/(GET|POST)--webhooks\/Resource$/,
    reason:
      'The provider cannot sign as AWS or send a token of ours: a webhook is authorized by its own signature, and a challenge needs none.',
  },
  {
    rule: /^AwsSolutions-APIG4$/,
    path: /^FallbackApi\/Api\/GET--(config|events)\/Resource$/,
    reason:
      'With fallback: the function checks the token of whoever asks for events, in the request that reads them, and the stage of the rollout is no secret.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::arn:<AWS::Partition>:execute-api:.*\/POST\/@connections\/\*\]$/,
    path: /^(Message|Deliver)\/Role\/DefaultPolicy\/Resource$/,
    reason:
      'Connection ids are made by API Gateway at run time: the narrowest resource is every connection of this stage, and POST only.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::\*\]$/,
    path: /^(Authorize|Connect|Disconnect|Message|Ingest|Deliver)\/Role\/DefaultPolicy\/Resource$/,
    reason:
      'With the setting tracing: xray:PutTraceSegments and xray:PutTelemetryRecords have no resource to name (Service Authorization Reference).',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::\*\]$/,
    path: /^(Connect|Disconnect|Message|Deliver|Fallback|Migrate|Expire|Finished|Rollout)\/Role\/Resource$/,
    reason:
      'With the store in PostgreSQL: Lambda makes the network interfaces of a function at run time, and cannot be given them by name (Lambda developer guide, VPC).',
  },
  {
    rule: /^AwsSolutions-(APIG4|COG4)$/,
    path: /^WebhookApi\/Api\/Default\/webhooks\/(GET|POST)\/Resource$/,
    reason:
      'With webhookApi rest: the provider cannot sign as AWS or send a token of ours; a webhook is authorized by its own signature, and a challenge needs none.',
  },
  {
    rule: /^AwsSolutions-APIG2$/,
    path: /^WebhookApi\/Api\/Resource$/,
    reason:
      'With webhookApi rest: a body is what its signature says; a model would refuse what the provider adds to it.',
  },
  {
    rule: /^AwsSolutions-APIG3$/,
    path: /^WebhookApi\/Api\/DeploymentStage\.prod\/Resource$/,
    reason:
      'With webhookApi rest: a web ACL is the account’s to choose, and HTTP APIs cannot have one at all; the stage throttles, and signatures are checked.',
  },
  {
    rule: /^AwsSolutions-APIG6$/,
    path: /^WebhookApi\/Api\/DeploymentStage\.prod\/Resource$/,
    reason:
      'With webhookApi rest: execution logs hold bodies of webhooks. The access log has a line for each request, with its status and the error of its integration.',
  },
  {
    rule: /^AwsSolutions-SMG4$/,
    path: /^Database\/(Owner|App)\/Resource$/,
    reason:
      'The passwords are known to the function that migrates and to the proxy alone: functions sign in with tokens of IAM. A deployment sets them again.',
  },
  {
    rule: /^AwsSolutions-RDS10$/,
    path: /^Database\/Instance\/Resource$/,
    reason:
      'Every row is about a connection or a delivery of the last few hours: the database goes with its stack, as the table of DynamoDB does.',
  },
  {
    rule: /^AwsSolutions-IAM4\[Policy::.*AmazonAPIGatewayPushToCloudWatchLogs\]$/,
    path: /^AccountLogRole\/Role\/Resource$/,
    reason:
      'With accessLogs.accountRole create: the role serves every API of the account, so it has the policy that AWS keeps for it.',
  },
  {
    rule: /^AwsSolutions-APIG1$/,
    path: /^(SyncApi|WebhookApi)\/Stage\/Resource$/,
    reason: 'With accessLogs off, which is not the default.',
  },
  {
    rule: /^AwsSolutions-EC23$/,
    path: /^Compute\/Network\/BalancerGroup\/Resource$/,
    reason: 'Browsers and webhook providers come from anywhere; tokens and signatures are checked by the tasks.',
  },
  {
    rule: /^AwsSolutions-AEC6$/,
    path: /^Compute\/Bus\/Group$/,
    reason: 'Its security group lets the tasks of the service in and nobody else, and nothing is stored there.',
  },
  {
    rule: /^AwsSolutions-S1$/,
    path: /^Compute\/Balancer\/Logs\/Resource$/,
    reason: 'The bucket holds access logs itself.',
  },
  {
    rule: /^AwsSolutions-ECS2$/,
    path: /^Compute\/Service\/Task\/Resource$/,
    reason: 'Names and limits of the stack: secrets are read from Secrets Manager by the task.',
  },
  {
    rule: /^AwsSolutions-IAM5\[(Action::ecs:Submit\*|Resource::\*)\]$/,
    path: /^Compute\/Service\/InstanceRole\/DefaultPolicy\/Resource$/,
    reason:
      'What CDK grants an instance of a cluster, as the ECS agent needs it: these actions take no other resource.',
  },
  {
    rule: /^AwsSolutions-AS3$/,
    path: /^Compute\/Service\/Instances\/ASG$/,
    reason: 'Instances come and go with the tasks: the alarms of the service say when there are too few.',
  },
];

/** Findings that nothing accepts, and entries that no finding needs any more. */
export function judge(findings: readonly Finding[], entries: readonly Accepted[]) {
  const covers = (entry: Accepted, { rule, path }: Finding) => entry.rule.test(rule) && entry.path.test(path);
  return {
    open: findings.filter((finding) => !entries.some((entry) => covers(entry, finding))),
    unused: entries.filter((entry) => !findings.some((finding) => covers(entry, finding))),
  };
}
