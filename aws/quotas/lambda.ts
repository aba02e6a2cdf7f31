/** Quotas of Lambda and of its SQS event sources. */
import { type QuotaFact, usual } from './quota.ts';

const guide = 'https://docs.aws.amazon.com/lambda/latest/dg';
const mib = 1_024 * 1_024;
const lambda = { ...usual, service: 'lambda', source: `${guide}/gettingstarted-limits.html` } as const;
const reserved = { ...lambda, source: `${guide}/configuration-concurrency.html` } as const;
const poller = { ...lambda, source: `${guide}/services-sqs-scaling.html`, per: 'event source' } as const;

export const lambdaQuotas = {
  accountConcurrency: {
    ...lambda,
    name: 'Concurrent executions',
    code: 'L-B99A9384',
    // New accounts may have far less: 10 and 50 have been seen.
    default: 1_000,
    unit: 'executions',
    scales: 'count',
    per: 'account',
    adjustable: 'yes',
  },
  /** 10 requests/s for each unit of concurrency: the value in force follows the concurrency. */
  accountInvocationRate: {
    ...lambda,
    name: 'Synchronous invocation rate',
    default: 10_000,
    unit: 'requests/s',
    scales: 'rate',
    per: 'account',
  },
  /** The same for a function with reserved concurrency, per execution. */
  reservedInvocationRate: {
    ...lambda,
    name: 'Synchronous invocation rate of a function with reserved concurrency',
    default: 10,
    unit: 'requests/s per execution',
    per: 'function',
  },
  /** 1,000 environments every 10 s, refilled continuously, not accrued beyond 1,000. */
  environmentScaling: {
    ...lambda,
    name: 'Concurrency scaling rate',
    default: 100,
    burst: 1_000,
    unit: 'environments/s',
    scales: 'rate',
    per: 'function',
    source: `${guide}/scaling-behavior.html`,
  },
  /** What is reserved for a function: a setting, not an AWS figure. */
  reservedConcurrency: {
    ...reserved,
    name: 'Reserved concurrency',
    default: 0,
    unit: 'executions',
    scales: 'count',
    per: 'function',
    adjustable: 'setting',
  },
  unreservedConcurrencyFloor: {
    ...reserved,
    name: 'Unreserved concurrency minimum',
    default: 100,
    unit: 'executions',
    scales: 'count',
    per: 'account',
  },
  /** Concurrent executions less the unreserved minimum: the value in force follows the concurrency. */
  reservableConcurrency: {
    ...reserved,
    name: 'Reservable concurrency',
    default: 900,
    unit: 'executions',
    per: 'account',
  },
  invocationPayloadBytes: {
    ...lambda,
    name: 'Synchronous payload',
    code: 'L-5C4B2C97',
    default: 6 * mib,
    unit: 'bytes',
    per: 'request',
  },
  asyncPayloadBytes: {
    ...lambda,
    name: 'Asynchronous payload',
    code: 'L-7C0F49F9',
    default: mib,
    unit: 'bytes',
    per: 'request',
  },
  functionTimeout: { ...lambda, name: 'Function timeout', default: 900, unit: 's', per: 'function' },
  functionMemory: { ...lambda, name: 'Function memory', default: 10_240, unit: 'MB', per: 'function' },
  pollerInitialConcurrency: {
    ...poller,
    name: 'SQS event source initial concurrency',
    default: 5,
    unit: 'executions',
    scales: 'count',
  },
  pollerGrowthPerMinute: {
    ...poller,
    name: 'SQS event source scaling rate',
    default: 300,
    unit: 'executions/min',
    scales: 'rate',
  },
  pollerMaxConcurrency: {
    ...poller,
    name: 'SQS event source maximum concurrency',
    default: 1_250,
    unit: 'executions',
    scales: 'count',
    adjustable: 'setting',
  },
  pollerBatchSize: {
    ...poller,
    name: 'SQS event source batch size',
    default: 10_000,
    unit: 'messages',
    source: `${guide}/services-sqs-configure.html`,
  },
} as const satisfies Record<string, QuotaFact>;
