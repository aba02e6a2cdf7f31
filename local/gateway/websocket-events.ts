/**
 * The events of a WebSocket API with Lambda proxy integration, field by field in the order of recorded ones.
 * CONNECT has headers and no body; MESSAGE has a body and no headers; DISCONNECT has four headers of its own.
 */

import { type RequestTarget, valuesByName } from './request-target.ts';
import { requestTime } from './request-time.ts';
import type { UpgradeRequest } from './upgrade.ts';

/** What an authorizer handed on: principalId and context, every value as text. */
export type AuthorizerContext = Readonly<Record<string, string>>;

/** The facts of one connection that every event of it repeats. */
export interface ConnectionFacts {
  connectionId: string;
  apiId: string;
  stage: string;
  stageVariables: Readonly<Record<string, string>>;
  domainName: string;
  /** Milliseconds since the epoch. */
  connectedAtMs: number;
  identity: { userAgent?: string; sourceIp: string };
  authorizer: AuthorizerContext | null;
}

export interface HandshakeFacts {
  headers: Readonly<Record<string, string>>;
  multiValueHeaders: Readonly<Record<string, readonly string[]>>;
  query: Readonly<Record<string, string>>;
  multiValueQuery: Readonly<Record<string, readonly string[]>>;
}

/** Headers that the gateway writes itself, whatever a client sent under their names. */
const ownHeaders = new Set(['connection', 'upgrade', 'x-forwarded-for', 'x-forwarded-port', 'x-forwarded-proto']);

/**
 * Headers with the case that the client wrote, and the query; of a repeated name the last counts.
 * `traceId` is the value of X-Amzn-Trace-Id where the client sent none.
 */
export function handshakeFacts(request: UpgradeRequest, { query }: RequestTarget, traceId: string): HandshakeFacts {
  const { rawHeaders, remoteAddress, localPort } = request;
  const pairs: [string, string][] = [];
  const forwarded: string[] = [];
  let traced = false;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2);
    const lower = name.toLowerCase();
    traced ||= lower === 'x-amzn-trace-id';
    if (lower === 'x-forwarded-for') forwarded.push(value);
    if (!ownHeaders.has(lower)) pairs.push([name, value]);
  }
  if (!traced) pairs.push(['X-Amzn-Trace-Id', traceId]);
  pairs.push(
    ['X-Forwarded-For', [...forwarded, remoteAddress].join(', ')],
    ['X-Forwarded-Port', String(localPort)],
    ['X-Forwarded-Proto', 'http'],
  );
  const multiValueHeaders = valuesByName(pairs);
  const multiValueQuery = valuesByName(query);
  return {
    headers: lastOf(multiValueHeaders),
    multiValueHeaders,
    query: lastOf(multiValueQuery),
    multiValueQuery,
  };
}

function lastOf(values: Readonly<Record<string, readonly string[]>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, list]) => [name, list.at(-1) ?? '']));
}

interface Moment {
  requestId: string;
  /** Milliseconds since the epoch. */
  nowMs: number;
}

function requestContext(
  connection: ConnectionFacts,
  moment: Moment,
  parts: { routeKey: string; before: object; after?: object; eventType: string },
) {
  return {
    routeKey: parts.routeKey,
    ...parts.before,
    eventType: parts.eventType,
    extendedRequestId: moment.requestId,
    requestTime: requestTime(moment.nowMs),
    messageDirection: 'IN',
    ...parts.after,
    stage: connection.stage,
    connectedAt: connection.connectedAtMs,
    requestTimeEpoch: moment.nowMs,
    identity: connection.identity,
    requestId: moment.requestId,
    domainName: connection.domainName,
    connectionId: connection.connectionId,
    apiId: connection.apiId,
    ...(connection.authorizer !== null && { authorizer: connection.authorizer }),
  };
}

function handshakePart(handshake: HandshakeFacts, connection: ConnectionFacts) {
  return {
    headers: handshake.headers,
    multiValueHeaders: handshake.multiValueHeaders,
    ...(Object.keys(handshake.query).length > 0 && {
      queryStringParameters: handshake.query,
      multiValueQueryStringParameters: handshake.multiValueQuery,
    }),
    ...(Object.keys(connection.stageVariables).length > 0 && { stageVariables: connection.stageVariables }),
  };
}

export function authorizerEvent(
  handshake: HandshakeFacts,
  connection: ConnectionFacts,
  moment: Moment & { methodArn: string },
) {
  return {
    type: 'REQUEST',
    methodArn: moment.methodArn,
    ...handshakePart(handshake, connection),
    requestContext: requestContext(connection, moment, { routeKey: '$connect', before: {}, eventType: 'CONNECT' }),
  };
}

export function connectEvent(handshake: HandshakeFacts, connection: ConnectionFacts, moment: Moment) {
  return {
    ...handshakePart(handshake, connection),
    requestContext: requestContext(connection, moment, { routeKey: '$connect', before: {}, eventType: 'CONNECT' }),
    isBase64Encoded: false,
  };
}

export function messageEvent(
  connection: ConnectionFacts,
  moment: Moment & { messageId: string; routeKey: string; body: string },
) {
  const before = { messageId: moment.messageId };
  return {
    requestContext: requestContext(connection, moment, { routeKey: moment.routeKey, before, eventType: 'MESSAGE' }),
    body: moment.body,
    isBase64Encoded: false,
    ...(Object.keys(connection.stageVariables).length > 0 && { stageVariables: connection.stageVariables }),
  };
}

export function disconnectEvent(connection: ConnectionFacts, moment: Moment & { code: number; reason: string }) {
  const headers = { Host: connection.domainName, 'x-api-key': '', 'X-Forwarded-For': '', 'x-restapi': '' };
  return {
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    requestContext: requestContext(connection, moment, {
      routeKey: '$disconnect',
      before: { disconnectStatusCode: moment.code },
      eventType: 'DISCONNECT',
      after: { disconnectReason: moment.reason },
    }),
    isBase64Encoded: false,
    ...(Object.keys(connection.stageVariables).length > 0 && { stageVariables: connection.stageVariables }),
  };
}
