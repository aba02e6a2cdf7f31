/** The @connections API: POST, GET and DELETE of `/{stage}/@connections/{id}`, REST JSON with SigV4. */
import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { connectionsOperation } from '../../interference/http-interference.ts';
import type { Interference } from '../../interference/interference.ts';
import type { Limits } from '../../quota/limits.ts';
import type { ApiMetrics } from '../api-metrics.ts';
import { readBody } from '../http-body.ts';
import { isConnectionId } from '../ids.ts';
import type { GatewayThrottles } from '../throttles.ts';
import type { WebSocketApi } from '../websocket/websocket-api.ts';
import { checkSignature } from './sigv4.ts';

export interface ConnectionsApiSettings {
  webSocketApi: WebSocketApi;
  stage: string;
  limits: Limits;
  throttles: GatewayThrottles;
  metrics: ApiMetrics;
  interference?: Interference;
}

interface Answer {
  status: number;
  /** Name of the SDK's error class. */
  error?: string;
  body?: object;
}

const failure = (status: number, error: string, message: string): Answer => ({ status, error, body: { message } });
/** The body is empty and the type is in the header, as AWS sends it; SDKs map that to their GoneException. */
const gone: Answer = { status: 410, error: 'GoneException' };

/** The connection id of a request for this API; null if it is for another. */
export function connectionIdOf(requestTarget: string, stage: string): string | null {
  const [path = ''] = requestTarget.split('?', 1);
  const prefixes = [`/${stage}/@connections/`, `/${stage}/%40connections/`];
  const prefix = prefixes.find((candidate) => path.startsWith(candidate));
  if (prefix === undefined) return null;
  try {
    return decodeURIComponent(path.slice(prefix.length));
  } catch {
    return path.slice(prefix.length);
  }
}

export class ConnectionsApi {
  #settings: ConnectionsApiSettings;

  constructor(settings: ConnectionsApiSettings) {
    this.#settings = settings;
  }

  /** Whether it is a connection of this API. */
  holds(connectionId: string): boolean {
    return this.#settings.webSocketApi.connections.has(connectionId);
  }

  async handle(connectionId: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request, this.#settings.limits.webSocketMessageBytes);
    const { status, error, body: answer } = await this.#answer(connectionId, request, body);
    const text = answer === undefined ? '' : JSON.stringify(answer);
    response.writeHead(status, {
      'x-amzn-requestid': randomUUID(),
      ...(error !== undefined && { 'x-amzn-errortype': error }),
      ...(text !== '' && { 'content-type': 'application/json' }),
      ...(status !== 204 && { 'content-length': Buffer.byteLength(text) }),
      ...(!request.complete && { connection: 'close' }),
    });
    response.end(text);
  }

  async #answer(connectionId: string, request: IncomingMessage, body: Buffer | null): Promise<Answer> {
    const { webSocketApi, limits, throttles, metrics } = this.#settings;
    const method = request.method ?? '';
    const signed = { method, target: request.url ?? '/', headers: request.headers, body: body ?? Buffer.alloc(0) };
    // A body over the limit was not kept, so its signature cannot be checked: the size is refused first.
    const signature = body === null ? 'valid' : checkSignature(signed, 'execute-api', Date.now());
    if (signature !== 'valid') return failure(403, 'ForbiddenException', signatureMessages[signature]);
    if (!throttles.takeAccount(performance.now())) return failure(429, 'LimitExceededException', 'Too Many Requests');
    const latencyMs = this.#settings.interference?.latencyMs('connectionsApi', connectionsOperation(method)) ?? 0;
    if (latencyMs > 0) await setTimeout(latencyMs);
    if (!isConnectionId(connectionId))
      return failure(400, 'BadRequestException', `Invalid connectionId: ${connectionId}`);
    if (body === null) {
      throttles.refuseSize('connectionsPostBytes');
      return failure(413, 'PayloadTooLargeException', 'Message too long');
    }
    const connection = webSocketApi.connections.get(connectionId);
    if (!connection?.open) return gone;
    const nowMs = Date.now();
    switch (method) {
      case 'POST': {
        const text = isUtf8(body)
          ? body
          : limits.assumptions.nonUtf8Posts === 'replace'
            ? Buffer.from(body.toString())
            : null;
        if (text === null) return failure(400, 'BadRequestException', 'The message is not UTF-8 text.');
        const outcome = await connection.post(text, limits.clientBufferBytes, nowMs);
        if (outcome === 'gone') return gone;
        if (outcome === 'full') {
          throttles.refuseSize('clientBufferBytes');
          return failure(429, 'LimitExceededException', 'The WebSocket client side buffer is full');
        }
        metrics.put('MessageCount', 1, nowMs);
        return { status: 200 };
      }
      case 'GET':
        return {
          status: 200,
          body: {
            connectedAt: new Date(connection.facts.connectedAtMs).toISOString(),
            identity: connection.facts.identity,
            lastActiveAt: new Date(connection.lastActiveAtMs).toISOString(),
          },
        };
      case 'DELETE':
        // Code and reason cannot be chosen by the caller.
        connection.close({ code: 1000, reason: 'Connection Closed Normally' });
        return { status: 204 };
      default:
        return failure(403, 'MissingAuthenticationTokenException', 'Missing Authentication Token');
    }
  }
}

const signatureMessages = {
  missing: 'Missing Authentication Token',
  incomplete: 'Authorization header requires a SigV4 signature for the service execute-api.',
  expired: 'Signature expired: the date of the request is more than five minutes from that of the gateway.',
  mismatch: 'The request signature we calculated does not match the signature you provided.',
} as const;
