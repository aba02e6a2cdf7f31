/** A whole fleet on real sockets; in threads it is in artillery-engine.integration.test.ts. Its other behaviour is tested on virtual time (fleet.test.ts and its neighbours). */
import { afterEach, expect, test } from 'vitest';
import { runFleet } from '../src/core/fleet/fleet.ts';
import { startFleet } from '../src/processes/fleet-start.ts';
import type { ClientRecord } from '../src/records.ts';
import { type FakeTarget, startFakeTarget } from './fake-target.ts';
import { addUp, balance, balanced, countOf, fleetSpec } from './totals.ts';

let target: FakeTarget | null = null;
afterEach(async () => {
  await target?.stop();
  target = null;
});

const load = { connections: 20, connectRatePerSecond: 1_000, steadySeconds: 0.5, timeoutSeconds: 30, drainSeconds: 30 };

test('in its own process: messages, webhooks and publishes are sent, answered, delivered and balanced', async () => {
  target = await startFakeTarget();
  const records: ClientRecord[] = [];
  const spec = fleetSpec(target, {
    ...load,
    messageRatePerSecond: 100,
    webhookRatePerSecond: 40,
    channels: [{ count: 2, subscribers: 5 }],
    publishRatePerSecond: 20,
  });
  const options = { signal: new AbortController().signal, onRecord: (record: ClientRecord) => records.push(record) };
  expect(await startFleet('processes', { spec, recordFile: null }, options)).toEqual({ kind: 'completed' });
  const totals = addUp(records);
  expect(totals.counters).toMatchObject({
    connectsOpened: 20,
    messagesAnswered: 50,
    webhooksAccepted: 20,
    eventsDeliveredToAll: 20,
    subscribesAnswered: 10,
    publishesAnswered: 10,
    fanOutDelivered: 50,
    closesRequested: 20,
  });
  expect(balance(totals)).toEqual(balanced);
  expect(totals.closeCodes).toEqual({ '1000': 20 });
  expect(totals.failures).toEqual({});
  expect(countOf(totals.histograms.connectUpgradeMicros)).toBe(20);
  expect(target.seen).toEqual({ pings: 50, upgrades: 20, posts: 20, events: 20, replays: 0, badSignatures: 0 });
  expect(records.at(-1)).toMatchObject({ last: true, phase: 'done', openConnections: 0 });
  if (process.platform === 'linux') expect(records.at(-1)?.machine?.maxDescriptors).toBeGreaterThan(100);
});

test('a thread whose hooks cannot be imported ends with one sentence', async () => {
  target = await startFakeTarget();
  const spec = { ...fleetSpec(target, load), hooksModule: 'file:///none.ts' };
  const options = { signal: new AbortController().signal, onRecord: () => {} };
  expect(await startFleet('threads', { spec, recordFile: null }, options)).toMatchObject({
    kind: 'failed',
    sentence: expect.stringMatching(/^hooks: file:\/\/\/none\.ts could not/),
  });
});

test('connections are opened from the local addresses in turn', async () => {
  target = await startFakeTarget();
  const localAddresses = ['127.0.0.2', '127.0.0.3'];
  const spec = fleetSpec(target, { ...load, connections: 4, steadySeconds: 0.01 });
  await runFleet({ ...spec, localAddresses }, { onRecord: () => {}, signal: new AbortController().signal });
  expect(target.sourceAddresses.toSorted()).toEqual(['127.0.0.2', '127.0.0.2', '127.0.0.3', '127.0.0.3']);
});

test('an abort leaves no socket open', async () => {
  const abort = new AbortController();
  target = await startFakeTarget({
    ping: (n) => {
      if (n === 10) abort.abort();
      return 'answer';
    },
  });
  const spec = fleetSpec(target, { ...load, steadySeconds: 3_600, messageRatePerSecond: 100 });
  expect(await runFleet(spec, { onRecord: () => {}, signal: abort.signal })).toEqual({ kind: 'aborted' });
  while (target.openSockets() > 0) await new Promise((resolve) => setImmediate(resolve));
});
