import { expect, test } from 'vitest';
import { faultsFileSchema, setFaults } from './interference/faults.ts';
import { namedLatencyProfile } from './interference/latency-profile.ts';
import { localModelSchema } from './model.ts';
import { resolveLimits } from './quota/resolve-limits.ts';
import { modelOf } from './resolved-model.ts';

test('AWS at full size and speed, with nothing added', () => {
  const none = { latency: namedLatencyProfile('none'), seed: 7, faults: [] };
  expect(modelOf(resolveLimits(), none)).toEqual({
    seed: 7,
    quotaScale: 1,
    timeScale: 1,
    webSocketIdleSeconds: 600,
    webSocketLifetimeSeconds: 7_200,
    latencyProfile: { name: 'none', latencies: [] },
    limits: [],
    faults: [],
  });
});

test('lists what was scaled, set, added and broken', () => {
  const { faults } = faultsFileSchema.parse({ faults: [{ kind: 'latency', service: 'dynamodb', delay: 40 }] });
  const limits = resolveLimits({ quotaScale: 0.01, timeScale: 60, newConnections: { ratePerSecond: 20 } });
  const model = modelOf(limits, {
    latency: namedLatencyProfile('typical'),
    seed: 7,
    faults: setFaults(faults, { taken: [], seed: 9, nowMs: 1_000 }),
  });
  expect(model).toMatchObject({
    quotaScale: 0.01,
    timeScale: 60,
    webSocketIdleSeconds: 10,
    webSocketLifetimeSeconds: 120,
  });
  expect(model.limits).toEqual([{ name: 'newConnections.ratePerSecond', value: 20, byDefault: 5 }]);
  expect(model.latencyProfile.name).toBe('typical');
  expect(model.latencyProfile.latencies[0]).toEqual({
    service: 'dynamodb',
    operation: 'GetItem',
    delay: { minMs: 1.5, p50Ms: 3.5, p90Ms: 6, p99Ms: 15, maxMs: 60 },
    confidence: 'assumed',
  });
  expect(model.faults).toEqual([
    expect.objectContaining({ name: 'latency dynamodb', seed: 9, delay: 40, setAtMs: 1_000 }),
  ]);
  // As it is read from run.json; a field that it does not have is refused there.
  const read: unknown = JSON.parse(JSON.stringify(model));
  expect(localModelSchema.parse(read)).toEqual(model);
  const [latency] = model.latencyProfile.latencies;
  const more = { ...model, latencyProfile: { name: 'typical', latencies: [{ ...latency, unit: 'ms' }] } };
  expect(localModelSchema.safeParse(more).error?.issues).toMatchObject([{ code: 'unrecognized_keys', keys: ['unit'] }]);
});
