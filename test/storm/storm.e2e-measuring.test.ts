import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { simulateStorm } from '../../capacity/storm/simulate.ts';
import { startFleet } from '../../engine/src/processes/fleet-start.ts';
import { quietLoad } from '../../engine/src/step/quiet-load.fixture.ts';
import { readClientRecords } from '../../metrics/client-records.ts';
import { generatorHealth, generatorReasons } from '../../reports/analysis/generator.ts';
import { percentileMs } from '../../reports/analysis/latency.ts';
import { startLocalTarget } from '../../run/target/local-target.ts';
import { parseSettings } from '../../stack/settings/settings.ts';

const clients = 240;
const newConnections = { ratePerSecond: 25, burst: 25 };
const backOff = { jitter: 'full', baseSeconds: 0.5, capSeconds: 2 } as const;

test('a simulated storm recovers as the local target does, within 10%', { timeout: 120_000 }, async ({ skip }) => {
  const folder = await mkdtemp(join(tmpdir(), 'loadline-storm-'));
  const local = await startLocalTarget({ settings: parseSettings(), limits: { newConnections } });
  try {
    const { webSocketUrl, tokenSecret } = local.target;
    const recordFile = join(folder, 'client.ndjson');
    const result = await startFleet(
      'threads',
      {
        recordFile: { path: recordFile, run: '' },
        spec: {
          ...{ fleet: 'storm', runTag: 'storm', webSocketUrl, tokenSecret, webhookUrl: null, webhookSecret: '' },
          ...{ localAddresses: [], headers: {}, subprotocols: [], protocol: null, hooksModule: null },
          load: {
            ...quietLoad,
            connections: clients,
            // Below the quota: the bucket is full when the storm begins.
            connectRatePerSecond: 23,
            // Dropped after the last connect, and then the floor of (240 − 25) / 25 = 8.6 s, and as much again for a busy machine.
            ...{ steadySeconds: 22, drainSeconds: 0, timeoutSeconds: 30, seed: 3, dropAllAtSeconds: 1.5 },
            ...{ reconnectAttempts: 100, reconnectBaseSeconds: backOff.baseSeconds },
            ...{ reconnectCapSeconds: backOff.capSeconds, reconnectJitter: backOff.jitter },
          },
        },
      },
      { signal: AbortSignal.timeout(100_000), onRecord: () => {} },
    );
    expect(result).toEqual({ kind: 'completed' });
    const measured = await readClientRecords(recordFile);
    const { client } = measured;
    expect(client.totals.connectionsRecovered).toBe(clients);
    // What the generator says of itself, before what it says of the target.
    const [tooBusy] = generatorReasons(generatorHealth(measured));
    if (tooBusy !== undefined) {
      console.warn(`The simulated storm was not compared with a real one: ${tooBusy.sentence}`);
      skip(tooBusy.sentence);
    }
    const [half, last] = [0.5, 1].map((share) => (percentileMs(client.histograms.recoveryMicros, share) ?? 0) / 1_000);

    // How long a handshake takes on this machine goes into the simulation: the median, half of it for each of its two functions.
    const handshakeMs = percentileMs(client.histograms.connectUpgradeMicros, 0.5) ?? Number.NaN;
    const quick = { meanMs: handshakeMs / 2, p99Ms: null, coldStartMs: 0, warm: 1_000, reservedConcurrency: null };
    const plenty = { ratePerSecond: 1e5, burst: 1e5 };
    const { clients: simulated } = simulateStorm({
      ...{ seed: 1, horizonSeconds: 60, webhooks: null, fanOut: null, downstream: null, batchSize: 10 },
      queue: { visibilityTimeoutMs: 30_000, maxReceiveCount: 5, partialBatches: true, maximumConcurrency: null },
      clients: {
        ...{ count: clients, lostOverMs: 0, timeoutMs: 30_000, networkMs: 0, messagesAfterConnect: 0 },
        backOff: { ...backOff, baseMs: 500, capMs: 2_000, maxAttempts: 100 },
      },
      quotas: {
        ...{
          newConnections,
          accountThrottle: plenty,
          webSocketApiThrottle: null,
          httpApiThrottle: null,
          dynamodbOnDemandWrite: plenty,
        },
        lambda: {
          accountConcurrency: 1e4,
          environmentScaling: { ratePerSecond: 1e3, burst: 1e4 },
          invocationsPerSecondPerConcurrency: 10,
          invocationBurstSeconds: 1,
          idleEnvironmentMs: 300_000,
          maxEnvironments: Number.POSITIVE_INFINITY,
        },
        poller: {
          pollerInitialConcurrency: 5,
          pollerGrowthPerMinute: 300,
          pollerMaxConcurrency: 1_250,
          pollerIdleConcurrency: 5,
        },
      },
      functions: {
        authorizer: { ...quick, id: 'authorize' },
        connect: { ...quick, id: 'connect' },
        disconnect: { ...quick, id: 'disconnect' },
        ...{ message: null, webhook: null, consumer: null },
      },
      writeUnits: { perConnect: 0, perDisconnect: 0, perWebhook: 0 },
    });
    const { half: simulatedHalf, all: simulatedAll } = simulated?.recoveredAtSeconds ?? { half: null, all: null };
    expect(simulatedAll).not.toBeNull();
    expect((last ?? 0) / (simulatedAll ?? 0)).toBeGreaterThan(0.9);
    expect((last ?? 0) / (simulatedAll ?? 0)).toBeLessThan(1.1);
    expect((half ?? 0) / (simulatedHalf ?? 0)).toBeGreaterThan(0.9);
    expect((half ?? 0) / (simulatedHalf ?? 0)).toBeLessThan(1.1);
  } finally {
    await local.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
