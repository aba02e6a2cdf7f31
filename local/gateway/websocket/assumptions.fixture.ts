/** A stack whose handlers show what the settings for undocumented behaviour change. */
import { afterEach } from 'vitest';
import { type SmallStackOptions, startSmallStack } from '../../testing/small-stack.ts';
import { localCredentials } from '../connections-api/sigv4.ts';

const functions = {
  Connect: `export const handler = async (event) => {
    if (event.queryStringParameters?.slow) await new Promise((resolve) => setTimeout(resolve, 400));
    return { statusCode: 200, headers: { 'Sec-WebSocket-Protocol': 'one\\r\\nX-Injected: b', 'X-Own': 'mine', 'X-Split': 'a\\r\\nX-Injected: b', Upgrade: 'other' } };
  };`,
  Authorize: `let calls = 0; export const handler = async (event) => {
    calls += 1;
    const { token } = event.queryStringParameters;
    if (token === 'broken') throw new Error('broken');
    const Effect = token === 'deny' ? 'Deny' : 'Allow';
    const context = { calls, ...(token.startsWith('long') && { long: 'x'.repeat(Number(token.slice(4))) }) };
    return { principalId: token, policyDocument: { Statement: [{ Effect, Action: 'execute-api:Invoke', Resource: '*' }] }, context };
  };`,
  Echo: `export const handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) });`,
  Teapot: `export const handler = async () => ({ statusCode: 418, body: 'short and stout' });`,
  Reserved: `export const handler = async () => ({ statusCode: 200, body: 'never' });`,
  Disconnect: `export const handler = async ({ requestContext: { disconnectStatusCode: code, disconnectReason: reason } }) => {
    console.log(JSON.stringify({ _aws: { CloudWatchMetrics: [{ Namespace: 'Test', Dimensions: [[]], Metrics: [{ Name: code + ' ' + reason }] }] }, [code + ' ' + reason]: 1 }));
  };`,
};

export const startStack = (options: Partial<SmallStackOptions> = {}) =>
  startSmallStack({
    functions,
    functionProperties: { Reserved: { ReservedConcurrentExecutions: 0 } },
    webSocketRoutes: {
      $connect: 'Connect',
      $disconnect: 'Disconnect',
      '$default (two-way)': 'Echo',
      'teapot (two-way)': 'Teapot',
      'reserved (two-way)': 'Reserved',
    },
    ...options,
  });

/** For a file of tests: each starts its own stack, which ends with it. */
export function stackOfEachTest() {
  let stack: Awaited<ReturnType<typeof startStack>> | null = null;
  afterEach(async () => {
    await stack?.stop();
    stack = null;
  });

  async function start(options: Partial<SmallStackOptions> = {}) {
    stack = await startStack(options);
    return stack.target;
  }

  /** Of the last minute, 0 without data. */
  async function metricSum(name: string, dimensions: Record<string, string> = {}, namespace = 'Test') {
    const { CloudWatchClient, GetMetricStatisticsCommand } = await import('@aws-sdk/client-cloudwatch');
    const client = new CloudWatchClient({
      region: 'us-east-1',
      endpoint: stack?.target.endpoints?.cloudwatch ?? '',
      credentials: localCredentials,
    });
    const { Datapoints = [] } = await client.send(
      new GetMetricStatisticsCommand({
        Namespace: namespace,
        MetricName: name,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        StartTime: new Date(Date.now() - 60_000),
        EndTime: new Date(Date.now() + 60_000),
        Period: 60,
        Statistics: ['Sum'],
      }),
    );
    return Datapoints.reduce((total, { Sum = 0 }) => total + Sum, 0);
  }

  return { start, metricSum };
}
