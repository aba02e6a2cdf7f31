import { expect, test, vi } from 'vitest';
import type { Device } from '../connections/device.ts';
import { type FrameReceivers, FrameRouter } from './frame-router.ts';

const device = { user: { id: 'u' } } as Device;

/** How often a text is decoded on its way, and what came of it. */
function routed(text: string, to: Pick<FrameReceivers, 'readText' | 'readPushes'>) {
  const answered = vi.fn();
  const receivers = { tokens: new Map(), messages: { answered }, keepAlive: { answered: () => false }, ...to };
  const bytes = Buffer.from(text);
  const decode = vi.spyOn(bytes, 'toString');
  new FrameRouter(receivers as unknown as FrameReceivers).route(device, bytes, 0, bytes.length, 5);
  return { decoded: decode.mock.calls.length, answered: answered.mock.calls.map((call) => call[1] as number) };
}

const pong = '{"type":"pong","id":"7"}';
const none = () => false;
const answer = () => ({ kind: 'answer' as const, id: '7' });

test.each([
  ['a pong of the reference stack', pong, { readText: null, readPushes: null }, 0],
  ['the same, written differently', '{ "type": "pong", "id": "7" }', { readText: null, readPushes: null }, 1],
  ['the same beside pushes', '{ "type": "pong", "id": "7" }', { readText: null, readPushes: none }, 1],
  ['an answer', 'seven', { readText: answer, readPushes: null }, 1],
  ['an answer beside pushes', 'seven', { readText: answer, readPushes: none }, 1],
])('%s is decoded once at most', (_what, text, to, decoded) => {
  expect(routed(text, to)).toEqual({ decoded, answered: [7] });
});
