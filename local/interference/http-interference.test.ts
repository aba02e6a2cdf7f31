import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { meetExchange } from './http-interference.ts';

/** An exchange without a socket, and how often its connection was ended. */
function exchange() {
  const request = { destroyed: false, resume: () => undefined } as unknown as IncomingMessage;
  const response = Object.assign(new EventEmitter(), { destroyed: 0, destroy: () => (response.destroyed += 1) });
  return { request, response: response as unknown as ServerResponse, events: response };
}

describe('a lost request that hangs', () => {
  const lost = (ended: AbortSignal) => ({ delayMs: 0, effect: { kind: 'lostRequest', way: 'hang', ended } }) as const;

  test('ends with its fault, not before', async () => {
    const fault = new AbortController();
    const { events, ...parts } = exchange();
    expect(await meetExchange(lost(fault.signal), parts)).toEqual({ kind: 'lost' });
    expect(events.destroyed).toBe(0);
    fault.abort();
    expect(events.destroyed).toBe(1);
  });

  test('is dropped if its client gives up earlier: a long fault retains none of them', async () => {
    const fault = new AbortController();
    const { events, ...parts } = exchange();
    await meetExchange(lost(fault.signal), parts);
    events.emit('close');
    fault.abort();
    expect(events.destroyed).toBe(0);
  });

  test('ends immediately if the fault ended while it was in flight', async () => {
    const { events, ...parts } = exchange();
    await meetExchange(lost(AbortSignal.abort()), parts);
    expect(events.destroyed).toBe(1);
  });
});
