/**
 * Calls a handler as its runtime does. Up to Node.js 22 one that returns no promise answers by its callback, or by done, succeed or fail of its
 * context; the callback's answer waits until the event loop is empty, unless the context says otherwise. From Node.js 24 on there are no callbacks.
 * Source: aws-lambda-nodejs-runtime-interface-client, read November 2026.
 */
import type { MessagePort } from 'node:worker_threads';
import { type Handler, runtimeError } from './load-handler.ts';
import { gathered, isStreaming } from './response-stream.ts';

/** The part of the context that depends on the runtime. */
export interface CallbackContext {
  callbackWaitsForEmptyEventLoop: boolean;
}

export type CallHandler = (event: unknown, context: CallbackContext) => unknown;

/** From this version on, a handler that expects a callback is refused. */
const firstWithoutCallbacks = 24;

/** @throws for a handler that the runtime does not take. */
export function callerOf(handler: Handler, runtime: string, port: Pick<MessagePort, 'ref' | 'unref'>): CallHandler {
  if (isStreaming(handler)) return (event, context) => gathered(handler, event, context);
  const version = Number(/^nodejs(\d+)/.exec(runtime)?.[1] ?? firstWithoutCallbacks);
  if (version < firstWithoutCallbacks) return (event, context) => callWithCallback(handler, { event, context, port });
  if (handler.length >= 3)
    throw runtimeError(
      'CallbackHandlerDeprecated',
      `The handler takes a callback, which ${runtime} no longer supports: return a promise, or use nodejs22.x.`,
    );
  return handler;
}

const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';

function callWithCallback(
  handler: Handler,
  { event, context, port }: { event: unknown; context: CallbackContext; port: Pick<MessagePort, 'ref' | 'unref'> },
): PromiseLike<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  let answered = false;
  let onEmpty: (() => void) | null = null;
  const settle = (action: () => void) => {
    answered = true;
    if (onEmpty) process.off('beforeExit', onEmpty);
    port.ref();
    action();
  };
  /** Once nothing is left to do. The port, which would keep the thread busy, is left out meanwhile. */
  const whenEmpty = (result: unknown) => {
    if (onEmpty) process.off('beforeExit', onEmpty);
    onEmpty = () => settle(() => resolve(result));
    process.once('beforeExit', onEmpty);
    port.unref();
  };
  const done = (error?: unknown, result?: unknown) =>
    settle(() => (error === undefined || error === null ? resolve(result) : reject(error)));
  let calledBack = false;
  const callback = (error?: unknown, result?: unknown) => {
    if (calledBack || answered) return;
    calledBack = true;
    if ((error === undefined || error === null) && context.callbackWaitsForEmptyEventLoop) whenEmpty(result);
    else done(error, result);
  };
  Object.assign(context, {
    done,
    succeed: (result: unknown) => done(null, result),
    fail: (error: unknown) => done(error ?? 'handled'),
  });
  const result = handler(event, context, callback);
  if (isPromise(result)) return result;
  // Neither a promise nor, when all is done, an answer: null, as on AWS.
  if (!calledBack && !answered) whenEmpty(null);
  return promise;
}
