import { describe, expect, it } from 'vitest';
import type { FleetLoad } from '../core/fleet/fleet-spec.ts';
import { quietLoad } from '../step/quiet-load.fixture.ts';
import { nearestMultiples, readWorkers, shareOfWorker } from './worker-share.ts';

const load = (some: Partial<FleetLoad> = {}): FleetLoad => ({
  ...quietLoad,
  connections: 900,
  tabsPerUser: 1,
  connectRatePerSecond: 90,
  steadySeconds: 10,
  drainSeconds: 5,
  messageRatePerSecond: 100,
  messageBytes: 1,
  webhookRatePerSecond: 10,
  webhookBytes: 1,
  ...{ burstStartSeconds: 1, burstSeconds: 2, burstRatePerSecond: 30 },
  replayShare: 0,
  offlineShare: 0,
  timeoutSeconds: 10,
  seed: 7,
  ...some,
});

const shareOf = (some: Partial<FleetLoad>, workers: number, id = 'a') => {
  const share = shareOfWorker(load(some), workers, id);
  if (share.kind === 'invalid') throw new Error(share.problem);
  return share.load;
};

describe('shareOfWorker', () => {
  it('gives each of three workers a third of everything', () => {
    expect(shareOf({ channels: [{ count: 6, subscribers: 10 }] }, 3)).toMatchObject({
      connections: 300,
      connectRatePerSecond: 30,
      messageRatePerSecond: 100 / 3,
      webhookRatePerSecond: 10 / 3,
      ...{ burstStartSeconds: 1, burstSeconds: 2, burstRatePerSecond: 10 },
      channels: [{ count: 2, subscribers: 10 }],
    });
  });

  it('gives differently named workers different seeds, and the same name the same seed', () => {
    const ids = Array.from({ length: 500 }, (_, n) => `task-${n}`);
    const seeds = new Set(ids.map((id) => shareOf({}, 3, id).seed));
    expect(seeds.size).toBe(500);
    expect(shareOf({}, 3, 'task-1').seed).toBe(shareOf({}, 3, 'task-1').seed);
  });

  it('keeps one worker’s load whole', () => {
    expect(shareOf({ connections: 901 }, 1).connections).toBe(901);
  });

  it('refuses a load that does not divide evenly, and suggests one that does', () => {
    expect(shareOfWorker(load({ connections: 1_000 }), 3, 'a')).toEqual({
      kind: 'invalid',
      problem: '1000 connections cannot be shared equally by 3 workers: use 999 or 1002.',
    });
    expect(shareOfWorker(load({ channels: [{ count: 2, subscribers: 5 }] }), 3, 'a')).toEqual({
      kind: 'invalid',
      problem: '2 channels of 5 subscribers cannot be shared equally by 3 workers: use 3.',
    });
    const messagePhases: FleetLoad['messagePhases'] = [{ kind: 'burst', arrivals: 100, lastsSeconds: 1 }];
    expect(shareOfWorker(load({ messagePhases }), 3, 'a')).toMatchObject({ kind: 'invalid' });
  });
});

describe('readWorkers', () => {
  it('reads a number of workers, or none', () => {
    expect(readWorkers({})).toEqual({ workers: null });
    expect(readWorkers(undefined)).toEqual({ workers: null });
    expect(readWorkers({ workers: 4 })).toEqual({ workers: 4 });
  });

  it('refuses 0, fractions and text', () => {
    for (const workers of [0, 1.5, '4'])
      expect(readWorkers({ workers })).toEqual({
        problem: `config.engines.loadline.workers: expected a whole number above 0, found ${JSON.stringify(workers)}.`,
      });
  });
});

it('names the multiples on both sides', () => {
  expect(nearestMultiples(1_000, 3)).toBe('999 or 1002');
  expect(nearestMultiples(2, 3)).toBe('3');
});
