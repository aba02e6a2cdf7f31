/** The event of REST APIs, and of HTTP APIs with payload format 1.0. Source: API Gateway developer guide, "Lambda proxy integrations in API Gateway", read November 2026. */
import type { IncomingMessage } from 'node:http';
import { type RequestTarget, valuesByName } from '../request-target.ts';
import { requestTime } from '../request-time.ts';

export interface RestEventFacts {
  /** 1.0 for HTTP APIs; absent for REST APIs. */
  version?: '1.0';
  apiId: string;
  accountId: string;
  stage: string;
  stageVariables: Readonly<Record<string, string>>;
  /** The pattern that the path matched, as `/users/{id}`. */
  resource: string;
  pathParameters: Readonly<Record<string, string>>;
  /** Without the stage. */
  path: string;
  requestId: string;
  traceId: string;
  /** Milliseconds since the epoch. */
  nowMs: number;
  /** Passed on by an authorizer. */
  authorizer: Readonly<Record<string, unknown>> | null;
  /** The API key that the request needed and has; absent, or null: none. */
  key?: { id: string; value: string } | null;
  /** Whether the body is to be passed in base64. */
  base64: boolean;
}

const orNull = <Values extends object>(values: Values): Values | null =>
  Object.keys(values).length > 0 ? values : null;

export function restEvent(
  { request, target }: { request: IncomingMessage; target: RequestTarget },
  body: Buffer,
  facts: RestEventFacts,
) {
  const multiValueHeaders = headersOf(request, facts.traceId);
  const multiValueQuery = valuesByName(target.query);
  return {
    ...(facts.version !== undefined && { version: facts.version }),
    resource: facts.resource,
    path: facts.path,
    httpMethod: request.method ?? '',
    headers: lastOf(multiValueHeaders),
    multiValueHeaders,
    queryStringParameters: orNull(lastOf(multiValueQuery)),
    multiValueQueryStringParameters: orNull(multiValueQuery),
    pathParameters: orNull(facts.pathParameters),
    stageVariables: orNull(facts.stageVariables),
    requestContext: restContext(request, target, facts),
    body: body.length === 0 ? null : body.toString(facts.base64 ? 'base64' : 'utf8'),
    isBase64Encoded: facts.base64,
  };
}

/** `$context` of mapping templates as well. */
function restContext(request: IncomingMessage, target: RequestTarget, facts: RestEventFacts) {
  const domainName = request.headers.host ?? '';
  return {
    accountId: facts.accountId,
    apiId: facts.apiId,
    domainName,
    domainPrefix: domainName.split('.', 1)[0],
    extendedRequestId: facts.requestId,
    httpMethod: request.method ?? '',
    identity: {
      ...{
        accessKey: null,
        accountId: null,
        apiKey: facts.key?.value ?? null,
        caller: null,
        user: null,
        userArn: null,
      },
      ...(facts.key && { apiKeyId: facts.key.id }),
      sourceIp: request.socket.remoteAddress ?? '',
      userAgent: request.headers['user-agent'] ?? null,
    },
    path: target.path,
    protocol: `HTTP/${request.httpVersion}`,
    requestId: facts.requestId,
    requestTime: requestTime(facts.nowMs),
    requestTimeEpoch: facts.nowMs,
    resourceId: facts.resource,
    resourcePath: facts.resource,
    stage: facts.stage,
    ...(facts.authorizer !== null && { authorizer: facts.authorizer }),
  };
}

/** In the client's case, with those of the gateway. */
function headersOf({ rawHeaders, socket }: IncomingMessage, traceId: string): Record<string, string[]> {
  const pairs: [string, string][] = [];
  const forwarded: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2);
    const lower = name.toLowerCase();
    if (lower === 'x-forwarded-for') forwarded.push(value);
    else if (!/^(?:connection|content-length|x-forwarded-(?:port|proto))$/.test(lower)) pairs.push([name, value]);
  }
  if (!pairs.some(([name]) => name.toLowerCase() === 'x-amzn-trace-id')) pairs.push(['X-Amzn-Trace-Id', traceId]);
  const from = [...forwarded, socket.remoteAddress ?? ''].join(', ');
  pairs.push(
    ['X-Forwarded-For', from],
    ['X-Forwarded-Port', String(socket.localPort ?? '')],
    ['X-Forwarded-Proto', 'http'],
  );
  return valuesByName(pairs);
}

const lastOf = (values: Readonly<Record<string, readonly string[]>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, list]) => [name, list.at(-1) ?? '']));
