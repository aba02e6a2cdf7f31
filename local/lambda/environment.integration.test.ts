import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { localCredentials } from '../gateway/connections-api/sigv4.ts';
import type { LimitsInput } from '../quota/limits.ts';
import { startSmallStack } from '../testing/small-stack.ts';
import { Environment } from './environment.ts';

const handler = (body: string) => `export const handler = async (event) => { ${body} };`;

/** A stack of these functions and a way to invoke them. */
async function serve(
  bodies: Readonly<Record<string, string>>,
  options: { limits?: LimitsInput; timeouts?: Readonly<Record<string, number>> } = {},
) {
  const properties = (name: string) => ({
    FunctionName: name,
    Timeout: options.timeouts?.[name] ?? 1,
    MemorySize: 128,
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

describe('what a handler does to itself', () => {
  const crashes: Record<string, [body: string, errorType: string, message: RegExp]> = {
    abort: ['process.abort()', 'Runtime.ExitError', /exit status 134/],
    kill: ["process.kill(process.pid, 'SIGKILL')", 'Runtime.ExitError', /exit status 137/],
    exit: ['process.exit(3)', 'Runtime.ExitError', /exit status 3/],
    rejection: [
      "Promise.reject(new Error('nobody cares')); await new Promise((done) => setTimeout(done, 500));",
      'Runtime.ExitError',
      /nobody cares/,
    ],
    uncaught: [
      "setTimeout(() => { throw new Error('later'); }); await new Promise((done) => setTimeout(done, 500));",
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
    // Filling its memory takes a busy machine longer than a second.
    const timeouts = { heap: 20, array: 20, buffers: 20 };
    lambda = await serve({ ...Object.fromEntries(bodies), fine: handler('return 1;') }, { timeouts });
  });
  afterAll(() => lambda.stop());

  test.each(Object.entries(crashes))('%s fails one event, and nothing else', async (name, [, errorType, message]) => {
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
  const slow = `await new Promise((done) => setTimeout(done, 500)); ${handler('return 1;')}`;

  test("over its limit it is tried again at the first event, under the function's timeout", async () => {
    const lambda = await serve({ slow, never: `for (;;); ${handler('')}` }, { limits: { initLimitMs: 200 } });
    const first = await lambda.invoke('slow');
    expect(first).toMatchObject({ failed: false, answer: 1 });
    // 200 ms in vain, then 500 ms.
    expect(first.tookMs).toBeGreaterThanOrEqual(700);
    expect((await lambda.invoke('slow')).tookMs).toBeLessThan(200);
    expect(await lambda.invoke('never')).toMatchObject({
      answer: { errorType: 'Sandbox.Timedout', errorMessage: expect.stringMatching(/after 1.00 seconds/) },
    });
    await lambda.stop();
  });

  test('an environment whose init took too long and that was never used is gone when it is ended, and takes no event', async () => {
    const codeFolder = mkdtempSync(join(tmpdir(), 'loadline-environment-'));
    writeFileSync(join(codeFolder, 'index.mjs'), 'await new Promise((done) => setTimeout(done, 60_000));');
    let exits = 0;
    const environment = await new Promise<Environment>((ready) => {
      const starting: Environment = new Environment({
        model: {
          ...{ logicalId: 'F', functionName: 'f', arn: 'arn:aws:lambda:us-east-1:000000000000:function:f' },
          ...{ codeFolder, handler: 'index.handler', memoryMb: 128, timeoutMs: 1_000 },
          ...{ environment: {}, reservedConcurrency: null },
        },
        platformVariables: {},
        logStreamName: 'test',
        initLimitMs: 50,
        cpuByMemory: false,
        onLog: () => undefined,
        onInit: () => ready(starting),
        onExit: () => {
          exits += 1;
        },
      });
    });
    expect(environment.alive).toBe(true);
    // By now its thread has ended, and only ending the environment itself can say so.
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
    expect((await lambda.invoke('fine')).tookMs).toBeLessThan(300);
    await lambda.stop();
  });
});

test('more invocations than may wait for this machine fail at once, and those that wait are served', async () => {
  const waits = handler('await new Promise((done) => setTimeout(done, 300)); return 1;');
  const limits = { maxEnvironments: 1, maxWaitingInvocations: 2 };
  const lambda = await serve({ waits }, { limits, timeouts: { waits: 20 } });
  await lambda.invoke('waits');
  const answers = await Promise.all(Array.from({ length: 5 }, () => lambda.invoke('waits')));
  expect(answers.filter(({ failed }) => !failed)).toHaveLength(3);
  const refused = answers.filter(({ failed }) => failed);
  expect(refused.map(({ answer }) => answer)).toEqual(
    Array(2).fill(expect.objectContaining({ errorType: 'Local.Overloaded' })),
  );
  expect(await lambda.invoke('waits')).toMatchObject({ failed: false });
  await lambda.stop();
});

test('cpuByMemory stretches what is computed, and not what waits', async () => {
  // 30 ms of its own processor time, however busy the machine is.
  const computes = `const cpu = () => { const { user, system } = process.threadCpuUsage(); return (user + system) / 1000; };
    const from = cpu(); while (cpu() - from < 30);`;
  const waits = 'await new Promise((done) => setTimeout(done, 40));';
  const bodies = { computes: handler(computes), waits: handler(waits) };
  const lambda = await serve(bodies, { limits: { cpuByMemory: true }, timeouts: { computes: 5 } });
  await lambda.invoke('computes');
  await lambda.invoke('waits');
  // 128 MB are 0.072 of a vCPU.
  expect((await lambda.invoke('computes')).tookMs).toBeGreaterThan(30 * (1_769 / 128));
  expect((await lambda.invoke('waits')).tookMs).toBeLessThan(200);
  await lambda.stop();
});
