/** `GET /config` and `GET /events` of docs/reference/protocol.md, served by the task itself; with CORS, which in front of functions is the API's. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerFallback, type FallbackDependencies } from '../domain/answer-fallback.ts';

export const fallbackPaths: readonly string[] = ['/config', '/events'];

/** As long as Chromium remembers a preflight at most. */
const preflightSeconds = 7_200;

export interface FallbackEndpoint {
  dependencies: FallbackDependencies;
  /** Pages of these may ask; `*`: of any. */
  origins: readonly string[];
  /** Whether the task takes nothing more: then nothing is held any longer. */
  isEnding: () => boolean;
}

/** Rejects when the store or the secret cannot be read. */
export async function serveFallback(
  request: IncomingMessage,
  response: ServerResponse,
  { pathname, endpoint }: { pathname: string; endpoint: FallbackEndpoint },
): Promise<void> {
  const { dependencies, isEnding } = endpoint;
  const shared = corsHeaders(request.headers.origin, endpoint.origins);
  if (request.method === 'OPTIONS') {
    response.writeHead(204, { ...shared, ...preflightHeaders }).end();
    return;
  }
  if (request.method !== 'GET') {
    response.writeHead(405, { allow: 'GET, OPTIONS', 'content-length': 0 }).end();
    return;
  }
  const { hold } = dependencies;
  const isOver = () => isEnding() || response.destroyed;
  const { status, headers, body } = await answerFallback(
    {
      path: pathname,
      authorization: request.headers.authorization,
      after: oneOf(request.headers['x-after']),
      wait: oneOf(request.headers['x-wait']),
      seen: oneOf(request.headers['x-seen']),
    },
    { ...dependencies, hold: hold && { ...hold, leftMs: () => (isOver() ? 0 : hold.leftMs()) } },
  );
  response.writeHead(status, { ...shared, ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
}

const preflightHeaders = {
  'access-control-allow-methods': 'GET',
  'access-control-allow-headers': 'authorization,x-after,x-wait,x-seen',
  'access-control-max-age': String(preflightSeconds),
};

function corsHeaders(origin: string | undefined, origins: readonly string[]): Record<string, string> {
  if (origins.includes('*'))
    return { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'retry-after' };
  if (origin === undefined || !origins.includes(origin)) return { vary: 'Origin' };
  return {
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'retry-after',
    vary: 'Origin',
  };
}

const oneOf = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.join(', ');
