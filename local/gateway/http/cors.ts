/**
 * CORS of an HTTP API: it answers preflights itself, and sets the headers of every other answer, whatever the integration says.
 * Source: API Gateway developer guide, "Configure CORS for HTTP APIs in API Gateway", read November 2026. Pure.
 */
import type { CorsModel } from '../../template/apis/api-models.ts';

export interface CorsRequest {
  method: string;
  origin: string | undefined;
  /** Of Access-Control-Request-Method, which only a preflight has. */
  requestedMethod: string | undefined;
}

type Headers = Readonly<Record<string, string>>;

/** Headers of the answer to a preflight, which has status 204; null for any other request. An origin that is not allowed gets none. */
export function preflightHeaders(cors: CorsModel, { method, origin, requestedMethod }: CorsRequest): Headers | null {
  if (method !== 'OPTIONS' || origin === undefined || requestedMethod === undefined) return null;
  const allowed = allowedOrigin(cors, origin);
  if (allowed === null) return {};
  return {
    ...commonHeaders(cors, allowed),
    ...(cors.allowMethods.length > 0 && { 'access-control-allow-methods': cors.allowMethods.join(',') }),
    ...(cors.allowHeaders.length > 0 && { 'access-control-allow-headers': cors.allowHeaders.join(',') }),
    ...(cors.maxAgeSeconds !== null && { 'access-control-max-age': String(cors.maxAgeSeconds) }),
  };
}

/** The headers of any other answer: an integration's own `access-control-…` headers are removed, and these take their place. */
export function withCors<Value>(
  cors: CorsModel,
  origin: string | undefined,
  headers: Readonly<Record<string, Value>>,
): Record<string, Value | string> {
  const others = Object.entries(headers).filter(([name]) => !name.toLowerCase().startsWith('access-control-'));
  const allowed = origin === undefined ? null : allowedOrigin(cors, origin);
  if (allowed === null) return Object.fromEntries(others);
  return {
    ...Object.fromEntries(others),
    ...commonHeaders(cors, allowed),
    ...(cors.exposeHeaders.length > 0 && { 'access-control-expose-headers': cors.exposeHeaders.join(',') }),
  };
}

function commonHeaders({ allowCredentials }: CorsModel, origin: string): Headers {
  return {
    'access-control-allow-origin': origin,
    ...(origin !== '*' && { vary: 'Origin' }),
    ...(allowCredentials && { 'access-control-allow-credentials': 'true' }),
  };
}

/** `*` for any; with a pattern such as `https://*` the origin itself. */
function allowedOrigin({ allowOrigins }: CorsModel, origin: string): string | null {
  if (allowOrigins.includes('*')) return '*';
  const isAllowed = allowOrigins.some((allowed) =>
    allowed.endsWith('*') ? origin.startsWith(allowed.slice(0, -1)) : allowed.toLowerCase() === origin.toLowerCase(),
  );
  return isAllowed ? origin : null;
}
