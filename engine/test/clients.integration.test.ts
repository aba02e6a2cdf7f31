// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { runFleet } from '../src/core/fleet/fleet.ts';
import type { FleetLoad, FleetSpec } from '../src/core/fleet/fleet-spec.ts';
import { startFleet } from '../src/processes/fleet-start.ts';
import type { ClientRecord } from '../src/records.ts';
import { type FakeTarget, type Faults, startFakeTarget } from './fake-target.ts';
import { addUp, balance, balanced, countOf, fleetSpec, quantileMicros } from './totals.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function startTarget(faults: Faults): Promise<FakeTarget> {
  const target = await startFakeTarget(faults);
  cleanups.push(() => target.stop());
  return target;
}
async function run(spec: FleetSpec) {
  const records: ClientRecord[] = [];
  const result = await runFleet(spec, { onRecord: (r) => records.push(r), signal: new AbortController().signal });
  return { result, records, totals: addUp(records) };
}
const runAgainst = async (faults: Faults, load: Partial<FleetLoad>) => run(fleetSpec(await startTarget(faults), load));

describe('clients that come back', () => {
  const backOff = { attempts: 5, baseSeconds: 0.2, capSeconds: 1, jitter: 'full' } as const;

  test('when all are dropped at once they are all there again, spread out by the jitter, and it is measured how long it took', async () => {
    const { totals, result } = await runAgainst(
      {},
      { connections: 40, backOff, dropAllAtSeconds: 0.5, steadySeconds: 1.5, messageRatePerSecond: 100 },
    );
    expect(result).toEqual({ kind: 'completed' });
    expect(totals.counters).toMatchObject({
      connectionsDropped: 40,
      reconnectsAttempted: 40,
      connectionsRecovered: 40,
      connectionsAbandoned: 0,
      connectsOpened: 80,
      closesRequested: 40,
    });
    expect(balance(totals)).toEqual(balanced);
    expect(countOf(totals.histograms.recoveryMicros)).toBe(40);
    // Uniform in 0 to 200 ms, and then the connect itself.
    expect(quantileMicros(totals.histograms.recoveryMicros, 0.5)).toBeGreaterThan(30_000);
    expect(quantileMicros(totals.histograms.recoveryMicros, 0.1)).toBeLessThan(120_000);
  });

  test('after refusals they try again, and are given up after their last attempt', async () => {
    const refuseFirst = await runAgainst({ upgrade: (n) => (n < 15 ? 429 : 101) }, { connections: 10, backOff });
    expect(refuseFirst.totals.counters).toMatchObject({
      connectsThrottled: 15,
      connectsOpened: 10,
      reconnectsAttempted: 15,
    });
    const few = { ...backOff, attempts: 2, baseSeconds: 0.05 };
    const refuseAll = await runAgainst({ upgrade: () => 503 }, { connections: 4, backOff: few, steadySeconds: 30 });
    expect(refuseAll.result).toMatchObject({ kind: 'failed' });
    expect(refuseAll.totals.counters).toMatchObject({ connectsRefused: 12, connectionsAbandoned: 4 });
  });

  test('connects are timed by their parts, which are no longer than the whole', async () => {
    const { totals } = await runAgainst({}, { connections: 20 });
    const { connectMicros, connectTcpMicros, connectUpgradeMicros, connectTlsMicros } = totals.histograms;
    for (const part of [connectTcpMicros, connectUpgradeMicros]) {
      expect(countOf(part)).toBe(20);
      expect(quantileMicros(part, 1)).toBeLessThanOrEqual(quantileMicros(connectMicros, 1));
    }
    expect(connectTlsMicros).toBeUndefined();
  });
});

test('idle connections ping by themselves, apart from the messages', async () => {
  const { totals } = await runAgainst({}, { connections: 10, keepAliveSeconds: 0.25, steadySeconds: 1.1 });
  const { keepAlivesSent, keepAlivesAnswered, messagesIntended } = totals.counters;
  expect(keepAlivesSent).toBeGreaterThanOrEqual(40);
  expect(keepAlivesSent).toBeLessThanOrEqual(60);
  expect(keepAlivesAnswered).toBe(keepAlivesSent);
  expect(messagesIntended).toBe(0);
  expect(totals.failures).toEqual({});
});

describe('fan-out', () => {
  const channels = [{ count: 2, subscribers: 5 }];
  test('reaches every subscriber of its channel once', async () => {
    const { totals, result } = await runAgainst({}, { connections: 10, channels, publishRatePerSecond: 20 });
    expect(result).toEqual({ kind: 'completed' });
    expect(totals.counters).toMatchObject({
      subscribesAnswered: 10,
      publishesAnswered: 20,
      fanOutExpected: 100,
      fanOutDelivered: 100,
      fanOutDuplicate: 0,
      fanOutReordered: 0,
    });
    expect(countOf(totals.histograms.fanOutMicros)).toBe(100);
    for (const name of ['fanOutFirstMicros', 'fanOutLastMicros', 'fanOutSpreadMicros'] as const)
      expect(countOf(totals.histograms[name]), name).toBe(20);
    expect(balance(totals)).toEqual(balanced);
  });

  test('that loses, repeats and reorders known messages has them in its ledger, exactly', async () => {
    // Of each ten publishes: one is lost to one subscriber, one comes twice to two, one changes places with the next for one.
    const delivery: Faults['delivery'] = (publish, subscriber) => {
      if (publish % 10 === 0 && subscriber === 1) return 'drop';
      if (publish % 10 === 3 && subscriber < 2) return 'twice';
      return publish % 10 === 6 && subscriber === 4 ? 'swap' : 'deliver';
    };
    const { totals } = await runAgainst(
      { delivery },
      { connections: 5, channels: [{ count: 1, subscribers: 5 }], publishRatePerSecond: 50, drainSeconds: 0.5 },
    );
    expect(totals.counters).toMatchObject({
      publishesAnswered: 50,
      fanOutExpected: 250,
      fanOutDelivered: 245,
      fanOutDuplicate: 10,
      fanOutReordered: 5,
      fanOutUnexpected: 0,
    });
  });
});

describe('a target of one’s own', () => {
  async function serve(answer: (text: string) => string[]): Promise<FleetSpec> {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    server.on('connection', (peer) =>
      peer.on('message', (data: Buffer) => {
        for (const text of answer(data.toString())) peer.send(text);
      }),
    );
    await new Promise((resolve) => server.once('listening', resolve));
    cleanups.push(() => {
      for (const peer of server.clients) peer.terminate();
      server.close();
    });
    const webSocketUrl = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const spec = fleetSpec({ webSocketUrl, webhookUrl: 'http://unused/' }, { messageRatePerSecond: 50 });
    return { ...spec, webhookUrl: null, tokenSecret: null };
  }

  test('is loaded with a template, and its answers are found by a path among other messages', async () => {
    const seen = new Set<string>();
    const spec = await serve((text) => {
      const { ref, by } = JSON.parse(text) as { ref: string; by: string };
      seen.add(by);
      return ['{"news":1}', JSON.stringify({ reply: { ref } })];
    });
    const feed = [{ name: 'ada' }, { name: 'grace' }];
    const message = '{"ref":"${id}","by":"${feed.name}"}';
    const { totals } = await run({
      ...spec,
      protocol: { message, answer: { kind: 'jsonPath', path: '$.reply.ref' }, feed },
    });
    expect(totals.counters).toMatchObject({ messagesAnswered: 50, messagesTimedOut: 0 });
    expect(totals.failures).toEqual({ 'frame: unmatched': 50 });
    expect([...seen].toSorted()).toEqual(['ada', 'grace']);
  });

  test('without correlation ids: the next message is the answer', async () => {
    const spec = await serve((text) => [text.toUpperCase()]);
    const { totals } = await run({
      ...spec,
      protocol: { message: 'hello ${sequence}', answer: { kind: 'next' }, feed: [] },
    });
    expect(totals.counters).toMatchObject({ messagesAnswered: 50 });
    expect(balance(totals)).toEqual(balanced);
  });

  test('with hooks in TypeScript', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'loadline-hooks-'));
    cleanups.push(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'hooks.ts');
    writeFileSync(
      file,
      `export const buildMessage = ({ id }: { id: string }): string => 'ask ' + id;
       export function readFrame(text: string) {
         const [word, id = null] = text.split(' ');
         return word === 'say' ? { kind: 'answer', id } : { kind: 'error', id, code: String(word) };
       }`,
    );
    const spec = await serve((text) => [text.replace('ask', text.endsWith('7') ? 'no' : 'say')]);
    const protocol = { message: '', answer: { kind: 'next' as const }, feed: [] };
    const { totals } = await run({ ...spec, protocol, hooksModule: pathToFileURL(file).href });
    // 0 to 49 in base 36: 7 and 17 end with a 7.
    expect(totals.counters).toMatchObject({ messagesAnswered: 48, messagesErrorFrame: 2 });
    expect(totals.failures).toEqual({ 'message no': 2 });
  });
});

test('a fleet in a process of its own tells the same, and a module that is not there is one sentence', async () => {
  const target = await startTarget({});
  const records: ClientRecord[] = [];
  const options = { signal: new AbortController().signal, onRecord: (record: ClientRecord) => records.push(record) };
  const spec = fleetSpec(target, { messageRatePerSecond: 50 });
  expect(await startFleet('processes', { spec, recordFile: null }, options)).toEqual({ kind: 'completed' });
  expect(balance(addUp(records))).toEqual(balanced);
  expect(addUp(records).counters.messagesAnswered).toBe(50);
  if (process.platform === 'linux') expect(records.at(-1)?.machine?.maxDescriptors).toBeGreaterThan(100);
  const failed = await startFleet(
    'processes',
    { spec: { ...spec, hooksModule: 'file:///none.ts' }, recordFile: null },
    options,
  );
  expect(failed).toMatchObject({
    kind: 'failed',
    sentence: expect.stringMatching(/^hooks: file:\/\/\/none\.ts could not/),
  });
});
