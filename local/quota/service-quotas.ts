/**
 * Service Quotas, to read only: GetServiceQuota, GetAWSDefaultServiceQuota and their lists over AWS JSON 1.1. It answers from the limits
 * that the target enforces, so that what reads an account's quotas can be tried here. Quotas without an effect here are not listed.
 * Codes: Service Quotas of us-east-1, read November 2026. Names and units describe; only the codes are AWS's.
 */
import { z } from 'zod';
import type { Limits } from './limits.ts';
import { resolveLimits } from './resolve-limits.ts';

interface QuotaEntry {
  service: keyof typeof serviceNames;
  code: string;
  name: string;
  unit: string;
  adjustable: boolean;
  value: (limits: Limits) => number;
}

const serviceNames = {
  apigateway: 'Amazon API Gateway',
  dynamodb: 'Amazon DynamoDB',
  lambda: 'AWS Lambda',
} as const;

const api = { service: 'apigateway', unit: 'None' } as const;
const quotas: readonly QuotaEntry[] = [
  {
    ...api,
    code: 'L-8A5B8E43',
    name: 'Throttle rate',
    adjustable: true,
    value: (l) => l.accountThrottle.ratePerSecond,
  },
  { ...api, code: 'L-CDF5615A', name: 'Throttle burst', adjustable: false, value: (l) => l.accountThrottle.burst },
  {
    ...api,
    code: 'L-9ED1E49A',
    name: 'New WebSocket connections per second',
    adjustable: true,
    value: (l) => l.newConnections.ratePerSecond,
  },
  {
    ...api,
    code: 'L-E1465507',
    name: 'Burst of new WebSocket connections',
    adjustable: false,
    value: (l) => l.newConnections.burst,
  },
  {
    ...api,
    code: 'L-60AC41CD',
    name: 'WebSocket idle timeout',
    unit: 'Seconds',
    adjustable: false,
    value: (l) => l.webSocketIdleMs / 1_000,
  },
  {
    ...api,
    code: 'L-A6CCE716',
    name: 'WebSocket connection duration',
    unit: 'Seconds',
    adjustable: false,
    value: (l) => l.webSocketLifetimeMs / 1_000,
  },
  {
    ...api,
    code: 'L-E11F7D5D',
    name: 'WebSocket frame size',
    unit: 'Kilobytes',
    adjustable: false,
    value: (l) => l.webSocketFrameBytes / 1_024,
  },
  {
    ...api,
    code: 'L-FD0EB744',
    name: 'WebSocket message payload',
    unit: 'Kilobytes',
    adjustable: false,
    value: (l) => l.webSocketMessageBytes / 1_024,
  },
  {
    service: 'lambda',
    code: 'L-B99A9384',
    name: 'Concurrent executions',
    unit: 'None',
    adjustable: true,
    value: (l) => l.accountConcurrency,
  },
  {
    service: 'lambda',
    code: 'L-7C0F49F9',
    name: 'Asynchronous payload',
    unit: 'Kilobytes',
    adjustable: false,
    value: (l) => l.asyncPayloadBytes / 1_024,
  },
  {
    service: 'dynamodb',
    code: 'L-CF0CBE56',
    name: 'Table-level read throughput',
    unit: 'None',
    adjustable: true,
    value: (l) => l.dynamodbTableRead.ratePerSecond,
  },
  {
    service: 'dynamodb',
    code: 'L-AB614373',
    name: 'Table-level write throughput',
    unit: 'None',
    adjustable: true,
    value: (l) => l.dynamodbTableWrite.ratePerSecond,
  },
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

export const serviceQuotasPrefix = 'ServiceQuotasV20190624.';

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
          `The local Service Quotas can only be read: GetServiceQuota, GetAWSDefaultServiceQuota, ListServiceQuotas and ListAWSDefaultServiceQuotas, not ${action}.`,
        );
    }
  }

  #one(input: unknown, limits: Limits): ServiceQuotasAnswer {
    const parsed = oneInput.safeParse(input);
    if (!parsed.success) return illegal(parsed.error);
    const { ServiceCode, QuotaCode } = parsed.data;
    const quota = quotas.find(({ service, code }) => service === ServiceCode && code === QuotaCode);
    if (!quota)
      return refused(
        'NoSuchResourceException',
        `There is no quota ${QuotaCode} of ${ServiceCode} that this target enforces.`,
      );
    return { status: 200, body: { Quota: this.#described(quota, limits) } };
  }

  #list(input: unknown, limits: Limits): ServiceQuotasAnswer {
    const parsed = listInput.safeParse(input);
    if (!parsed.success) return illegal(parsed.error);
    const { ServiceCode, MaxResults, NextToken = '0' } = parsed.data;
    const all = quotas.filter(({ service }) => service === ServiceCode);
    if (all.length === 0)
      return refused(
        'NoSuchResourceException',
        `There is no service ${ServiceCode} whose quotas this target enforces.`,
      );
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
