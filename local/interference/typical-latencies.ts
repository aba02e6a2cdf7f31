/**
 * The profile `typical`: a small stack in one Region, functions outside a VPC, items and messages of a few KB, no throttling.
 * AWS publishes hardly any of these; each line gives its source, and most are assumptions. If a figure matters, measure your own account and
 * use a file instead.
 */
import type { Latency } from './latency.ts';
import type { Service } from './services.ts';

/** "Single-digit millisecond": Elhemali et al., Amazon DynamoDB, USENIX ATC 2022. The quantiles are not in it. */
const dynamodb =
  'AWS says single-digit milliseconds (Elhemali et al., USENIX ATC 2022); quantiles as a client in a function sees them: assumed';
/**
 * Producer to handler through a standard queue and its event source: p10 13.7, p50 16.2, p90 33.8, p99 105 ms over 1,024
 * messages in eu-west-1, September 2022. The split into send, receive and invoke is our assumption; a test checks the three together
 * against it.
 */
const queueChain =
  'bitesizedserverless.com/bite/serverless-messaging-latency-compared (eu-west-1, 2022-09): queue to handler p50 16.2, p90 33.8, p99 105 ms; divided over send, receive and invoke';
const gateway = 'no published quantiles found: assumed';

const on = (
  delay: Latency['delay'],
  source: string,
  confidence: NonNullable<Latency['confidence']> = 'assumed',
): Latency => ({ delay, source, readOn: '2026-11', confidence });

export const typicalLatencies: Readonly<Record<Service, Readonly<Record<string, Latency>>>> = {
  dynamodb: {
    GetItem: on({ minMs: 1.5, p50Ms: 3.5, p90Ms: 6, p99Ms: 15, maxMs: 60 }, dynamodb),
    Query: on({ minMs: 2, p50Ms: 4.5, p90Ms: 8, p99Ms: 20, maxMs: 80 }, dynamodb),
    '*': on({ minMs: 2.5, p50Ms: 5, p90Ms: 9, p99Ms: 20, maxMs: 80 }, dynamodb),
  },
  sqs: {
    'SendMessage*': on({ minMs: 4, p50Ms: 5, p90Ms: 8, p99Ms: 50, maxMs: 150 }, queueChain, 'derived'),
    ReceiveMessage: on({ minMs: 4, p50Ms: 5, p90Ms: 8, p99Ms: 40, maxMs: 150 }, queueChain, 'derived'),
    '*': on({ minMs: 4, p50Ms: 5, p90Ms: 8, p99Ms: 40, maxMs: 150 }, queueChain),
  },
  lambda: {
    Invoke: on({ minMs: 3, p50Ms: 3.5, p90Ms: 5.5, p99Ms: 25, maxMs: 100 }, queueChain, 'derived'),
    /** From the start of the environment to its first event; includes the init code run on this machine. */
    ColdStart: on(
      { minMs: 180, p50Ms: 300, p90Ms: 500, p99Ms: 900, maxMs: 1_500 },
      'init duration alone: Node.js 20, 1 KB of code: mean 240, p90 584, max 793 ms (github.com/aws/aws-lambda-base-images/issues/126, 2023-11); Node.js 22 with an SDK client, 128 MB: p50 375, p90 402 ms (github.com/aws/aws-sdk-js-v3/issues/6914, 2025-03)',
      'derived',
    ),
  },
  webSocketApi: {
    $connect: on({ minMs: 6, p50Ms: 12, p90Ms: 25, p99Ms: 80, maxMs: 300 }, gateway),
    '*': on({ minMs: 3, p50Ms: 6, p90Ms: 12, p99Ms: 40, maxMs: 150 }, gateway),
  },
  httpApi: { '*': on({ minMs: 3, p50Ms: 6, p90Ms: 12, p99Ms: 30, maxMs: 150 }, gateway) },
  connectionsApi: { '*': on({ minMs: 4, p50Ms: 8, p90Ms: 16, p99Ms: 50, maxMs: 200 }, gateway) },
  cloudwatch: {},
  secretsManager: { '*': on({ minMs: 4, p50Ms: 10, p90Ms: 20, p99Ms: 60, maxMs: 250 }, gateway) },
};
