/** Quotas of Lambda and of its SQS event sources. */
import { type QuotaFact, usual } from './quota.ts';
import { fixed, following, keptBelowBy, raisable, settable } from './remedies.ts';

const guide = 'https://docs.aws.amazon.com/lambda/latest/dg';
const mib = 1_024 * 1_024;
const lambda = { ...usual, service: 'lambda', source: `${guide}/gettingstarted-limits.html` } as const;
const reserved = { ...lambda, source: `${guide}/configuration-concurrency.html` } as const;
/** "Tens of thousands" (Lambda developer guide, quotas). */
const concurrencyRaise = 100;
const otherCompute = ['shorterDuration', 'shard', 'managedInstances', 'ownServer'] as const;
const concurrencyLaw = { code: 'L-B99A9384', timesDefault: concurrencyRaise } as const;
const poller = { ...lambda, source: `${guide}/services-sqs-scaling.html`, per: 'event source' } as const;

export const lambdaQuotas = {
  accountConcurrency: {
    ...lambda,
    name: 'Concurrent executions',
    ...raisable('L-B99A9384', concurrencyRaise, ...otherCompute),
    // New accounts may have far less: 10 and 50 have been seen.
    default: 1_000,
    unit: 'executions',
    scales: 'count',
    per: 'account',
  },
  /** 10 requests/s for each unit of concurrency: the value in force follows the concurrency. */
  accountInvocationRate: {
    ...lambda,
    ...following({ ...concurrencyLaw, perUnit: 10 }, 'shard', 'managedInstances', 'ownServer'),
    name: 'Synchronous invocation rate',
    default: 10_000,
    unit: 'requests/s',
    scales: 'rate',
    per: 'account',
  },
  /** The same for a function with reserved concurrency, per execution. */
  reservedInvocationRate: {
    ...lambda,
    ...keptBelowBy('ReservedConcurrentExecutions of the function', null, ...otherCompute),
    name: 'Synchronous invocation rate of a function with reserved concurrency',
    default: 10,
    unit: 'requests/s per execution',
    per: 'function',
  },
  /** 1,000 environments every 10 s, refilled continuously, not accrued beyond 1,000. */
  environmentScaling: {
    ...lambda,
    ...keptBelowBy(
      'ProvisionedConcurrentExecutions of the function',
      null,
      'spread',
      'answerFirst',
      'managedInstances',
      'ownServer',
    ),
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
    ...settable('ReservedConcurrentExecutions of the function', null, ...otherCompute),
    name: 'Reserved concurrency',
    default: 0,
    unit: 'executions',
    scales: 'count',
    per: 'function',
  },
  unreservedConcurrencyFloor: {
    ...reserved,
    ...following({ ...concurrencyLaw, perUnit: 1 }, 'shard'),
    name: 'Unreserved concurrency minimum',
    default: 100,
    unit: 'executions',
    scales: 'count',
    per: 'account',
  },
  /** Concurrent executions less the unreserved minimum: the value in force follows the concurrency. */
  reservableConcurrency: {
    ...reserved,
    ...following({ ...concurrencyLaw, perUnit: 1 }, 'shard'),
    name: 'Reservable concurrency',
    default: 900,
    unit: 'executions',
    per: 'account',
  },
  invocationPayloadBytes: {
    ...lambda,
    ...keptBelowBy('BatchSize of the event source', null, 'reference'),
    name: 'Synchronous payload',
    code: 'L-5C4B2C97',
    default: 6 * mib,
    unit: 'bytes',
    per: 'request',
  },
  asyncPayloadBytes: {
    ...lambda,
    ...fixed('reference'),
    name: 'Asynchronous payload',
    code: 'L-7C0F49F9',
    default: mib,
    unit: 'bytes',
    per: 'request',
  },
  functionTimeout: {
    ...lambda,
    ...fixed('smallerBatches', 'managedInstances'),
    name: 'Function timeout',
    default: 900,
    unit: 's',
    per: 'function',
  },
  functionMemory: {
    ...lambda,
    ...keptBelowBy('MemorySize of the function', null, 'managedInstances'),
    name: 'Function memory',
    default: 10_240,
    unit: 'MB',
    per: 'function',
  },
  pollerInitialConcurrency: {
    ...poller,
    ...keptBelowBy('ProvisionedPollerConfig of the event source', null, 'shard'),
    name: 'SQS event source initial concurrency',
    default: 5,
    unit: 'executions',
    scales: 'count',
  },
  pollerGrowthPerMinute: {
    ...poller,
    ...keptBelowBy('ProvisionedPollerConfig of the event source', null, 'shard', 'spread'),
    name: 'SQS event source scaling rate',
    default: 300,
    unit: 'executions/min',
    scales: 'rate',
  },
  pollerMaxConcurrency: {
    ...poller,
    ...settable(
      'MaximumConcurrency or ProvisionedPollerConfig of the event source',
      20_000,
      'shorterDuration',
      'shard',
    ),
    name: 'SQS event source maximum concurrency',
    default: 1_250,
    unit: 'executions',
    scales: 'count',
  },
  /** What one provisioned poller invokes at a time, and what all of an event source may. */
  provisionedPollerConcurrency: {
    ...poller,
    ...fixed('shard'),
    name: 'Executions of one provisioned poller',
    default: 10,
    unit: 'executions per poller',
  },
  provisionedMaxConcurrency: {
    ...poller,
    ...fixed('shorterDuration', 'shard'),
    name: 'SQS event source maximum concurrency with provisioned pollers',
    default: 20_000,
    unit: 'executions',
  },
  provisionedGrowthPerMinute: {
    ...poller,
    ...fixed('shard', 'spread'),
    name: 'SQS event source scaling rate with provisioned pollers',
    default: 1_000,
    unit: 'executions/min',
  },
  pollerBatchSize: {
    ...poller,
    ...keptBelowBy('BatchSize of the event source', null, 'smallerBatches'),
    name: 'SQS event source batch size',
    default: 10_000,
    unit: 'messages',
    source: `${guide}/services-sqs-configure.html`,
  },
} as const satisfies Record<string, QuotaFact>;
