/** The description of a served stack: its outputs, endpoints and secrets. */
import { type FunctionRole, outputNames, type TargetDescription } from '../../stack/target.ts';
import type { StackModel } from '../template/model.ts';

export interface ServedAt {
  gatewayUrl: string;
  awsUrl: string;
  dynamodbUrl: string;
  sqsUrl: string;
}

/** @throws one sentence naming the output that the template lacks. */
export function targetOf(
  stack: StackModel,
  served: ServedAt,
  secretOf: (arn: string) => string | undefined,
): TargetDescription {
  const output = (key: keyof typeof outputNames): string => {
    const value = stack.outputs[outputNames[key]];
    if (value === undefined) throw new Error(`The stack's template has no output ${outputNames[key]}.`);
    return value;
  };
  const secret = (key: 'tokenSecretArn' | 'webhookSecretArn'): string => {
    const value = secretOf(output(key));
    if (value === undefined) throw new Error(`The output ${outputNames[key]} names no secret of the stack.`);
    return value;
  };
  const functionNames: Partial<Record<FunctionRole, string>> = {};
  const roles = {
    authorize: 'authorizeFunctionName',
    connect: 'connectFunctionName',
    disconnect: 'disconnectFunctionName',
    message: 'messageFunctionName',
    ingest: 'ingestFunctionName',
    deliver: 'deliverFunctionName',
  } as const;
  for (const role of Object.keys(roles) as FunctionRole[]) {
    const name = stack.outputs[outputNames[roles[role]]];
    // The direct variant has no ingest function.
    if (name !== undefined) functionNames[role] = name;
  }
  return {
    kind: 'local',
    region: stack.region,
    accountId: stack.accountId,
    webSocketUrl: output('webSocketUrl'),
    webhookUrl: output('webhookUrl'),
    tokenSecret: secret('tokenSecretArn'),
    webhookSecret: secret('webhookSecretArn'),
    endpoints: {
      cloudwatch: served.awsUrl,
      dynamodb: served.dynamodbUrl,
      sqs: served.sqsUrl,
      secretsManager: served.awsUrl,
      lambda: served.awsUrl,
      serviceQuotas: served.awsUrl,
      apiGatewayManagementApi: `${served.gatewayUrl}/${output('webSocketStage')}`,
    },
    resources: {
      stackName: stack.stackName,
      webSocketApiId: output('webSocketApiId'),
      webSocketStage: output('webSocketStage'),
      webhookApiId: output('webhookApiId'),
      webhookStage: output('webhookStage'),
      functionNames,
      queueUrl: output('queueUrl'),
      queueName: output('queueName'),
      deadLetterQueueUrl: output('deadLetterQueueUrl'),
      deadLetterQueueName: output('deadLetterQueueName'),
      tableName: output('tableName'),
      tokenSecretArn: output('tokenSecretArn'),
      webhookSecretArn: output('webhookSecretArn'),
    },
  };
}
