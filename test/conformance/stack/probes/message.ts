/** Messages: the body determines the response. */
import { setTimeout as sleep } from 'node:timers/promises';

interface Order {
  status?: number;
  end?: 'throw' | 'badOutput';
  waitMs?: number;
  /** Keeps the CPU busy. */
  burnMs?: number;
  /** The response has this many bytes. */
  bytes?: number;
  /** The response is this rather than the event. */
  say?: string;
}

function orderOf(body: string): Order {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

function burn(cpuMs: number): void {
  const until = process.cpuUsage().user + cpuMs * 1_000;
  while (process.cpuUsage().user < until);
}

export async function handler(event: { body?: string }): Promise<unknown> {
  const order = orderOf(event.body ?? '');
  if (order.waitMs !== undefined) await sleep(order.waitMs);
  if (order.burnMs !== undefined) burn(order.burnMs);
  if (order.end === 'throw') throw new Error('thrown on purpose');
  if (order.end === 'badOutput') return 'not a proxy result';
  const body = order.bytes !== undefined ? 'x'.repeat(order.bytes) : (order.say ?? JSON.stringify(event));
  return { statusCode: order.status ?? 200, body };
}
