/** $connect controlled by its query. */
import { setTimeout as sleep } from 'node:timers/promises';
import { observe } from './observe.ts';

interface ConnectEvent {
  queryStringParameters?: Record<string, string>;
}

export async function handler(event: ConnectEvent): Promise<unknown> {
  const { status, protocol, end, waitMs, seeConnect } = event.queryStringParameters ?? {};
  if (waitMs !== undefined) await sleep(Number(waitMs));
  if (seeConnect !== undefined) await observe(seeConnect, 'connect', event);
  if (end === 'throw') throw new Error('thrown on purpose');
  if (end === 'badOutput') return 'not a proxy result';
  return {
    statusCode: Number(status ?? 200),
    headers: { 'X-Probe': 'yes', ...(protocol !== undefined && { 'Sec-WebSocket-Protocol': protocol }) },
  };
}
