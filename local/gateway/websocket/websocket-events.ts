/**
 * The events of a WebSocket API with Lambda proxy integration, field by field in the order of recorded ones.
 * CONNECT has headers and no body; MESSAGE has a body and no headers; DISCONNECT has its own four headers.
 */

import { requestTime } from '../request-time.ts';

/** Passed on by an authorizer: principalId and context, every value as text. */
export type AuthorizerContext = Readonly<Record<string, string>>;

/** The data of one connection that each of its events repeats. */
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

/**
 * An authorizer sees these of the request, $connect does not. Source: API Gateway developer guide, "Create a Lambda REQUEST authorizer function"
 * for WebSocket APIs, read November 2026.
 */
const headersOfUpgrade = { Connection: 'upgrade', 'content-length': '0', Upgrade: 'websocket' } as const;

export function authorizerEvent(
  handshake: HandshakeFacts,
  connection: ConnectionFacts,
  moment: Moment & { methodArn: string },
) {
  const { headers, multiValueHeaders } = handshake;
  const multiOfUpgrade = Object.fromEntries(Object.entries(headersOfUpgrade).map(([name, value]) => [name, [value]]));
  const withUpgrade = {
    ...handshake,
    headers: { ...headersOfUpgrade, ...headers },
    multiValueHeaders: { ...multiOfUpgrade, ...multiValueHeaders },
  };
  return {
    type: 'REQUEST',
    methodArn: moment.methodArn,
    ...handshakePart(withUpgrade, connection),
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
