/** WebSocket clients that break RFC 6455, on purpose or by accident. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSockets, settled, startHostileStack } from '../../testing/hostile-stack.ts';
import { frame, RawWebSocket } from '../../testing/raw-socket.ts';

const text = 1;
const continuation = 0;
const ping = 9;
const close = 8;

describe.each([1, 2])('with %d gateway processes', (gatewayProcesses) => {
  let stack: Awaited<ReturnType<typeof startHostileStack>>;
  beforeAll(async () => {
    stack = await startHostileStack({ gatewayProcesses });
  });
  afterAll(async () => {
    await stack.stop();
  });

  describe('frames that break the protocol', () => {
    test.each<[string, Buffer[], number]>([
      ['an unmasked frame', [frame({ opcode: text, payload: 'x', masked: false })], 1002],
      ['RSV1 without an extension', [frame({ opcode: text, payload: 'x', reserved: 4 })], 1002],
      ['RSV2', [frame({ opcode: text, payload: 'x', reserved: 2 })], 1002],
      ['RSV3', [frame({ opcode: text, payload: 'x', reserved: 1 })], 1002],
      ['the reserved opcode 3', [frame({ opcode: 3, payload: 'x' })], 1002],
      ['the reserved opcode 11', [frame({ opcode: 11, payload: 'x' })], 1002],
      ['a ping of 126 bytes', [frame({ opcode: ping, payload: 'x'.repeat(126) })], 1002],
      ['a ping in fragments', [frame({ opcode: ping, payload: 'x', fin: false })], 1002],
      ['a continuation without a start', [frame({ opcode: continuation, payload: 'x' })], 1002],
      [
        'a text inside another',
        [frame({ opcode: text, payload: 'a', fin: false }), frame({ opcode: text, payload: 'b' })],
        1002,
      ],
      ['a close of one byte', [frame({ opcode: close, payload: 'x' })], 1002],
      ['a close with a code that may not be sent', [frame({ opcode: close, payload: Buffer.of(0x03, 0xed) })], 1002],
      ['a close whose reason is not UTF-8', [frame({ opcode: close, payload: Buffer.of(0x03, 0xe8, 0xff) })], 1007],
      ['a text that is not UTF-8', [frame({ opcode: text, payload: Buffer.of(0xc0, 0x80) })], 1007],
      [
        'a character split in two, and never completed',
        [
          frame({ opcode: text, payload: Buffer.of(0xc3), fin: false }),
          frame({ opcode: continuation, payload: Buffer.of(0x28) }),
        ],
        1007,
      ],
      ['a binary frame', [frame({ opcode: 2, payload: 'x' })], 1003],
      ['a frame that announces 32,769 bytes', [frame({ opcode: text, announced: 32_769n })], 1009],
      ['a frame that announces 2^63 bytes', [frame({ opcode: text, announced: 1n << 63n })], 1009],
      [
        'five fragments of 32 KB',
        Array.from({ length: 5 }, (_, index) =>
          frame({ opcode: index === 0 ? text : continuation, payload: 'x'.repeat(32_768), fin: index === 4 }),
        ),
        1009,
      ],
    ])('%s', async (_, frames, code) => {
      const before = stack.connectionLog().length;
      const client = await RawWebSocket.open(stack.webSocketUrl);
      client.send(...frames);
      expect(await client.closeCode()).toBe(code);
      client.destroy();
      // One CONNECT, then one DISCONNECT with the same code.
      const [connected, disconnected, ...more] = await settled(
        () => stack.connectionLog().slice(before),
        (entries) => entries.length === 2,
      );
      expect([connected?.eventType, disconnected?.eventType, disconnected?.code, more]).toEqual([
        'CONNECT',
        'DISCONNECT',
        code,
        [],
      ]);
      expect(disconnected?.connectionId).toBe(connected?.connectionId);
      await stack.serves();
    });
  });

  describe('frames that are unusual but valid', () => {
    test('a ping between two fragments is answered immediately, and the message arrives complete', async () => {
      const client = await RawWebSocket.open(stack.webSocketUrl);
      client.send(
        frame({ opcode: text, payload: 'half ', fin: false }),
        frame({ opcode: ping, payload: 'p' }),
        frame({ opcode: continuation, payload: 'and half' }),
      );
      expect(await client.next()).toMatchObject({ opcode: 10, payload: Buffer.from('p') });
      expect(await client.next()).toMatchObject({ opcode: text, payload: Buffer.from('half and half') });
      client.destroy();
    });

    test('a message of a thousand fragments of one byte, and of a character in two', async () => {
      const client = await RawWebSocket.open(stack.webSocketUrl);
      const bytes = Buffer.from(`${'x'.repeat(998)}é`);
      client.send(
        ...[...bytes].map((byte, index) =>
          frame({
            opcode: index === 0 ? text : continuation,
            payload: Buffer.of(byte),
            fin: index === bytes.length - 1,
          }),
        ),
      );
      expect((await client.next()).payload.equals(bytes)).toBe(true);
      client.destroy();
    });
  });

  describe('malformed messages', () => {
    test.each([
      ['bad JSON', '{"action":'],
      ['nothing', ' '],
      ['a property of every object as its action', '{"action":"constructor"}'],
      ['`__proto__` as its action', '{"action":"__proto__"}'],
      ['`__proto__` as a key', '{"__proto__":{"action":"$connect","polluted":true}}'],
      ['a reserved action', '{"action":"$connect"}'],
      ['20,000 nested arrays as its action', `{"action":${'['.repeat(10_000)}${']'.repeat(10_000)}}`],
      ['5,000 nested objects as its action', `{"action":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}`],
      ['NUL and other control characters', 'a\u0000\u0007\u001b[2J'],
    ])('%s goes to $default', async (_, body) => {
      const client = await RawWebSocket.open(stack.webSocketUrl);
      client.send(frame({ opcode: text, payload: body }));
      expect((await client.next()).payload.toString()).toBe(body);
      client.destroy();
      expect(Reflect.get({}, 'polluted')).toBeUndefined();
      await stack.serves();
    });
  });

  test('every connection that was opened reaches $disconnect once, and no socket is left', async () => {
    const kinds = (eventType: string) => stack.connectionLog().filter((entry) => entry.eventType === eventType).length;
    // All but the bystander's.
    await settled(
      () => kinds('DISCONNECT'),
      (count) => count >= kinds('CONNECT') - 1,
    );
    expect(kinds('DISCONNECT')).toBe(kinds('CONNECT') - 1);
    const ids = stack
      .connectionLog()
      .flatMap(({ eventType, connectionId }) => (eventType === 'DISCONNECT' ? [connectionId] : []));
    expect(new Set(ids).size).toBe(ids.length);
    // The bystander has one end here and one in the stack, in the same process or in another.
    expect(await settled(openSockets, (count) => count <= 2)).toBeLessThanOrEqual(2);
  });
});
