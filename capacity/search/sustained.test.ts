import { describe, expect, test } from 'vitest';
import type { Load } from '../demand/load.ts';
import { deploymentWith, exampleCoefficients } from '../example-stack.fixture.ts';
import { quotasInForce } from '../headroom/quotas.ts';
import { sustainedLoad } from './sustained.ts';

const quiet: Load = {
  users: 20,
  peakConnections: 20,
  tabsPerUser: 1,
  connectRatePerSecond: 0,
  connectBurst: null,
  messageRatePerSecond: 0,
  webhookRatePerSecond: 0,
  webhookBurst: null,
  ownersOnlineShare: 1,
  messageBytes: 100,
  webhookBytes: 1_000,
};
const coefficients = exampleCoefficients;
const deployment = deploymentWith({ webSocketThrottle: { ratePerSecond: 40, burst: 12 }, newTable: true });
const with_ = (overrides: Record<string, number> = {}) => ({
  coefficients,
  deployment,
  quotas: quotasInForce(deployment, overrides),
});

describe('what a bucket lends to a trial is taken off', () => {
  test('a route of 40/s with a burst of 12 carries 41.5/s for 8 s, and 40/s for good', () => {
    const messages = (messageRatePerSecond: number) => [{ ...quiet, messageRatePerSecond }];
    expect(sustainedLoad(41.5, messages, with_())).toEqual({
      kind: 'less',
      load: 40,
      quota: 'webSocketApiThrottle',
      demandPerSecond: 41.5,
      ratePerSecond: 40,
    });
    expect(sustainedLoad(40, messages, with_())).toEqual({ kind: 'same' });
  });

  test('250 connections in a ramp of 8 s are 31.25/s: 30/s open 240', () => {
    const ramp = (peakConnections: number) => [
      { ...quiet, peakConnections, connectBurst: { ratePerSecond: peakConnections / 8, lastsSeconds: 8 } },
    ];
    const found = sustainedLoad(250, ramp, with_({ newConnections: 30 }));
    expect(found).toMatchObject({ kind: 'less', quota: 'newConnections' });
    expect(found.kind === 'less' && found.load).toBeCloseTo(240, 9);
  });

  test('beside a steady load of 10 messages/s, each webhook is a post and a push: (40 − 10) / 2', () => {
    const webhooks = (webhookRatePerSecond: number) => [{ ...quiet, messageRatePerSecond: 10, webhookRatePerSecond }];
    const found = sustainedLoad(15.6, webhooks, with_({ accountThrottle: 40 }));
    expect(found).toMatchObject({ kind: 'less', quota: 'accountThrottle' });
    expect(found.kind === 'less' && found.load).toBeCloseTo(15, 9);
  });

  test('of several buckets the one that carries least counts', () => {
    const messages = (messageRatePerSecond: number) => [{ ...quiet, messageRatePerSecond }];
    expect(sustainedLoad(45, messages, with_({ accountThrottle: 30 }))).toMatchObject({ load: 30 });
  });

  test('a demand that was not measured is no proof', () => {
    const webhooks = (webhookRatePerSecond: number) => [{ ...quiet, webhookRatePerSecond }];
    const unknown = { kind: 'unknown', unit: '', reason: 'no data' } as const;
    const using = { ...with_({ accountThrottle: 40 }), coefficients: { ...coefficients, callsPerPush: unknown } };
    expect(sustainedLoad(21, webhooks, using).kind).toBe('unknown');
    // Without webhooks there are no pushes.
    const messages = (messageRatePerSecond: number) => [{ ...quiet, messageRatePerSecond }];
    expect(sustainedLoad(45, messages, using)).toMatchObject({ kind: 'less', load: 40 });
  });
});
