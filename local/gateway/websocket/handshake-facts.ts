/** The data of a handshake for the events of $connect and its authorizer: headers and query. Pure. */
import { type RequestTarget, valuesByName } from '../request-target.ts';
import type { UpgradeRequest } from '../sockets/upgrade.ts';
import type { HandshakeFacts } from './websocket-events.ts';

/** Headers that the gateway writes itself, overriding any that a client sent. */
const ownHeaders = new Set(['connection', 'upgrade', 'x-forwarded-for', 'x-forwarded-port', 'x-forwarded-proto']);

/**
 * Headers in the client's case, and the query; for a repeated name the last value wins.
 * `traceId` is the value of X-Amzn-Trace-Id if the client sent none.
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
