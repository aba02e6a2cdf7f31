import { expect, test } from 'vitest';
import { formatId, isConnectionId, newId } from '../ids.ts';
import { gatewayFrame, splitFrames } from './frames.ts';

test("the gateway's own frames have AWS's spacing", () => {
  expect(gatewayFrame('Forbidden', 'X=', 'Y=')).toBe('{"message": "Forbidden", "connectionId":"X=", "requestId":"Y="}');
});

test('a message is split at the frame limit, and one that fits is not copied', () => {
  const message = Buffer.alloc(70_000, 'x');
  expect(splitFrames(message, 32_768).map((frame) => frame.length)).toEqual([32_768, 32_768, 4_464]);
  expect(splitFrames(message, 70_000)[0]).toBe(message);
});

test('ids are 11 bytes in base64url with one =', () => {
  expect(formatId(Buffer.from('R0oXAdfD0kwCH6w=', 'base64'))).toBe('R0oXAdfD0kwCH6w=');
  const ids = new Set(Array.from({ length: 2_000 }, () => newId()));
  expect(ids.size).toBe(2_000);
  expect([...ids].every(isConnectionId)).toBe(true);
});

test.each(['', 'abc', 'R0oXAdfD0kwCH6w', 'R0oXAdfD0kwCH6w==', 'R0oXAdfD0kwCH6%3D'])(
  '%j is not a connection id',
  (id) => {
    expect(isConnectionId(id)).toBe(false);
  },
);
