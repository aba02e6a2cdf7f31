/** Payload format 2.0 of HTTP APIs. Source: API Gateway developer guide, "Lambda proxy integrations for HTTP APIs". */
import type { IncomingMessage } from 'node:http';
import { decodedPath, type RequestTarget, valuesByName } from '../request-target.ts';
import { requestTime } from '../request-time.ts';

export interface HttpEventFacts {
  apiId: string;
  accountId: string;
  stage: string;
  stageVariables: Readonly<Record<string, string>>;
  routeKey: string;
  pathParameters: Readonly<Record<string, string>>;
  requestId: string;
  /** Value of x-amzn-trace-id if the client sent none. */
  traceId: string;
  /** Milliseconds since the epoch. */
  nowMs: number;
  /** Passed on by an authorizer. */
  authorizer: Readonly<Record<string, unknown>> | null;
}

/** A request with its target, split once. */
export interface TargetedRequest {
  request: IncomingMessage;
  target: RequestTarget;
}

/** Bodies of these types are passed as text, all others in base64; a compressed body is not text either. */
export function isText(request: IncomingMessage): boolean {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') return false;
  const type = (request.headers['content-type'] ?? 'text/plain').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return /^text\/|^application\/(json|javascript|xml)$|^application\/[\w.-]+\+(json|xml)$/.test(type);
}

export function httpEvent({ request, target }: TargetedRequest, body: Buffer, facts: HttpEventFacts) {
  const { rawQuery, query: given } = target;
  // Decoded, in spite of its name.
  const rawPath = decodedPath(target.path);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (name !== 'cookie' && name !== 'connection' && value !== undefined) headers[name] = [value].flat().join(',');
  }
  const sourceIp = request.socket.remoteAddress ?? '';
  const forwarded = headers['x-forwarded-for'];
  headers['x-amzn-trace-id'] ??= facts.traceId;
  headers['x-forwarded-for'] = forwarded === undefined ? sourceIp : `${forwarded}, ${sourceIp}`;
  headers['x-forwarded-port'] = String(request.socket.localPort ?? '');
  headers['x-forwarded-proto'] = 'http';
  const query = Object.fromEntries(Object.entries(valuesByName(given)).map(([name, all]) => [name, all.join(',')]));
  const base64 = body.length > 0 && !isText(request);
  const domainName = request.headers.host ?? '';
  return {
    version: '2.0',
    routeKey: facts.routeKey,
    rawPath,
    rawQueryString: rawQuery,
    ...(request.headers.cookie !== undefined && { cookies: request.headers.cookie.split(/; */) }),
    headers,
    ...(rawQuery !== '' && { queryStringParameters: query }),
    requestContext: {
      accountId: facts.accountId,
      apiId: facts.apiId,
      ...(facts.authorizer !== null && { authorizer: facts.authorizer }),
      domainName,
      domainPrefix: domainName.split('.', 1)[0],
      http: {
        method: request.method,
        path: rawPath,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp,
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId: facts.requestId,
      routeKey: facts.routeKey,
      stage: facts.stage,
      time: requestTime(facts.nowMs),
      timeEpoch: facts.nowMs,
    },
    ...(Object.keys(facts.pathParameters).length > 0 && { pathParameters: facts.pathParameters }),
    ...(Object.keys(facts.stageVariables).length > 0 && { stageVariables: facts.stageVariables }),
    ...(body.length > 0 && { body: body.toString(base64 ? 'base64' : 'utf8') }),
    isBase64Encoded: base64,
  };
}
