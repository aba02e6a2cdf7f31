import {
  InvalidRequestContentException,
  InvokeCommand,
  LambdaClient,
  RequestTooLargeException,
  ResourceNotFoundException,
  TooManyRequestsException,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { localCredentials } from '../gateway/connections-api/sigv4.ts';
import { makeGate } from '../testing/gate.ts';
import { startSmallStack } from '../testing/small-stack.ts';

const functions = {
  Echo: `export const handler = async (event, context) => { console.log('saw', JSON.stringify(event)); return { event, version: context.functionVersion }; };`,
  Throw: `export const handler = async () => { throw new TypeError('no such luck'); };`,
  Off: `export const handler = async () => 1;`,
  // Fails until its third event, and reports how often it was called.
  Third: `let calls = 0; export const handler = async () => { calls += 1; if (calls < 3) throw new Error('not yet ' + calls); };`,
};

describe("Lambda's Invoke", () => {
  let stack: Awaited<ReturnType<typeof startSmallStack>>;
  let client: LambdaClient;
  let arn: string;
  beforeAll(async () => {
    stack = await startSmallStack({
      functions,
      webSocketRoutes: { $default: 'Echo' },
      functionProperties: {
        Echo: { FunctionName: 'echo' },
        Throw: { FunctionName: 'throw' },
        Off: { FunctionName: 'off', ReservedConcurrentExecutions: 0 },
        Third: { FunctionName: 'third' },
      },
      limits: { asyncRetryDelayMs: 20, accountConcurrency: 150 },
    });
    const endpoint = stack.target.endpoints?.lambda ?? '';
    client = new LambdaClient({ region: 'us-east-1', endpoint, credentials: localCredentials, maxAttempts: 1 });
    arn = `arn:aws:lambda:us-east-1:${stack.target.accountId}:function:echo`;
  });
  afterAll(async () => {
    client.destroy();
    await stack.stop();
  });
  const invoke = (FunctionName: string, options: Partial<InvokeCommand['input']> = {}) =>
    client.send(new InvokeCommand({ FunctionName, ...options }));
  const text = (payload: { transformToString(): string } | undefined) => payload?.transformToString() ?? '';

  test('answers what the function returned, by name, by ARN, and by account and name', async () => {
    for (const name of ['echo', 'echo:$LATEST', arn, `${arn}:$LATEST`, `${stack.target.accountId}:function:echo`]) {
      const answer = await invoke(name, { Payload: '{"a":1}' });
      expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
      expect(answer.FunctionError).toBeUndefined();
      expect(JSON.parse(text(answer.Payload))).toEqual({ event: { a: 1 }, version: '$LATEST' });
    }
    expect(JSON.parse(text((await invoke('echo')).Payload))).toMatchObject({ event: {} });
  });

  test('a function error is a 200 with its type and message', async () => {
    const { StatusCode, FunctionError, Payload } = await invoke('throw');
    expect({ StatusCode, FunctionError }).toEqual({ StatusCode: 200, FunctionError: 'Unhandled' });
    expect(JSON.parse(text(Payload))).toMatchObject({ errorType: 'TypeError', errorMessage: 'no such luck' });
  });

  test('LogType Tail returns the output of this invocation', async () => {
    const { LogResult = '' } = await invoke('echo', { Payload: '{"b":2}', LogType: 'Tail' });
    expect(Buffer.from(LogResult, 'base64').toString()).toBe('saw {"b":2}\n');
    expect((await invoke('echo')).LogResult).toBeUndefined();
  });

  test('DryRun is 204 and runs nothing', async () => {
    expect((await invoke('off', { InvocationType: 'DryRun' })).StatusCode).toBe(204);
  });

  test('a throttle is a TooManyRequestsException with its Reason', async () => {
    const error: unknown = await invoke('off').catch((reason) => reason);
    expect(error).toBeInstanceOf(TooManyRequestsException);
    expect(error).toMatchObject({
      Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
      Type: 'User',
      retryAfterSeconds: '1',
      message: 'Rate Exceeded.',
    });
  });

  test('concurrency and request rate of a reservation refuse with their own Reason', async () => {
    const gate = makeGate();
    const reserved = await startSmallStack({
      functions: { Slow: `${gate.source} export const handler = async () => { await opened(); return 1; };` },
      webSocketRoutes: {},
      functionProperties: { Slow: { FunctionName: 'slow', ReservedConcurrentExecutions: 1, Timeout: 60 } },
      // Two requests for its one concurrency, and no more while the test lasts.
      limits: { invocationsPerSecondPerConcurrency: 0.0001, invocationBurstSeconds: 20_000 },
    });
    onTestFinished(reserved.stop);
    const slow = new LambdaClient({
      region: 'us-east-1',
      endpoint: reserved.target.endpoints?.lambda ?? '',
      credentials: localCredentials,
      maxAttempts: 1,
    });
    const reason = () =>
      slow.send(new InvokeCommand({ FunctionName: 'slow' })).then(
        () => 'ok',
        (error) => error.Reason,
      );
    const both = [reason(), reason()];
    expect(await Promise.race(both)).toBe('ReservedFunctionConcurrentInvocationLimitExceeded');
    gate.open();
    expect(await Promise.all(both)).toContain('ok');
    expect(await reason()).toBe('ok');
    expect(await reason()).toBe('ReservedFunctionInvocationRateLimitExceeded');
    slow.destroy();
  });

  test.each([
    ['unknown', 'function:unknown'],
    ['echo:7', 'function:echo:7'],
    ['arn:aws:lambda:eu-west-1:000000000000:function:echo', 'eu-west-1:000000000000:function:echo'],
    ['999999999999:function:echo', '999999999999:function:echo'],
  ])('%s is not found', async (name, inMessage) => {
    const error: unknown = await invoke(name).catch((reason) => reason);
    expect(error).toBeInstanceOf(ResourceNotFoundException);
    expect(error).toMatchObject({ message: expect.stringContaining(inMessage), Type: 'User' });
  });

  test('a payload that is not JSON is refused, as is one too large for its invocation type', async () => {
    await expect(invoke('echo', { Payload: '{"a":' })).rejects.toBeInstanceOf(InvalidRequestContentException);
    const megabyte = JSON.stringify('x'.repeat(1_048_576));
    const event = { InvocationType: 'Event', Payload: megabyte } as const;
    await expect(invoke('echo', event)).rejects.toBeInstanceOf(RequestTooLargeException);
    expect((await invoke('throw', { Payload: megabyte })).StatusCode).toBe(200);
    const tooLarge = JSON.stringify('x'.repeat(6 * 1_048_576));
    await expect(invoke('echo', { Payload: tooLarge })).rejects.toBeInstanceOf(RequestTooLargeException);
  });

  test('Event is accepted immediately, and retried twice on failure', async () => {
    const { StatusCode, Payload } = await invoke('third', { InvocationType: 'Event' });
    expect({ StatusCode, text: text(Payload) }).toEqual({ StatusCode: 202, text: '' });
    // Its third attempt succeeded, so the next call is the fourth.
    await vi.waitFor(async () => expect((await invoke('third')).FunctionError).toBeUndefined(), 30_000);
  });

  test('a request without a signature is refused', async () => {
    const url = `${stack.target.endpoints?.lambda}/2015-03-31/functions/echo/invocations`;
    const answer = await fetch(url, { method: 'POST', body: '{}' });
    expect(answer.status).toBe(403);
    expect(answer.headers.get('x-amzn-errortype')).toBe('MissingAuthenticationTokenException');
  });
});
