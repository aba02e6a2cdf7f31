/** Servers that do not speak the reference stack's protocol, and end or ignore its clients in their own way: what they did is counted, on virtual time. */
import { describe, expect, test } from 'vitest';
import type { Faults } from './fake-stack.ts';
import { balance, balanced, type Totals } from './totals.ts';
import { runVirtually } from './virtual-run.ts';

/** 12 connections, 10 messages a second for 6 s: 60 messages. */
const load = { connections: 12, tabsPerUser: 1, messageRatePerSecond: 10, steadySeconds: 6 };
type Server = NonNullable<Faults['server']>;
const run = (server: Server) =>
  runVirtually(load, { faults: { server }, spec: { webhookUrl: null, tokenSecret: null } });
const messagesOf = ({ counters: c }: Totals) => ({
  sent: c.messagesSent,
  noConnection: c.messagesDroppedNoConnection,
  closed: c.messagesConnectionClosed,
  timedOut: c.messagesTimedOut,
});

describe('a server that wants a login first', () => {
  test('closes with 4401 after 2 s: the run goes on to its end, and what could not be sent has that reason', async () => {
    const { result, totals } = await run((peer, after) => {
      after(2_000, () => peer.close(4401, 'login required, session 0123456789abcdef0123456789abcdef'));
      return () => {};
    });
    expect(result).toEqual({ kind: 'completed' });
    expect(totals.closesByServer).toEqual({ '4401 login required, session [hidden]': 12 });
    expect(balance(totals)).toEqual(balanced);
    const { sent, noConnection } = messagesOf(totals);
    expect(sent + noConnection).toBe(60);
    // Connected from 0 to 0.11 s, closed 2 s later; the first of 60 messages is due at 0.12 s.
    expect(noConnection).toBeGreaterThanOrEqual(39);
    expect(noConnection).toBeLessThanOrEqual(41);
  });

  test('one that closes 1011 a second later is no crash either; one that goes away (1001) is given up', async () => {
    const closingWith = (code: number): Server => {
      return (peer, after) => {
        after(1_000, () => peer.close(code));
        return () => {};
      };
    };
    expect((await run(closingWith(1011))).result).toEqual({ kind: 'completed' });
    expect((await run(closingWith(1001))).result).toMatchObject({
      kind: 'failed',
      sentence: expect.stringMatching(/^The target is gone: all 12 connections .* the last with 1001\./),
    });
  });
});

describe('a graphql-ws server', () => {
  test('closes 4400 at the first message that it does not know, and with 4408 what never initialises', async () => {
    const { result, totals } = await run((peer, after) => {
      after(3_000, () => peer.close(4408, 'Connection initialisation timeout'));
      return (text) => {
        if (JSON.parse(text).type !== 'connection_init') peer.close(4400, 'Invalid message received');
      };
    });
    expect(result).toEqual({ kind: 'completed' });
    // A message each second and a bit reaches another connection: all twelve are closed by their first.
    expect(totals.closesByServer).toEqual({ '4400 Invalid message received': 12 });
    expect(messagesOf(totals)).toMatchObject({ sent: 12, closed: 12, noConnection: 48 });
    expect(balance(totals)).toEqual(balanced);
  });

  test('with a message that it knows but does not accept, says so in a frame before it closes with 4401', async () => {
    const { totals } = await run((peer) => () => {
      peer.send('{"type":"connection_error","payload":{"message":"Unauthorized","access_token":"t0p-secret"}}');
      peer.close(4401, 'Unauthorized');
    });
    expect(totals.closesByServer).toEqual({ '4401 Unauthorized': 12 });
    expect(totals.counters.framesUnexpected).toBe(12);
    expect(totals.unexpectedFrames).toEqual({
      '“{"type":"connection_error","payload":{"message":"Unauthorized","access_token":"[hidden]"}}”': 12,
    });
  });
});

test('a Socket.IO server speaks first, pings in its own way, and drops what is not Engine.IO', async () => {
  const { totals } = await run((peer, after) => {
    peer.send('0{"sid":"lv_VI97HAXpY6yYWAAAC","upgrades":[],"pingInterval":25000,"pingTimeout":20000}');
    after(1_500, () => peer.send('2'));
    after(4_000, () => peer.close(1006));
    return () => {};
  });
  expect(totals.counters.framesUnreadable).toBe(24);
  expect(totals.unexpectedFrames).toEqual({
    '“0{"sid":"[hidden]","upgrades":[],"pingInterval":25000,"pingTimeout":20000}”': 12,
    '“2”': 12,
  });
  expect(totals.closesByServer).toEqual({ '1006': 12 });
});

test.each([1002, 1003])('an MQTT server closes %d at the first text frame', async (code) => {
  const { totals } = await run((peer) => () => peer.close(code, 'text frame received'));
  expect(totals.closesByServer).toEqual({ [`${code} text frame received`]: 12 });
  expect(messagesOf(totals)).toMatchObject({ closed: 12, noConnection: 48 });
});

test('frames that differ each time are kept five at most, reasons that differ each time up to a hundred a second', async () => {
  let n = 0;
  const { totals } = await run((peer) => () => {
    peer.send(`unique ${n++}`);
    if (n % 2 === 0) peer.close(4000, `number ${n}`);
  });
  expect(Object.keys(totals.unexpectedFrames)).toEqual([0, 1, 2, 3, 4].map((k) => `“unique ${k}”`));
  expect(totals.counters.framesUnreadable).toBe(n);
  expect(Object.keys(totals.closesByServer)).toHaveLength(12);
});
