/** A target for tests of this folder. */
import { referenceGraph } from '../graph/reference.fixture.ts';
import type { TargetDescription } from '../record/target.ts';

export function localTarget(endpoints: { cloudwatch: string; sqs: string }): TargetDescription {
  return {
    kind: 'local',
    region: 'us-east-1',
    accountId: '000000000000',
    webSocketUrl: 'ws://127.0.0.1:1/prod',
    webhookUrl: 'http://127.0.0.1:1/webhook',
    tokenSecret: 't',
    webhookSecret: 'w',
    endpoints: { dynamodb: '', secretsManager: '', apiGatewayManagementApi: '', ...endpoints },
    graph: referenceGraph({ sqs: endpoints.sqs }),
    resources: {
      stackName: 'stack',
      webSocketApiId: 'ws1',
      webSocketStage: 'prod',
      webhookApiId: 'http1',
      webhookStage: '$default',
      functionNames: {
        authorize: 'fn-authorize',
        connect: 'fn-connect',
        disconnect: 'fn-disconnect',
        message: 'fn-message',
        ingest: 'fn-ingest',
        deliver: 'fn-deliver',
      },
      queueUrl: `${endpoints.sqs}/000000000000/events`,
      queueName: 'events',
      deadLetterQueueUrl: `${endpoints.sqs}/000000000000/events-dlq`,
      deadLetterQueueName: 'events-dlq',
      tableName: 'table',
      tokenSecretArn: 'a',
      webhookSecretArn: 'b',
    },
  };
}
