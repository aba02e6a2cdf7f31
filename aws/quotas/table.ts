/**
 * AWS's quotas by id. The id is public: refusals counted by the local target, bottlenecks named by a search, rows of the
 * headroom table, and keys of the plan's `quotas` and of a limits file all use it. A limits file adds a time's unit (`webSocketIdleMs`).
 */
import { apiGatewayQuotas } from './api-gateway.ts';
import { dynamodbQuotas } from './dynamodb.ts';
import { eventBridgeQuotas } from './event-bridge.ts';
import { lambdaQuotas } from './lambda.ts';
import type { QuotaFact } from './quota.ts';
import { rdsQuotas } from './rds.ts';
import { secretsManagerQuotas } from './secrets-manager.ts';
import { serverQuotas } from './servers.ts';
import { snsQuotas } from './sns.ts';
import { sqsQuotas } from './sqs.ts';

const awsQuotas = {
  ...apiGatewayQuotas,
  ...lambdaQuotas,
  ...sqsQuotas,
  ...snsQuotas,
  ...eventBridgeQuotas,
  ...dynamodbQuotas,
  ...secretsManagerQuotas,
  ...rdsQuotas,
  ...serverQuotas,
};

export type QuotaId = keyof typeof awsQuotas;

export const isQuotaId = (id: string): id is QuotaId => Object.hasOwn(awsQuotas, id);

const byId: Record<QuotaId, QuotaFact> = awsQuotas;

export const quotaIds = Object.keys(awsQuotas) as readonly QuotaId[];

export const quotaFact = (id: QuotaId): QuotaFact => byId[id];

/** Its Service Quotas code, or where AWS has none its id: either is taken wherever a quota is named. */
export const quotaCode = (id: QuotaId): string => byId[id].code ?? id;

const serviceNames = {
  apigateway: 'API Gateway',
  lambda: 'Lambda',
  sqs: 'SQS',
  sns: 'SNS',
  events: 'EventBridge',
  dynamodb: 'DynamoDB',
  secretsmanager: 'Secrets Manager',
  rds: 'RDS',
  ecs: 'ECS',
  fargate: 'Fargate',
  ec2: 'EC2',
  elasticloadbalancing: 'Elastic Load Balancing',
  elasticache: 'ElastiCache',
} as const;

/** The quota's name with that of its service, as reports show it: "API Gateway throttle rate", "Lambda concurrent executions". */
export function quotaName(id: QuotaId): string {
  const { service, name } = byId[id];
  const alone = name.startsWith('WebSocket') || name.startsWith('HTTP') || /Lambda|Fargate/.test(name);
  return alone ? name : `${serviceNames[service]} ${name.replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase())}`;
}
