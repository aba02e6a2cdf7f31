/** Faults of a service reached by HTTP, inserted between the socket and the service's own listener. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { localCredentials } from '../gateway/connections-api/sigv4.ts';
import type { Layer } from '../process/compose.ts';
import type { Call } from './fault-state.ts';
import type { Caller } from './faults.ts';
import type { Decision, Interference } from './interference.ts';
import type { ServiceError } from './services.ts';

/** Calls of the platform itself carry this header: its pollers and service integrations. */
export const platformHeader = 'x-loadline-platform';

export function callerOf(request: IncomingMessage): Caller {
  if (request.headers[platformHeader] !== undefined) return 'platform';
  const signedBy = `Credential=${localCredentials.accessKeyId}/`;
  return request.headers.authorization?.includes(signedBy) ? 'functions' : 'others';
}

/** The action of an AWS JSON request: what follows the last dot of X-Amz-Target. */
export function actionOf(request: IncomingMessage): string {
  const target = String(request.headers['x-amz-target'] ?? '');
  return target.slice(target.lastIndexOf('.') + 1);
}

/**
 * The faults of a service, before its listener. A request for which `callOf` returns null passes.
 * Without any fault it costs one check of a flag.
 * @param latency the operations whose profile latency is added here as well: those that no quota refuses afterwards.
 */
export function faultLayer(
  interference: Interference,
  { callOf, latency }: { callOf: (request: IncomingMessage) => Call | null; latency?: (operation: string) => boolean },
): Layer {
  return (request, response, next) => {
    const call = interference.active ? callOf(request) : null;
    if (call === null) {
      next();
      return;
    }
    const decision = interference.decide({ caller: callerOf(request), ...call });
    const refusedOrLost = decision?.effect?.kind === 'refuse' || decision?.effect?.kind === 'lostRequest';
    const latencyMs =
      latency?.(call.operation) && !refusedOrLost ? interference.latencyMs(call.service, call.operation) : 0;
    const delayMs = (decision?.delayMs ?? 0) + latencyMs;
    void meetExchange({ delayMs, effect: decision?.effect ?? null }, { request, response }).then((met) => {
      if (met.kind === 'goOn') next();
      else if (met.kind === 'refused') refuse(response, met.error);
    });
  };
}

export type MetExchange = { kind: 'goOn' } | { kind: 'refused'; error: ServiceError } | { kind: 'lost' };

/** Applies a fault to an HTTP exchange: waits, and returns what is left to do. A lost exchange needs nothing more. */
export async function meetExchange(
  { delayMs, effect }: Decision,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): Promise<MetExchange> {
  if (delayMs > 0) await setTimeout(delayMs);
  // The client has disconnected meanwhile: there is no body left to read.
  if (request.destroyed) return { kind: 'lost' };
  switch (effect?.kind) {
    case 'refuse':
      request.resume();
      return { kind: 'refused', error: effect.error };
    case 'lostRequest':
      request.resume();
      loseAfter(response, effect);
      return { kind: 'lost' };
    case 'lostAnswer':
      // The service runs normally; its response is dropped.
      response.write = () => true;
      response.end = () => {
        loseAfter(response, effect);
        return response;
      };
      return { kind: 'goOn' };
    default:
      return { kind: 'goOn' };
  }
}

/** The connection ends without a response: immediately, or when the fault ends. One whose client gives up earlier is not kept until then. */
function loseAfter(connection: ServerResponse, { way, ended }: { way: 'hang' | 'reset'; ended: AbortSignal }): void {
  if (way === 'reset' || ended.aborted) {
    connection.destroy();
    return;
  }
  const destroy = () => connection.destroy();
  ended.addEventListener('abort', destroy, { once: true });
  connection.once('close', () => ended.removeEventListener('abort', destroy));
}

/** In the form that the SDKs of AWS JSON and of REST JSON read, as well as the Query-compatible ones. */
function refuse(response: ServerResponse, { type, status, message }: ServiceError): void {
  const text = JSON.stringify({ __type: type, message });
  const name = type.slice(type.indexOf('#') + 1);
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': Buffer.byteLength(text),
    'x-amzn-requestid': randomUUID(),
    'x-amzn-errortype': name,
    'x-amzn-query-error': `${name};${status < 500 ? 'Sender' : 'Receiver'}`,
  });
  response.end(text);
}

/** CloudWatch and Secrets Manager answer on one port. The Query protocol names its action in the body, so only `*` matches there. */
export function awsCallOf(request: IncomingMessage): Call {
  const target = String(request.headers['x-amz-target'] ?? '');
  const service = target.startsWith('secretsmanager.') ? 'secretsManager' : 'cloudwatch';
  const path = (request.url ?? '').split('?', 1)[0] ?? '';
  return { service, operation: target === '' ? path.slice(path.lastIndexOf('/') + 1) : actionOf(request) };
}

const connectionsOperations: Readonly<Record<string, string>> = {
  POST: 'PostToConnection',
  GET: 'GetConnection',
  DELETE: 'DeleteConnection',
};
/** The SDK's name of a method of the @connections API. */
export const connectionsOperation = (method = ''): string => connectionsOperations[method] ?? method;
