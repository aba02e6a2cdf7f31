import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { localCredentials } from '../../gateway/connections-api/sigv4.ts';
import { bootstrapInJavaScript } from '../../testing/runtime-bootstrap.ts';
import { startSmallStack } from '../../testing/small-stack.ts';
import { isAlive } from '../../testing/tiny-target.ts';

const allGone = (...processIds: number[]) =>
  vi.waitFor(() => expect(processIds.filter(isAlive)).toEqual([]), { timeout: 20_000, interval: 20 });
const bootstrap = { bootstrap: bootstrapInJavaScript };
/** The example of the developer guide, "Building a custom runtime": a shell and curl. */
const inShell = {
  bootstrap: `#!/bin/sh
set -eu
. "$LAMBDA_TASK_ROOT/$(echo "$_HANDLER" | cut -d. -f1).sh"
while true; do
  HEADERS="$(mktemp)"
  EVENT=$(curl -sS -LD "$HEADERS" "http://\${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation/next")
  REQUEST_ID=$(grep -Fi Lambda-Runtime-Aws-Request-Id "$HEADERS" | tr -d '[:space:]' | cut -d: -f2)
  RESPONSE=$($(echo "$_HANDLER" | cut -d. -f2) "$EVENT")
  curl -sS "http://\${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation/$REQUEST_ID/response" -d "$RESPONSE" > /dev/null
  rm "$HEADERS"
done
`,
  'function.sh': `handler() {\n  echo "event: $1" 1>&2\n  echo "{\\"echo\\": $1}"\n}\n`,
};
const hasCurl = (() => {
  try {
    return execFileSync('curl', ['--version']).length > 0;
  } catch {
    return false;
  }
})();

let stack: Awaited<ReturnType<typeof startSmallStack>>;
let client: LambdaClient;
beforeAll(async () => {
  const custom = (more: object = {}) => ({ Runtime: 'provided.al2023', Timeout: 30, MemorySize: 512, ...more });
  stack = await startSmallStack({
    functions: {
      good: bootstrap,
      slow: bootstrap,
      small: bootstrap,
      one: bootstrap,
      failing: bootstrap,
      exiting: bootstrap,
      inShell,
    },
    functionProperties: {
      good: custom({ FunctionName: 'good' }),
      slow: custom({ FunctionName: 'slow', Timeout: 1 }),
      small: custom({ FunctionName: 'small', MemorySize: 128 }),
      one: custom({ FunctionName: 'one', ReservedConcurrentExecutions: 1 }),
      failing: custom({ FunctionName: 'failing', Environment: { Variables: { INIT: 'fails' } } }),
      exiting: custom({ FunctionName: 'exiting', Environment: { Variables: { INIT: 'exits' } } }),
      inShell: custom({ FunctionName: 'inShell', Handler: 'function.handler' }),
    },
    webSocketRoutes: { $default: 'good' },
  });
  const endpoint = stack.target.endpoints.lambda;
  client = new LambdaClient({ region: 'us-east-1', endpoint, credentials: localCredentials, maxAttempts: 1 });
});
afterAll(async () => {
  client.destroy();
  await stack.stop();
});

async function invoke(name: string, event: object) {
  const { FunctionError, Payload, LogResult } = await client.send(
    new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event), LogType: 'Tail' }),
  );
  const text = Payload?.transformToString() ?? '';
  const log = Buffer.from(LogResult ?? '', 'base64').toString();
  return { failed: FunctionError !== undefined, text, log, answer: (): unknown => JSON.parse(text) };
}

describe('a custom runtime', () => {
  test('takes its events one after the other in one process, with what AWS tells it about each', async () => {
    const first = await invoke('good', { action: 'echo', said: 'ä' });
    expect(first.answer()).toEqual({
      ...{ said: 'ä', events: 1, arn: 'arn:aws:lambda:us-east-1:000000000000:function:good' },
      ...{ inMs: expect.any(Number), folder: expect.stringMatching(/good$/), task: expect.stringMatching(/good$/) },
    });
    expect(first.log).toBe('event 1 echo\n');
    expect((await invoke('good', { action: 'echo' })).answer()).toMatchObject({ events: 2 });
  });

  test('reports an error of an event in its own words, and goes on', async () => {
    const failed = await invoke('good', { action: 'fail' });
    expect(failed.failed).toBe(true);
    expect(failed.answer()).toEqual({ errorType: 'My.Error', errorMessage: 'as asked', stackTrace: ['here'] });
    expect((await invoke('good', { action: 'echo' })).failed).toBe(false);
  });

  test('is refused an answer to another event, and one that is too large', async () => {
    expect((await invoke('good', { action: 'stray' })).answer()).toBe(400);
    expect((await invoke('good', { action: 'large' })).answer()).toMatchObject({
      errorType: 'Function.ResponseSizeTooLarge',
    });
  });

  test('may answer with what is not JSON', async () => {
    expect((await invoke('good', { action: 'text' })).text).toBe('not JSON');
  });

  test('that ends fails the event that it had, and no other', async () => {
    expect((await invoke('good', { action: 'exit' })).answer()).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/exit status 3/),
    });
    expect((await invoke('good', { action: 'echo' })).answer()).toMatchObject({ events: 1 });
  });

  test("runs under the function's timeout", async () => {
    expect((await invoke('slow', { action: 'hang' })).answer()).toMatchObject({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/after 1.00 seconds/),
    });
  });

  test.runIf(process.platform === 'linux')("is killed beyond the function's memory", async () => {
    expect((await invoke('small', { action: 'memory' })).answer()).toMatchObject({
      errorMessage: expect.stringMatching(/signal: killed/),
    });
  });

  test('is admitted as any other: beyond its reserved concurrency it is throttled', async () => {
    const answers = await Promise.allSettled([1, 2, 3].map(() => invoke('one', { action: 'compute', ms: 50 })));
    const refused = answers.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(2);
    expect(refused[0]).toMatchObject({ reason: { name: 'TooManyRequestsException' } });
  });

  test('whose init fails or ends says so', async () => {
    expect((await invoke('failing', {})).answer()).toEqual({
      ...{ errorType: 'My.Init', errorMessage: 'not today', stackTrace: [] },
    });
    expect((await invoke('exiting', {})).answer()).toMatchObject({
      ...{ errorType: 'Runtime.ExitError', errorMessage: expect.stringMatching(/exit status 7/) },
    });
  });

  test('ends with all that it started when its environment does', async () => {
    const { left, own } = idsOf((await invoke('good', { action: 'leave' })).answer());
    expect([left, own].every(isAlive)).toBe(true);
    await invoke('good', { action: 'exit' });
    await allGone(left, own);
  });

  // Skipped where there is no curl, which the example is written with.
  test.runIf(hasCurl)('may be a shell script with curl', async () => {
    const { answer, log } = await invoke('inShell', { n: 1 });
    expect(answer()).toEqual({ echo: { n: 1 } });
    expect(log).toBe('event: {"n":1}\n');
  });
});

test('cpuByMemory stretches what it computes', async () => {
  const stretched = await startSmallStack({
    functions: { good: bootstrap },
    functionProperties: {
      good: { FunctionName: 'good', Runtime: 'provided.al2023', Timeout: 60, MemorySize: 442 },
    },
    webSocketRoutes: { $default: 'good' },
    limits: { cpuByMemory: true },
  });
  onTestFinished(() => stretched.stop());
  const endpoint = stretched.target.endpoints.lambda;
  const own = new LambdaClient({ region: 'us-east-1', endpoint, credentials: localCredentials, maxAttempts: 1 });
  onTestFinished(() => own.destroy());
  const compute = new InvokeCommand({ FunctionName: 'good', Payload: '{"action":"compute","ms":100}' });
  await own.send(compute);
  const began = performance.now();
  await own.send(compute);
  // A quarter of a vCPU.
  expect(performance.now() - began).toBeGreaterThan(4 * 100);
});

function idsOf(answer: unknown): { left: number; own: number } {
  if (typeof answer === 'object' && answer !== null && 'left' in answer && 'own' in answer)
    return { left: Number(answer.left), own: Number(answer.own) };
  throw new Error(`No process ids in ${JSON.stringify(answer)}.`);
}

test('nothing of it outlives a target that is killed', async () => {
  const codeFolder = mkdtempSync(join(tmpdir(), 'loadline-bootstrap-'));
  onTestFinished(() => rmSync(codeFolder, { recursive: true }));
  writeFileSync(join(codeFolder, 'bootstrap'), bootstrapInJavaScript, { mode: 0o755 });
  const model = {
    runtime: 'provided.al2023',
    handler: 'x',
    codeFolder,
    layerFolders: [],
    arn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
  };
  const script = `const { ProcessSandbox } = await import(${JSON.stringify(new URL(`./process-sandbox${extname(import.meta.url)}`, import.meta.url).href)});
    const sandbox = new ProcessSandbox({ model: ${JSON.stringify(model)}, variables: {}, logStreamName: '', pausePerCpuMs: 0 }, {
      message: ({ kind, payload }) => {
        if (kind === 'ready') sandbox.invoke({ requestId: 'r', payload: '{"action":"leave"}', deadlineMs: 0 });
        if (kind === 'result') console.log(payload);
      },
      failed() {}, exited() {},
    });`;
  const target = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(target.stdout, 'data');
  const { left, own } = idsOf(JSON.parse(String(line)));
  expect([left, own].every(isAlive)).toBe(true);
  target.kill('SIGKILL');
  await allGone(left, own);
});
