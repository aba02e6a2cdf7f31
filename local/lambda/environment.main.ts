/** One Lambda environment: a thread that loads a handler once and runs one event at a time. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { threadCpuMs } from './processor-share.ts';
import {
  decodeInvoke,
  type EnvironmentDescription,
  type EnvironmentMessage,
  encodeResult,
  type FunctionErrorPayload,
  type InvokeMessage,
} from './protocol.ts';

type Handler = (event: unknown, context: unknown) => unknown;

const port = parentPort;
if (port === null) throw new Error('local/lambda/environment.main runs as a worker thread only.');
const description: EnvironmentDescription = workerData;
const send = (message: EnvironmentMessage) => port.postMessage(message);

// A worker's own stdout reaches the main thread late and unordered; through the port, a line arrives before the result it belongs to.
for (const stream of [process.stdout, process.stderr]) {
  stream.write = (chunk: string | Uint8Array, encoding?: unknown, done?: unknown): boolean => {
    send({ kind: 'log', text: typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString() });
    const callback = typeof encoding === 'function' ? encoding : done;
    if (typeof callback === 'function') callback();
    return true;
  };
}

// A handler that ends its process ends its environment, as on AWS, and not the process that other environments share.
process.abort = () => process.exit(134);
const kill = process.kill.bind(process);
process.kill = (pid, signal) => (pid === process.pid && signal !== 0 ? process.exit(137) : kill(pid, signal));

function describeError(error: unknown): FunctionErrorPayload {
  if (error instanceof Error) {
    return { errorType: error.name, errorMessage: error.message, trace: error.stack?.split('\n') ?? [] };
  }
  return { errorType: typeof error, errorMessage: typeof error === 'string' ? error : String(JSON.stringify(error)) };
}

async function loadHandler(): Promise<Handler> {
  const dot = description.handler.lastIndexOf('.');
  const file = description.handler.slice(0, dot);
  const exportName = description.handler.slice(dot + 1);
  const path = ['.mjs', '.js', '.cjs']
    .map((end) => join(description.codeFolder, file + end))
    .find((p) => existsSync(p));
  if (path === undefined) {
    throw Object.assign(new Error(`Cannot find module '${file}' in ${description.codeFolder}`), {
      name: 'Runtime.ImportModuleError',
    });
  }
  const loaded = await import(pathToFileURL(path).href);
  const handler = loaded[exportName] ?? loaded.default?.[exportName];
  if (typeof handler !== 'function') {
    throw Object.assign(new Error(`${description.handler} is undefined or not exported`), {
      name: 'Runtime.HandlerNotFound',
    });
  }
  return handler;
}

function contextOf(message: InvokeMessage): unknown {
  return {
    functionName: description.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: description.functionArn,
    memoryLimitInMB: String(description.memoryMb),
    awsRequestId: message.requestId,
    logGroupName: `/aws/lambda/${description.functionName}`,
    logStreamName: description.logStreamName,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, message.deadlineMs - Date.now()),
  };
}

async function run(handler: Handler, message: InvokeMessage): Promise<void> {
  const started = performance.now();
  const cpuBeforeMs = description.pausePerCpuMs > 0 ? threadCpuMs() : 0;
  try {
    const result = await handler(JSON.parse(message.payload), contextOf(message));
    const payload = JSON.stringify(result) ?? 'null';
    await pauseFor(cpuBeforeMs);
    port?.postMessage(encodeResult(performance.now() - started, payload));
  } catch (error) {
    const payload = describeError(error);
    console.error('Invoke Error', JSON.stringify(payload));
    await pauseFor(cpuBeforeMs);
    send({ kind: 'error', error: payload, durationMs: performance.now() - started });
  }
}

/** The extra time that a share of a CPU would have taken. The pause uses the platform's timer: fake timers of a handler do not affect it. */
async function pauseFor(cpuBeforeMs: number): Promise<void> {
  if (description.pausePerCpuMs > 0) await delay((threadCpuMs() - cpuBeforeMs) * description.pausePerCpuMs);
}

try {
  const handler = await loadHandler();
  port.on('message', (message: string) => void run(handler, decodeInvoke(message)));
  send({ kind: 'ready' });
} catch (error) {
  send({ kind: 'initFailed', error: describeError(error) });
}
