/**
 * Service Quotas, read-only: GetServiceQuota, GetAWSDefaultServiceQuota and their lists over AWS JSON 1.1. It answers from the limits
 * that the target enforces, so that tools that read an account's quotas can be tried here. Quotas without an effect here are not listed.
 * Codes and names are those of aws/quotas.
 */
import { z } from 'zod';
import type { QuotaFact } from '../../aws/quotas/quota.ts';
import { type QuotaId, quotaFact } from '../../aws/quotas/table.ts';
import type { Limits } from './limits.ts';
import { resolveLimits } from './resolve-limits.ts';

interface QuotaEntry {
  service: QuotaFact['service'];
  code: string;
  name: string;
  unit: 'None' | 'Seconds' | 'Kilobytes';
  adjustable: boolean;
  value: (limits: Limits) => number;
}

const serviceNames: Record<QuotaFact['service'], string> = {
  apigateway: 'Amazon API Gateway',
  dynamodb: 'Amazon DynamoDB',
  ec2: 'Amazon Elastic Compute Cloud (Amazon EC2)',
  ecs: 'Amazon Elastic Container Service (Amazon ECS)',
  elasticache: 'Amazon ElastiCache',
  elasticloadbalancing: 'Elastic Load Balancing (ELB)',
  events: 'Amazon EventBridge (CloudWatch Events)',
  fargate: 'AWS Fargate',
  lambda: 'AWS Lambda',
  rds: 'Amazon Relational Database Service (RDS)',
  secretsmanager: 'AWS Secrets Manager',
  sns: 'Amazon Simple Notification Service (SNS)',
  sqs: 'Amazon Simple Queue Service (SQS)',
};

/** The quotas with a code that have an effect here; Service Quotas' unit follows from the limit's. */
const enforced: readonly { id: QuotaId; value: (limits: Limits) => number }[] = [
  { id: 'accountThrottle', value: (l) => l.accountThrottle.ratePerSecond },
  { id: 'newConnections', value: (l) => l.newConnections.ratePerSecond },
  { id: 'webSocketIdle', value: (l) => l.webSocketIdleMs / 1_000 },
  { id: 'webSocketLifetime', value: (l) => l.webSocketLifetimeMs / 1_000 },
  { id: 'webSocketFrameBytes', value: (l) => l.webSocketFrameBytes },
  { id: 'webSocketMessageBytes', value: (l) => l.webSocketMessageBytes },
  { id: 'authorizerResultBytes', value: (l) => l.authorizerResultBytes },
  { id: 'accountConcurrency', value: (l) => l.accountConcurrency },
  { id: 'asyncPayloadBytes', value: (l) => l.asyncPayloadBytes },
  { id: 'eventBridgePutEvents', value: (l) => l.eventBridgePutEvents.ratePerSecond },
  { id: 'eventBridgeInvocations', value: (l) => l.eventBridgeInvocations.ratePerSecond },
  { id: 'dynamodbTableRead', value: (l) => l.dynamodbTableRead.ratePerSecond },
  { id: 'dynamodbTableWrite', value: (l) => l.dynamodbTableWrite.ratePerSecond },
];
const bursts: readonly { id: QuotaId; name: string; value: (limits: Limits) => number }[] = [
  { id: 'accountThrottle', name: 'Throttle burst rate', value: (l) => l.accountThrottle.burst },
  { id: 'newConnections', name: 'WebSocket new connections burst rate', value: (l) => l.newConnections.burst },
];

const units = { bytes: 'Kilobytes', s: 'Seconds' } as const;

const quotas: readonly QuotaEntry[] = [
  ...enforced.flatMap(({ id, value }): QuotaEntry[] => {
    const { service, code, name, unit, adjustable } = quotaFact(id);
    if (code === null) return [];
    const inUnit = unit === 'bytes' ? (limits: Limits) => value(limits) / 1_024 : value;
    return [
      {
        ...{ service, code, name, unit: unit === 'bytes' || unit === 's' ? units[unit] : 'None' },
        adjustable: adjustable === 'yes',
        value: inUnit,
      },
    ];
  }),
  ...bursts.flatMap(({ id, name, value }): QuotaEntry[] => {
    const { service, burstCode } = quotaFact(id);
    return burstCode === null ? [] : [{ service, code: burstCode, name, unit: 'None', adjustable: false, value }];
  }),
];

const oneInput = z.object({ ServiceCode: z.string().min(1), QuotaCode: z.string().min(1) });
const listInput = z.object({
  ServiceCode: z.string().min(1),
  MaxResults: z.number().int().min(1).max(100).default(100),
  NextToken: z.string().regex(/^\d+$/).optional(),
});

type ServiceQuotasAnswer = { status: number; body: object };
const refused = (type: string, message: string): ServiceQuotasAnswer => ({
  status: 400,
  body: { __type: type, Message: message, message },
});

export class ServiceQuotas {
  #applied: Limits;
  #defaults: Limits;
  #place: { region: string; accountId: string };

  constructor(limits: Limits, place: { region: string; accountId: string }) {
    this.#applied = limits;
    this.#defaults = resolveLimits();
    this.#place = place;
  }

  handle(action: string, input: unknown): ServiceQuotasAnswer {
    switch (action) {
      case 'GetServiceQuota':
        return this.#one(input, this.#applied);
      case 'GetAWSDefaultServiceQuota':
        return this.#one(input, this.#defaults);
      case 'ListServiceQuotas':
        return this.#list(input, this.#applied);
      case 'ListAWSDefaultServiceQuotas':
        return this.#list(input, this.#defaults);
      default:
        return refused(
          'UnknownOperationException',
          `The local Service Quotas is read-only: use GetServiceQuota, GetAWSDefaultServiceQuota, ListServiceQuotas and ListAWSDefaultServiceQuotas, not ${action}.`,
        );
    }
  }

  #one(input: unknown, limits: Limits): ServiceQuotasAnswer {
    const parsed = oneInput.safeParse(input);
    if (!parsed.success) return illegal(parsed.error);
    const { ServiceCode, QuotaCode } = parsed.data;
    const quota = quotas.find(({ service, code }) => service === ServiceCode && code === QuotaCode);
    if (!quota)
      return refused('NoSuchResourceException', `This target does not enforce a quota ${QuotaCode} of ${ServiceCode}.`);
    return { status: 200, body: { Quota: this.#described(quota, limits) } };
  }

  #list(input: unknown, limits: Limits): ServiceQuotasAnswer {
    const parsed = listInput.safeParse(input);
    if (!parsed.success) return illegal(parsed.error);
    const { ServiceCode, MaxResults, NextToken = '0' } = parsed.data;
    const all = quotas.filter(({ service }) => service === ServiceCode);
    if (all.length === 0)
      return refused('NoSuchResourceException', `This target does not enforce quotas of the service ${ServiceCode}.`);
    const from = Number(NextToken);
    const next = from + MaxResults;
    const Quotas = all.slice(from, next).map((quota) => this.#described(quota, limits));
    return { status: 200, body: { Quotas, ...(next < all.length && { NextToken: String(next) }) } };
  }

  #described({ service, code, name, unit, adjustable, value }: QuotaEntry, limits: Limits): object {
    const account = limits === this.#applied ? this.#place.accountId : '';
    return {
      ServiceCode: service,
      ServiceName: serviceNames[service],
      QuotaArn: `arn:aws:servicequotas:${this.#place.region}:${account}:${service}/${code}`,
      QuotaCode: code,
      QuotaName: name,
      Value: value(limits),
      Unit: unit,
      Adjustable: adjustable,
      GlobalQuota: false,
    };
  }
}

const illegal = (error: z.ZodError): ServiceQuotasAnswer =>
  refused(
    'IllegalArgumentException',
    error.issues.map(({ path, message }) => `${path.join('.') || 'the request'}: ${message}`).join('; '),
  );
