/** Quotas of EventBridge. */
import { type QuotaFact, usual } from './quota.ts';
import { fixed, raisable } from './remedies.ts';

const source = 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html';

export const eventBridgeQuotas = {
  /** Requests, of 1 to 10 events each, to all buses of the account. Without a documented burst. */
  eventBridgePutEvents: {
    ...{ ...usual, service: 'events', source },
    ...raisable('L-9B653E91', undefined, 'coalesce', 'shard'),
    name: 'PutEvents throttle limit in transactions per second',
    default: 400,
    unit: 'requests/s',
    scales: 'rate',
    per: 'account',
    regions: [
      { regions: ['us-east-1', 'us-west-2', 'eu-west-1'], default: 10_000, burst: null },
      { regions: ['us-east-2', 'eu-central-1', 'eu-south-2'], default: 2_400, burst: null },
      {
        regions: ['us-west-1', 'ap-northeast-1', 'ap-southeast-1', 'ap-southeast-2', 'eu-west-2'],
        ...{ default: 1_200, burst: null },
      },
      {
        regions: [
          ...['ap-east-1', 'ap-northeast-2', 'ap-south-1', 'ca-central-1'],
          ...['eu-north-1', 'eu-west-3', 'sa-east-1'],
        ],
        ...{ default: 600, burst: null },
      },
    ],
  },
  /** Of targets by rules of the account. Beyond it they still happen, but later. Without a documented burst. */
  eventBridgeInvocations: {
    ...{ ...usual, service: 'events', source },
    ...raisable('L-5540C5E3', undefined, 'shard'),
    name: 'Invocations throttle limit in transactions per second',
    default: 750,
    unit: 'invocations/s',
    scales: 'rate',
    per: 'account',
    regions: [
      { regions: ['us-east-1', 'us-west-2', 'eu-west-1'], default: 18_750, burst: null },
      { regions: ['us-east-2', 'eu-central-1', 'eu-south-2'], default: 4_500, burst: null },
      {
        regions: ['us-west-1', 'ap-northeast-1', 'ap-southeast-1', 'ap-southeast-2', 'eu-west-2'],
        ...{ default: 2_250, burst: null },
      },
      {
        regions: [
          ...['ap-east-1', 'ap-northeast-2', 'ap-south-1', 'ca-central-1'],
          ...['eu-north-1', 'eu-west-3', 'sa-east-1'],
        ],
        ...{ default: 1_100, burst: null },
      },
    ],
  },
  /** Of all entries of a request: raised from 256 KB in January 2026, which not every page says yet. */
  eventBridgeRequestBytes: {
    ...{ ...usual, service: 'events' },
    ...fixed('reference'),
    name: 'PutEvents request size',
    default: 1_048_576,
    unit: 'bytes',
    per: 'request',
    source: 'https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html',
    confidence: 'M',
  },
} as const satisfies Record<string, QuotaFact>;
