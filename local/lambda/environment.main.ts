/** One Lambda environment: a thread that loads a handler once and runs one event at a time. */
import { flushCompileCache } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { codeCacheVariable } from '../process/code-cache.ts';
import { type CallbackContext, type CallHandler, callerOf } from './node/call-handler.ts';
import { loadHandler } from './node/load-handler.ts';
import { hookModules } from './node/module-hooks.ts';
import { rerouteHosts } from './node/rerouted-hosts.ts';
import { rerouteTls } from './node/rerouted-tls.ts';
import { provideStreaming } from './node/response-stream.ts';
import { threadCpuMs } from './processor-share.ts';
import {
  decodeInvoke,
  type EnvironmentDescription,
  type EnvironmentMessage,
  encodeLog,
  encodeResult,
  type FunctionErrorPayload,
  type InvokeMessage,
} from './protocol.ts';

// It has been read. On AWS there is none.
delete process.env[codeCacheVariable];

const port = parentPort;
if (port === null) throw new Error('local/lambda/environment.main runs as a worker thread only.');
const description: EnvironmentDescription = workerData;
const send = (message: EnvironmentMessage) => port.postMessage(message);

// A worker's own stdout reaches the main thread late and unordered; through the port, a line arrives before the result it belongs to.
for (const stream of [process.stdout, process.stderr]) {
  stream.write = (chunk: string | Uint8Array, encoding?: unknown, done?: unknown): boolean => {
    port.postMessage(encodeLog(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()));
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

function contextOf(message: InvokeMessage): CallbackContext & Readonly<Record<string, unknown>> {
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

async function run(call: CallHandler, message: InvokeMessage): Promise<void> {
  const started = performance.now();
  const cpuBeforeMs = description.pausePerCpuMs > 0 ? threadCpuMs() : 0;
  try {
    const result = await call(JSON.parse(message.payload), contextOf(message));
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
  hookModules({ onTls: () => rerouteTls(description.addresses), layerFolders: description.layerFolders });
  rerouteHosts(description.addresses.databases ?? {});
  provideStreaming();
  const handler = await loadHandler(description.codeFolder, description.handler);
  const call = callerOf(handler, description.runtime, port);
  port.on('message', (message: string) => void run(call, decodeInvoke(message)));
  send({ kind: 'ready' });
  // Otherwise it would be written when the thread ends, and not at all when it is terminated.
  flushCompileCache();
} catch (error) {
  send({ kind: 'initFailed', error: describeError(error) });
}
