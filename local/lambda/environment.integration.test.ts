import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { localCredentials } from '../gateway/connections-api/sigv4.ts';
import type { LimitsInput } from '../quota/limits.ts';
import { makeGate } from '../testing/gate.ts';
import { startSmallStack } from '../testing/small-stack.ts';
import { Environment } from './environment.ts';

/** Of those that wait for this machine, however busy it is. */
const patiently = 30;
const handler = (body: string) => `export const handler = async (event) => { ${body} };`;

/** A stack of these functions and a way to invoke them. */
async function serve(
  bodies: Readonly<Record<string, string>>,
  options: { limits?: LimitsInput; timeouts?: Readonly<Record<string, number>>; memoryMb?: number } = {},
) {
  const properties = (name: string) => ({
    FunctionName: name,
    Timeout: options.timeouts?.[name] ?? patiently,
    MemorySize: options.memoryMb ?? 128,
  });
  const stack = await startSmallStack({
    functions: bodies,
    webSocketRoutes: { $default: Object.keys(bodies)[0] ?? '' },
    functionProperties: Object.fromEntries(Object.keys(bodies).map((name) => [name, properties(name)])),
    limits: options.limits ?? {},
  });
  const endpoint = stack.target.endpoints?.lambda ?? '';
  const client = new LambdaClient({ region: 'us-east-1', endpoint, credentials: localCredentials, maxAttempts: 1 });
  return {
    async invoke(name: string): Promise<{ failed: boolean; answer: unknown; tookMs: number }> {
      const began = performance.now();
      const { FunctionError, Payload } = await client.send(new InvokeCommand({ FunctionName: name }));
      const answer: unknown = JSON.parse(Payload?.transformToString() ?? 'null');
      return { failed: FunctionError !== undefined, answer, tookMs: performance.now() - began };
    },
    async stop() {
      client.destroy();
      await stack.stop();
    },
  };
}

describe('a handler that harms itself', () => {
  const crashes: Record<string, [body: string, errorType: string, message: RegExp]> = {
    abort: ['process.abort()', 'Runtime.ExitError', /exit status 134/],
    kill: ["process.kill(process.pid, 'SIGKILL')", 'Runtime.ExitError', /exit status 137/],
    exit: ['process.exit(3)', 'Runtime.ExitError', /exit status 3/],
    rejection: [
      "Promise.reject(new Error('unhandled')); await new Promise(() => {});",
      'Runtime.ExitError',
      /unhandled/,
    ],
    uncaught: [
      "setTimeout(() => { throw new Error('later'); }); await new Promise(() => {});",
      'Runtime.ExitError',
      /later/,
    ],
    recursion: ['const f = () => f() + 1; return f();', 'RangeError', /call stack/],
    nativeStack: [
      'let deep = []; for (let i = 0; i < 1e5; i++) deep = [deep]; return JSON.stringify(deep).length;',
      'RangeError',
      /call stack/,
    ],
    heap: ['const all = []; for (;;) all.push({ x: all.length });', 'Runtime.ExitError', /signal: killed/],
    // One large allocation, for which V8 would end the process.
    array: ['const all = []; for (;;) all.push(1);', 'Runtime.ExitError', /signal: killed/],
    buffers: [
      'const all = []; for (;;) { all.push(Buffer.alloc(4e6, 1)); await new Promise((done) => setTimeout(done, 5)); }',
      'Runtime.ExitError',
      /signal: killed/,
    ],
    loop: ['for (;;);', 'Sandbox.Timedout', /Task timed out after 1.00 seconds/],
    blocked: [
      'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);',
      'Sandbox.Timedout',
      /Task timed out after 1.00 seconds/,
    ],
  };
  let lambda: Awaited<ReturnType<typeof serve>>;
  beforeAll(async () => {
    const bodies = Object.entries(crashes).map(([name, [body]]): [string, string] => [name, handler(body)]);
    const timeouts = { loop: 1, blocked: 1 };
    // Less than AWS has, to be full sooner.
    const memoryMb = 48;
    lambda = await serve({ ...Object.fromEntries(bodies), fine: handler('return 1;') }, { timeouts, memoryMb });
  });
  afterAll(() => lambda.stop());

  test.each(Object.entries(crashes))('%s fails one event and nothing else', async (name, [, errorType, message]) => {
    const [crashed, beside] = await Promise.all([lambda.invoke(name), lambda.invoke('fine')]);
    expect(crashed).toMatchObject({
      failed: true,
      answer: { errorType, errorMessage: expect.stringMatching(message) },
    });
    expect(beside).toMatchObject({ failed: false, answer: 1 });
    expect(await lambda.invoke('fine')).toMatchObject({ failed: false, answer: 1 });
  });
});

describe('the init phase', () => {
  test("over its limit it is retried with the first event, under the function's timeout", async () => {
    const folder = mkdtempSync(join(tmpdir(), 'loadline-init-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const diary = join(folder, 'inits');
    const initsSoFar = () => readFileSync(diary, 'utf8').length;
    const slow = `import { appendFileSync } from 'node:fs';
      await new Promise((done) => setTimeout(done, 500));
      appendFileSync(${JSON.stringify(diary)}, '.');
      let events = 0; ${handler('return ++events;')}`;
    const never = `await new Promise((done) => setTimeout(done, 60_000)); ${handler('')}`;
    const lambda = await serve({ slow, never }, { limits: { initLimitMs: 200 }, timeouts: { never: 1 } });
    const first = await lambda.invoke('slow');
    expect(first).toMatchObject({ failed: false, answer: 1 });
    // 200 ms in vain, then 500 ms; timers may be a millisecond early.
    expect(first.tookMs).toBeGreaterThanOrEqual(698);
    // The first was ended before its end, and the second event meets the environment of the first.
    expect(initsSoFar()).toBe(1);
    expect(await lambda.invoke('slow')).toMatchObject({ failed: false, answer: 2 });
    expect(initsSoFar()).toBe(1);
    expect(await lambda.invoke('never')).toMatchObject({
      answer: { errorType: 'Sandbox.Timedout', errorMessage: expect.stringMatching(/after 1.00 seconds/) },
    });
    await lambda.stop();
  });

  test('an unused environment whose init took too long is gone once terminated, and takes no event', async () => {
    const codeFolder = mkdtempSync(join(tmpdir(), 'loadline-environment-'));
    writeFileSync(join(codeFolder, 'index.mjs'), 'await new Promise((done) => setTimeout(done, 60_000));');
    let exits = 0;
    const environment = await new Promise<Environment>((ready) => {
      const starting: Environment = new Environment({
        model: {
          ...{ logicalId: 'F', functionName: 'f', arn: 'arn:aws:lambda:us-east-1:000000000000:function:f' },
          ...{ codeFolder, handler: 'index.handler', memoryMb: 128, timeoutMs: 1_000 },
          ...{
            runtime: 'nodejs24.x',
            environment: {},
            reservedConcurrency: null,
            layerFolders: [],
          },
        },
        platformVariables: {},
        logStreamName: 'test',
        initLimitMs: 50,
        cpuByMemory: false,
        addresses: { gateway: '', api: '', dynamodb: '', sqs: '', aws: '', own: {} },
        onLog: () => undefined,
        onFailure: () => undefined,
        onInit: () => ready(starting),
        onExit: () => {
          exits += 1;
        },
      });
    });
    expect(environment.alive).toBe(true);
    // By then its thread has ended, and only ending the environment itself can say so.
    await new Promise((resolve) => setTimeout(resolve, 200));
    await environment.terminate();
    expect(exits).toBe(1);
    await environment.terminate();
    expect(exits).toBe(1);
    expect(await environment.invoke('r', '{}')).toMatchObject({ kind: 'functionError', cause: 'crash' });
    rmSync(codeFolder, { recursive: true });
  });

  test('coldStartExtraMs is added to a cold start, and to nothing else', async () => {
    const lambda = await serve({ fine: handler('return 1;') }, { limits: { coldStartExtraMs: 400 } });
    expect((await lambda.invoke('fine')).tookMs).toBeGreaterThanOrEqual(400);
    expect(await quickestOf(10, () => lambda.invoke('fine'))).toBeLessThan(400);
    await lambda.stop();
  });
});

/** Of several, one meets the machine when it is not busy. */
async function quickestOf(count: number, invoke: () => Promise<{ tookMs: number }>): Promise<number> {
  let quickestMs = Number.POSITIVE_INFINITY;
  for (let index = 0; index < count; index++) quickestMs = Math.min(quickestMs, (await invoke()).tookMs);
  return quickestMs;
}

test('invocations beyond the waiting limit of this machine fail immediately, and those waiting are served', async () => {
  const gate = makeGate();
  const waits = `${gate.source} let events = 0; ${handler('if (events++ > 0) await opened(); return 1;')}`;
  const limits = { maxEnvironments: 1, maxWaitingInvocations: 2 };
  const lambda = await serve({ waits }, { limits });
  // From here on there is an environment, and one of five does not wait.
  await lambda.invoke('waits');
  const answers: { failed: boolean; answer: unknown }[] = [];
  const calls = Array.from({ length: 5 }, async () => answers.push(await lambda.invoke('waits')));
  const refusal = { failed: true, answer: expect.objectContaining({ errorType: 'Local.Overloaded' }) };
  await vi.waitFor(() => expect(answers).toMatchObject([refusal, refusal]), 30_000);
  gate.open();
  await Promise.all(calls);
  expect(answers.filter(({ failed }) => !failed)).toHaveLength(3);
  expect(await lambda.invoke('waits')).toMatchObject({ failed: false });
  await lambda.stop();
});

test('cpuByMemory stretches computation but not waiting', async () => {
  // 30 ms of CPU time, however busy the machine is.
  const computes = `const cpu = () => { const { user, system } = process.threadCpuUsage(); return (user + system) / 1000; };
    const from = cpu(); while (cpu() - from < 30);`;
  const waits = 'await new Promise((done) => setTimeout(done, 40));';
  const bodies = { computes: handler(computes), waits: handler(waits) };
  const lambda = await serve(bodies, { limits: { cpuByMemory: true } });
  await lambda.invoke('computes');
  await lambda.invoke('waits');
  // 128 MB are 0.072 of a vCPU.
  const stretch = 1_769 / 128;
  expect((await lambda.invoke('computes')).tookMs).toBeGreaterThan(30 * stretch);
  expect(await quickestOf(5, () => lambda.invoke('waits'))).toBeLessThan(40 * stretch);
  await lambda.stop();
});
