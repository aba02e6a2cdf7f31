/** Faults of a service that is reached by HTTP: puts them between the socket and the service's own listener. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { localCredentials } from '../gateway/sigv4.ts';
import type { Caller } from './faults.ts';
import type { Call, Decision, Interference } from './interference.ts';

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

/** The same listener with the faults in front of it. Without any, it costs one look at a flag. */
export function withFaults(
  interference: Interference,
  callOf: (request: IncomingMessage) => Call,
  listener: RequestListener,
): RequestListener {
  return (request, response) => {
    if (!interference.active) {
      listener(request, response);
      return;
    }
    const decision = interference.decide({ caller: callerOf(request), ...callOf(request) });
    if (decision === null) listener(request, response);
    else interfere(decision, { request, response }, () => listener(request, response));
  };
}

function interfere(
  { delayMs, effect }: Decision,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
  serve: () => void,
): void {
  const goOn = () => {
    // The client has gone away in the meantime: there is no body to read any more.
    if (request.destroyed) return;
    switch (effect?.kind) {
      case undefined:
      case 'crash':
        serve();
        return;
      case 'refuse':
        refuse(response, effect.error);
        request.resume();
        return;
      case 'lostRequest':
        loseAfter(response, effect);
        request.resume();
        return;
      case 'lostAnswer':
        // The service runs as ever; what it would send is dropped.
        response.write = () => true;
        response.end = () => {
          loseAfter(response, effect);
          return response;
        };
        serve();
        return;
    }
  };
  if (delayMs > 0) setTimeout(goOn, delayMs);
  else goOn();
}

/** The connection ends without an answer: at once, or when the fault ends. */
export function loseAfter(
  connection: { destroy(): unknown },
  { way, ended }: { way: 'hang' | 'reset'; ended: Promise<void> },
): void {
  if (way === 'reset') connection.destroy();
  else void ended.then(() => connection.destroy());
}

/** In the form that the SDKs of AWS JSON and of REST JSON read, and the Query-compatible ones with them. */
function refuse(
  response: ServerResponse,
  { type, status, message }: { type: string; status: number; message: string },
): void {
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
