import { describe, expect, test } from 'vitest';
import type { StackModel } from '../template/model.ts';
import { scaleStack } from './scale-stack.ts';

const api = { logicalId: 'A', apiId: 'a', stage: 's', stageVariables: {} };
const model = {
  logicalId: 'F',
  arn: 'arn',
  codeFolder: '/',
  handler: 'i.h',
  memoryMb: 128,
  timeoutMs: 3_000,
  environment: {},
};
const source = {
  logicalId: 'E',
  functionName: 'f',
  queueArn: 'q',
  batchSize: 10,
  batchWindowMs: 0,
  reportsBatchItemFailures: true,
};
const stack = {
  stackName: 'S',
  region: 'us-east-1',
  accountId: '0',
  webSocketApis: [
    {
      ...api,
      routeSelectionExpression: '$request.body.action',
      defaultThrottle: { ratePerSecond: 5_000, burst: 2_500 },
      routes: [
        {
          routeKey: 'ping',
          integration: null,
          twoWay: true,
          authorizer: null,
          throttle: { ratePerSecond: 50, burst: 20 },
        },
        { routeKey: 'other', integration: null, twoWay: true, authorizer: null, throttle: null },
      ],
    },
  ],
  httpApis: [{ ...api, defaultThrottle: null, routes: [] }],
  restApis: [
    {
      ...{ ...api, defaultThrottle: { ratePerSecond: 100, burst: 200 }, routes: [] },
      usagePlans: [
        {
          ...{ logicalId: 'Basic', throttle: { ratePerSecond: 30, burst: 20 } },
          quota: { limit: 1_000, period: 'DAY', offset: 0 },
          routes: { 'GET /x': { ratePerSecond: 10, burst: 500 } },
        },
        { logicalId: 'Open', throttle: null, quota: null, routes: {} },
      ],
    },
  ],
  functions: [
    { ...model, functionName: 'f', reservedConcurrency: 200 },
    { ...model, functionName: 'g', reservedConcurrency: null },
    { ...model, functionName: 'off', reservedConcurrency: 0 },
  ],
  eventSources: [
    { ...source, maximumConcurrency: 150 },
    { ...source, maximumConcurrency: null },
  ],
  queues: [],
  tables: [],
  databases: [{ maxConnections: 450 }, { maxConnections: 112 }],
  secrets: [],
  outputs: {},
} as unknown as StackModel;

describe('the template at a hundredth', () => {
  const scaled = scaleStack(stack, 0.01);

  test('throttles of stage and routes', () => {
    expect(scaled.webSocketApis[0]?.defaultThrottle).toEqual({ ratePerSecond: 50, burst: 25 });
    expect(scaled.webSocketApis[0]?.routes.map(({ throttle }) => throttle)).toEqual([
      { ratePerSecond: 0.5, burst: 1 },
      null,
    ]);
    expect(scaled.httpApis[0]?.defaultThrottle).toBeNull();
    expect(scaled.restApis[0]?.defaultThrottle).toEqual({ ratePerSecond: 1, burst: 2 });
  });

  test('throttles and quotas of usage plans', () => {
    expect(scaled.restApis[0]?.usagePlans).toEqual([
      {
        ...{ logicalId: 'Basic', throttle: { ratePerSecond: 0.3, burst: 1 } },
        quota: { limit: 10, period: 'DAY', offset: 0 },
        routes: { 'GET /x': { ratePerSecond: 0.1, burst: 5 } },
      },
      { logicalId: 'Open', throttle: null, quota: null, routes: {} },
    ]);
  });

  test('connections of databases; with what PostgreSQL keeps for itself, at least one is left', () => {
    expect(scaled.databases.map(({ maxConnections }) => maxConnections)).toEqual([5, 4]);
    expect(scaleStack(stack, 0.1).databases.map(({ maxConnections }) => maxConnections)).toEqual([45, 11]);
  });

  test('concurrencies of functions and event sources; a disabled one stays disabled', () => {
    expect(scaled.functions.map(({ reservedConcurrency }) => reservedConcurrency)).toEqual([2, null, 0]);
    expect(scaled.eventSources.map(({ maximumConcurrency }) => maximumConcurrency)).toEqual([2, null]);
  });

  test('and nothing else', () => {
    expect(scaled.functions[0]).toEqual({ ...stack.functions[0], reservedConcurrency: 2 });
    expect(scaleStack(stack, 1)).toEqual(stack);
  });
});
