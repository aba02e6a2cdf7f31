/** A stack with a function for each way to answer or fail. */
import { startSmallStack } from '../testing/small-stack.ts';

const functions = {
  // Returns the status that the query asks for.
  Connect: `export const handler = async (event) => {
    const { status, protocol, crash } = event.queryStringParameters ?? {};
    if (crash) throw new Error('crash');
    return { statusCode: Number(status ?? 200), ...(protocol && { headers: { 'Sec-WebSocket-Protocol': protocol } }) };
  };`,
  Authorize: `export const handler = async (event) => {
    const { token } = event.queryStringParameters;
    if (token === 'unauthorized') throw new Error('Unauthorized');
    if (token === 'broken') throw new Error('broken');
    const Effect = token === 'deny' ? 'Deny' : 'Allow';
    return { principalId: token, policyDocument: { Statement: [{ Effect, Action: 'execute-api:Invoke', Resource: event.methodArn }] }, context: { n: 1 } };
  };`,
  Echo: `export const handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) });`,
  Large: `export const handler = async () => ({ statusCode: 200, body: 'x'.repeat(70000) });`,
  Throw: `export const handler = async () => { throw new Error('no'); };`,
  Exit: `export const handler = async () => process.exit(1);`,
  Slow: `export const handler = () => new Promise((resolve) => setTimeout(() => resolve({ statusCode: 200, body: 'late' }), 500));`,
  Forever: `export const handler = () => { for (;;) {} };`,
  Broken: `throw new Error('at init');`,
  Counter: `let count = 0; export const handler = async () => ({ statusCode: 200, body: String(++count) });`,
  Reserved: `export const handler = async () => ({ statusCode: 200, body: 'never' });`,
  Disconnect: `globalThis.seen = []; export const handler = async (event) => {
    const { disconnectStatusCode, disconnectReason, connectionId } = event.requestContext;
    console.log(JSON.stringify({ _aws: { CloudWatchMetrics: [{ Namespace: 'Test', Dimensions: [['Reason']], Metrics: [{ Name: 'Closed' + disconnectStatusCode }] }] }, Reason: disconnectReason || 'no reason', ['Closed' + disconnectStatusCode]: 1 }));
    return { statusCode: 200 };
  };`,
  Http: `export const handler = async (event) => event.rawPath === '/plain' ? { ok: true } : { statusCode: 201, headers: { 'X-Test': 'yes' }, body: JSON.stringify(event) };`,
};

export const startExampleStack = () =>
  startSmallStack({
    functions,
    functionProperties: { Forever: { Timeout: 1 }, Reserved: { ReservedConcurrentExecutions: 0 } },
    authorizer: 'Authorize',
    webSocketRoutes: {
      $connect: 'Connect',
      $disconnect: 'Disconnect',
      'echo (two-way)': 'Echo',
      oneWay: 'Echo',
      'large (two-way)': 'Large',
      throw: 'Throw',
      exit: 'Exit',
      'slow (two-way)': 'Slow',
      forever: 'Forever',
      broken: 'Broken',
      'counter (two-way)': 'Counter',
      reserved: 'Reserved',
    },
    httpRoutes: { 'POST /hook': 'Http', 'GET /plain': 'Http', 'GET /throw': 'Throw', 'GET /reserved': 'Reserved' },
    limits: { maxEnvironments: 20 },
  });
