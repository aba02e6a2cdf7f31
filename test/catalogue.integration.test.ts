/** Each scenario of the catalogue on the local target, with tiny numbers: its purpose must show in the result. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { runFleet } from '../engine/src/core/fleet/fleet.ts';
import type { ClientRecord } from '../engine/src/records.ts';
import { parseFleetStep } from '../engine/src/step/fleet-step.ts';
import { type ClientMeasurements, MeasurementMerge } from '../metrics/measurements.ts';
import { type LocalTarget, startLocalTarget } from '../run/target/local-target.ts';
import { parseSettings } from '../stack/settings/settings.ts';

/** A drain ends once no answer or push is missing. On a busy machine a function that ran into its time limit is tried again half a minute later. */
const patienceSeconds = 150;
// Ends a hang.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let local: LocalTarget;
/** Ends connections early: only the soak wants that. */
let shortLived: LocalTarget;
/** The longest: it runs alongside the others. */
let soaked: Promise<ClientMeasurements['client']>;

beforeAll(async () => {
  const settings = parseSettings();
  const limits = { webSocketIdleMs: 4_000, webSocketLifetimeMs: 8_000 };
  [local, shortLived] = await Promise.all([
    startLocalTarget({ settings, seed: 1 }),
    startLocalTarget({ settings, seed: 1, limits }),
  ]);
  const soak = {
    connections: 12,
    connectRatePerSecond: 200,
    soakSeconds: 12,
    keepAliveSeconds: 0.5,
    timeoutSeconds: patienceSeconds,
    idleShare: 0.25,
  };
  soaked = run('soak', soak, shortLived);
  soaked.catch(() => {});
});
afterAll(async () => {
  await soaked?.catch(() => {});
  await Promise.all([local?.stop(), shortLived?.stop()]);
  vi.resetConfig();
});

const quick = {
  connections: 12,
  connectRatePerSecond: 200,
  steadySeconds: 1.5,
  drainSeconds: patienceSeconds,
  timeoutSeconds: patienceSeconds,
  pushTimeoutSeconds: patienceSeconds,
};

/** Runs a scenario as the engine would, without Artillery: its variables filled in, its one step as a fleet. */
async function run(
  name: string,
  given: Record<string, unknown>,
  { target }: LocalTarget = local,
): Promise<ClientMeasurements['client']> {
  const { config, scenarios } = parse(readFileSync(new URL(`../scenarios/${name}.yml`, import.meta.url), 'utf8'));
  const { webSocketUrl, webhookUrl, tokenSecret, webhookSecret } = target;
  const variables: Record<string, unknown> = {
    ...config.variables,
    ...given,
    webhookUrl,
    '$env.LOADLINE_TOKEN_SECRET': tokenSecret,
    '$env.LOADLINE_WEBHOOK_SECRET': webhookSecret,
  };
  const filled = JSON.stringify(scenarios[0].flow[0].fleet).replace(/"\{\{ ([\w.$]+) \}\}"/g, (_, variable) => {
    expect(Object.keys(variables)).toContain(variable);
    return JSON.stringify(variables[variable]);
  });
  const parsed = parseFleetStep(JSON.parse(filled), {
    target: webSocketUrl,
    machine: { cores: 2, maxDescriptors: null },
    readFile: () => '',
    worker: null,
  });
  if (parsed.kind === 'invalid') throw new Error(parsed.problem);
  const { plan, isMember: _isMember, ...step } = parsed.step;
  const merge = new MeasurementMerge();
  const result = await runFleet(
    { ...step, localAddresses: plan.localAddresses, fleet: name, runTag: `t${process.pid}` },
    { onRecord: (record: ClientRecord) => merge.add(record), signal: new AbortController().signal },
  );
  expect(result).toEqual({ kind: 'completed' });
  const measured = merge.finish(0);
  if (measured === undefined) throw new Error('nothing was measured');
  return measured.client;
}

const samples = (counts: Record<string, number> = {}) => Object.values(counts).reduce((sum, count) => sum + count, 0);

test.concurrent('connections: all open and stay open, and nothing else is sent', async () => {
  const { totals, peakOpenConnections } = await run('connections', { ...quick, holdSeconds: 1 });
  expect(peakOpenConnections).toBe(12);
  expect(totals).toMatchObject({ connectsOpened: 12, closesUnexpected: 0, messagesIntended: 0, webhooksIntended: 0 });
});

test.concurrent('messaging: every message is answered', async () => {
  const { totals } = await run('messaging', { ...quick, messageRatePerSecond: 40 });
  // Poisson: a mean of 60, within 4 standard deviations.
  expect(totals.messagesIntended).toBeGreaterThan(29);
  expect(totals.messagesIntended).toBeLessThan(91);
  expect(totals.messagesAnswered).toBe(totals.messagesIntended);
});

test.concurrent('fanout: every subscriber gets every message once', async () => {
  const { totals, histograms } = await run('fanout', {
    ...quick,
    channelCount: 4,
    largestChannel: 10,
    publishRatePerSecond: 8,
  });
  expect(totals).toMatchObject({
    publishesIntended: 12,
    publishesAnswered: 12,
    fanOutDuplicate: 0,
    fanOutUnexpected: 0,
    fanOutMisdelivered: 0,
    pushesMisdelivered: 0,
  });
  // Channels of 10, 5, 3 and 3 subscribers, three messages each.
  expect(totals).toMatchObject({ fanOutExpected: 63, fanOutDelivered: 63, fanOutLate: 0 });
  expect(samples(histograms.fanOutLastMicros)).toBe(12);
});

test.concurrent('webhook-burst: mixed sizes, replays and duplicates; each event is delivered to its owner’s tabs once', async () => {
  const { totals } = await run('webhook-burst', {
    ...quick,
    steadySeconds: 3,
    webhookRatePerSecond: 8,
    burstStartSeconds: 1,
    burstSeconds: 0.5,
    burstRatePerSecond: 60,
    replayShare: 0.3,
    duplicateShare: 0.2,
    offlineShare: 0.2,
  });
  expect(totals.webhooksAccepted).toBe(totals.webhooksIntended);
  // Only accepted events are replayed: how many depends on how soon the first are. Their number is shown on virtual time.
  expect(totals.replaysAccepted).toBe(totals.replaysPosted);
  expect(totals.duplicatesPosted).toBeGreaterThan(0);
  expect(totals.eventsAccepted).toBe(totals.webhooksAccepted - totals.replaysAccepted - totals.duplicatesPosted);
  expect(totals.eventsOwnerOffline).toBeGreaterThan(0);
  expect(totals.eventsDeliveredToAll).toBe(totals.eventsAccepted - totals.eventsOwnerOffline);
  expect(totals).toMatchObject({ pushesDuplicate: 0, pushesUnexpected: 0, eventsUnaccepted: 0 });
});

test.concurrent('churn: connections come and go at a constant number', async () => {
  const { totals } = await run('churn', { ...quick, churnRatePerSecond: 10 });
  // 15 are due; a connection that is still opening cannot be ended.
  expect(totals.connectionsChurned).toBeGreaterThan(0);
  expect(totals.connectionsChurned).toBeLessThanOrEqual(15);
  expect(totals.connectsOpened).toBeGreaterThan(12);
  expect(totals).toMatchObject({ closesUnexpected: 0, connectsFailed: 0 });
});

test.concurrent('sync: messages and webhooks together', async () => {
  const { totals } = await run('sync', {
    ...quick,
    messageRatePerSecond: 20,
    webhookRatePerSecond: 10,
    burstRatePerSecond: 0,
  });
  expect(totals).toMatchObject({ messagesAnswered: 30, webhooksAccepted: 15 });
});

describe('soak', () => {
  test('every connection ends at the idle timeout or the lifetime limit, and its client reconnects', async () => {
    const { totals, closesByServer } = await soaked;
    // Without those that met the fleet's own close at its end.
    expect(closesByServer).toEqual({ '1001 Going away': totals.closesUnexpected });
    // When each of them ends is shown on virtual time: here a pause of this machine can end any of them early.
    expect(totals.keepAlivesAnswered).toBeGreaterThan(0);
    expect(totals.closesUnexpected).toBeGreaterThanOrEqual(12);
    expect(totals.connectionsRecovered).toBeGreaterThanOrEqual(9);
    expect(totals.connectionsAbandoned).toBe(0);
  });
});
