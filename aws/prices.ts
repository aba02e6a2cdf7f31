/** AWS prices as data: another Region or another date is another object of this shape. */

/** Units up to `upTo` (cumulative over a month) cost `usd` each; the last tier has no end. */
interface Tier {
  upTo: number;
  usd: number;
}

export interface Price {
  tiers: readonly [Tier, ...Tier[]];
  /** What one unit is. */
  unit: string;
  source: string;
  /** When the source was read or the price list was made. */
  date: string;
}

export interface PriceList {
  region: string;
  currency: 'USD';
  webSocketMessage: Price;
  webSocketConnectionMinute: Price;
  httpApiRequest: Price;
  restApiRequest: Price;
  lambdaRequest: Price;
  lambdaArmGbSecond: Price;
  sqsRequest: Price;
  sqsFifoRequest: Price;
  sqsPollerHour: Price;
  snsRequest: Price;
  eventBridgeEvent: Price;
  dynamodbWriteUnit: Price;
  dynamodbReadUnit: Price;
  dataOutGb: Price;
  provisionedConcurrencyArmGbSecond: Price;
  provisionedDurationArmGbSecond: Price;
  logGb: Price;
  logStorageGbMonth: Price;
  customMetricMonth: Price;
  alarmMetricMonth: Price;
  dashboardMonth: Price;
  dynamodbStorageGbMonth: Price;
  dynamodbRecoveryGbMonth: Price;
  secretMonth: Price;
  secretCall: Price;
  rdsT4gMicroHour: Price;
  rdsT4gSmallHour: Price;
  rdsT4gMediumHour: Price;
  rdsT4gLargeHour: Price;
  rdsT4gXlargeHour: Price;
  rdsM7gLargeHour: Price;
  rdsM7gXlargeHour: Price;
  rdsM7g2xlargeHour: Price;
  rdsStorageGbMonth: Price;
  rdsProxyVcpuHour: Price;
  natGatewayHour: Price;
  natGatewayGb: Price;
}

/** Names of the prices in a list. */
export type PriceName = Exclude<keyof PriceList, 'region' | 'currency'>;

const million = 1e6;
const billion = 1e9;
const end = Number.POSITIVE_INFINITY;
const flat = (usd: number): readonly [Tier] => [{ upTo: end, usd }];

const gatewayPrices = { source: 'AWS Price List, API Gateway; aws.amazon.com/api-gateway/pricing' };
const lambdaPrices = { source: 'AWS Price List, Lambda', date: '2026-09-19' };
const tablePrices = { source: 'AWS Price List, DynamoDB on-demand', date: '2026-09-11' };

const databasePrices = { source: 'AWS Price List, RDS for PostgreSQL', date: '2026-08-12' };
/** By a table that was made of it. */
const instancePrices = { source: 'AWS Price List, RDS for PostgreSQL (secondary)', date: '2026-04' };
const natPrices = { source: 'AWS Price List, NAT gateway (secondary)', date: '2026-10-08' };

const secretPrices = { source: 'AWS Price List, Secrets Manager', date: '2025-10-28' };
const watchPrices = { source: 'AWS Price List, CloudWatch', date: '2025-10-28' };

/** us-east-1, without free tiers. */
export const usEast1Prices: PriceList = {
  region: 'us-east-1',
  currency: 'USD',
  webSocketMessage: {
    ...gatewayPrices,
    date: '2025-10',
    unit: 'message of up to 32 KB, sent or received',
    tiers: [
      { upTo: billion, usd: 1 / million },
      { upTo: end, usd: 0.8 / million },
    ],
  },
  webSocketConnectionMinute: {
    ...gatewayPrices,
    date: '2025-10',
    unit: 'connection-minute',
    tiers: flat(0.25 / million),
  },
  httpApiRequest: {
    ...gatewayPrices,
    date: '2026-09-20',
    unit: 'request of up to 512 KB',
    tiers: [
      { upTo: 300 * million, usd: 1 / million },
      { upTo: end, usd: 0.9 / million },
    ],
  },
  restApiRequest: {
    ...gatewayPrices,
    date: '2026-09-20',
    unit: 'request',
    tiers: [
      { upTo: 333 * million, usd: 3.5 / million },
      { upTo: billion, usd: 2.8 / million },
      { upTo: 20 * billion, usd: 2.38 / million },
      { upTo: end, usd: 1.51 / million },
    ],
  },
  lambdaRequest: { ...lambdaPrices, unit: 'invocation', tiers: flat(0.2 / million) },
  lambdaArmGbSecond: {
    ...lambdaPrices,
    unit: 'GB-second on Arm',
    tiers: [
      { upTo: 7.5 * billion, usd: 0.0000133334 },
      { upTo: 18.75 * billion, usd: 0.0000120001 },
      { upTo: end, usd: 0.0000106667 },
    ],
  },
  sqsRequest: {
    source: 'AWS Price List, SQS standard, first tier; the others from cloudburn.io (secondary)',
    date: '2026-03-14',
    unit: 'request of up to 64 KB',
    tiers: [
      { upTo: 100 * billion, usd: 0.4 / million },
      { upTo: 200 * billion, usd: 0.3 / million },
      { upTo: end, usd: 0.24 / million },
    ],
  },
  sqsFifoRequest: {
    source: 'AWS Price List, SQS FIFO, first tier, also beyond it, where sources differ',
    date: '2026-03-14',
    unit: 'request of up to 64 KB of a FIFO queue',
    tiers: flat(0.5 / million),
  },
  sqsPollerHour: {
    source: 'AWS Price List, Lambda, by two secondary sources',
    date: '2026-09-19',
    unit: 'hour of a provisioned poller of SQS',
    tiers: flat(0.00925),
  },
  snsRequest: {
    source: 'aws.amazon.com/sns/pricing',
    date: '2026-11',
    unit: 'request of up to 64 KB',
    tiers: flat(0.5 / million),
  },
  eventBridgeEvent: {
    source: 'aws.amazon.com/eventbridge/pricing',
    date: '2026-11',
    unit: 'custom event of up to 64 KB',
    tiers: flat(1 / million),
  },
  dynamodbWriteUnit: { ...tablePrices, unit: 'write request unit', tiers: flat(0.625 / million) },
  dynamodbReadUnit: { ...tablePrices, unit: 'read request unit', tiers: flat(0.125 / million) },
  dataOutGb: {
    source: 'AWS Price List, data transfer out to the internet',
    date: '2026-09',
    unit: 'GB sent to the internet',
    tiers: [
      { upTo: 10_240, usd: 0.09 },
      { upTo: 51_200, usd: 0.085 },
      { upTo: 153_600, usd: 0.07 },
      { upTo: end, usd: 0.05 },
    ],
  },
  provisionedConcurrencyArmGbSecond: {
    ...lambdaPrices,
    unit: 'GB-second of provisioned concurrency on Arm',
    tiers: flat(0.0000033334),
  },
  provisionedDurationArmGbSecond: {
    ...lambdaPrices,
    unit: 'GB-second on provisioned concurrency, on Arm',
    tiers: flat(0.0000077778),
  },
  logGb: {
    ...watchPrices,
    unit: 'GB of Lambda logs ingested',
    tiers: [
      { upTo: 10_240, usd: 0.5 },
      { upTo: 30_720, usd: 0.25 },
      { upTo: 51_200, usd: 0.1 },
      { upTo: end, usd: 0.05 },
    ],
  },
  logStorageGbMonth: { ...watchPrices, unit: 'GB-month of logs stored', tiers: flat(0.03) },
  customMetricMonth: {
    ...watchPrices,
    unit: 'custom metric-month',
    tiers: [
      { upTo: 10_000, usd: 0.3 },
      { upTo: 250_000, usd: 0.1 },
      { upTo: 1_000_000, usd: 0.05 },
      { upTo: end, usd: 0.02 },
    ],
  },
  alarmMetricMonth: { ...watchPrices, unit: 'alarm metric-month', tiers: flat(0.1) },
  dashboardMonth: {
    source: 'third-party price table (secondary)',
    date: '2026-10-08',
    unit: 'dashboard-month',
    tiers: flat(3),
  },
  dynamodbStorageGbMonth: { ...tablePrices, unit: 'GB-month of a table', tiers: flat(0.25) },
  dynamodbRecoveryGbMonth: {
    source: 'AWS Price List, DynamoDB (us-west-2, the same price), from a third party’s extract (secondary)',
    date: '2026-11',
    unit: 'GB-month of a table with point-in-time recovery',
    tiers: flat(0.2),
  },
  secretMonth: { ...secretPrices, unit: 'secret-month', tiers: flat(0.4) },
  secretCall: { ...secretPrices, unit: 'API call', tiers: flat(0.05 / 10_000) },
  rdsT4gMicroHour: { ...databasePrices, unit: 'hour of db.t4g.micro in one zone', tiers: flat(0.016) },
  rdsT4gSmallHour: { ...instancePrices, unit: 'hour of db.t4g.small in one zone', tiers: flat(0.032) },
  rdsT4gMediumHour: { ...instancePrices, unit: 'hour of db.t4g.medium in one zone', tiers: flat(0.065) },
  rdsT4gLargeHour: { ...instancePrices, unit: 'hour of db.t4g.large in one zone', tiers: flat(0.129) },
  rdsT4gXlargeHour: { ...instancePrices, unit: 'hour of db.t4g.xlarge in one zone', tiers: flat(0.258) },
  rdsM7gLargeHour: { ...instancePrices, unit: 'hour of db.m7g.large in one zone', tiers: flat(0.168) },
  rdsM7gXlargeHour: { ...instancePrices, unit: 'hour of db.m7g.xlarge in one zone', tiers: flat(0.337) },
  rdsM7g2xlargeHour: { ...instancePrices, unit: 'hour of db.m7g.2xlarge in one zone', tiers: flat(0.674) },
  rdsStorageGbMonth: { ...databasePrices, unit: 'GB-month of gp3 storage in one zone', tiers: flat(0.115) },
  rdsProxyVcpuHour: { ...databasePrices, unit: 'hour of a vCPU of the database behind RDS Proxy', tiers: flat(0.015) },
  natGatewayHour: { ...natPrices, unit: 'hour of a NAT gateway', tiers: flat(0.045) },
  natGatewayGb: { ...natPrices, unit: 'GB through a NAT gateway', tiers: flat(0.045) },
};

/**
 * What an account need not pay for, every month and without end, in the price's unit; other prices have none. API Gateway's free tier lasts
 * twelve months, for accounts from before 2025-07-15. Pricing pages of the services, read 2026-11.
 */
export const freeUnits: Partial<Record<PriceName, number>> = {
  lambdaRequest: million,
  lambdaArmGbSecond: 400_000,
  sqsRequest: million,
  snsRequest: million,
  dynamodbStorageGbMonth: 25,
  dataOutGb: 100,
  customMetricMonth: 10,
  alarmMetricMonth: 10,
  dashboardMonth: 3,
  logGb: 5,
};

/** us-east-1. From memory, unconfirmed: the available extracts of the price list name only the read unit. */
export const provisionedWriteUnitHourUsd = 0.00065;

/** Price of a month's quantity: each tier's units at the tier's price. Quantities may be fractions. */
export function priceOf(quantity: number, price: Price): number {
  let from = 0;
  let usd = 0;
  for (const tier of price.tiers) {
    usd += Math.max(0, Math.min(quantity, tier.upTo) - from) * tier.usd;
    from = tier.upTo;
  }
  return usd;
}
