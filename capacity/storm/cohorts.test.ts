/**
 * The cohorts of clients/reconnects.ts against the same storms with an event for every attempt of every client: mean figures of many seeds, other seeds
 * on either side, so that they agree because their distributions do. A figure is compared only where the standard error of both means
 * is known to be below a third of a percent; three of them are the 1% that is allowed.
 */
import { expect, test } from 'vitest';
import type { BackOff } from '../../aws/back-off.ts';
import { EventByEventReconnects } from './event-by-event.fixture.ts';
import { simulateStorm, simulateStormOf } from './simulate.ts';
import type { StormResult, StormSpec } from './spec.ts';
import { quick, stormSpec } from './storm-spec.fixture.ts';

const newConnections = { ratePerSecond: 500, burst: 500 };
const full = { jitter: 'full', baseMs: 1_000, capMs: 30_000, maxAttempts: Number.POSITIVE_INFINITY } as const;
const allowed = 0.01;

const function_ = { ...quick, warm: 500 };

const withFewExecutions = (backOff: Partial<BackOff>): StormSpec =>
  stormSpec({
    clients: { count: 6_000, backOff: { ...full, ...backOff }, messagesAfterConnect: 1 },
    webhooks: { count: 12_000, overMs: 10_000 },
    quotas: {
      newConnections,
      accountThrottle: { ratePerSecond: 1_500, burst: 600 },
      lambda: { ...stormSpec({}).quotas.lambda, accountConcurrency: 60 },
    },
    functions: {
      authorize: { ...function_, meanMs: 60, p99Ms: 200 },
      connect: { ...function_, meanMs: 40, p99Ms: 120 },
      message: { ...function_, meanMs: 30 },
      deliver: { ...function_, meanMs: 25 },
    },
  });

/** Each with as many seeds as its most random figure needs. */
const storms: Record<string, { seeds: number; spec: StormSpec }> = {
  'full jitter, all lost at once': {
    seeds: 12,
    spec: stormSpec({
      clients: { count: 10_000, backOff: full, networkMs: 50 },
      quotas: { newConnections },
    }),
  },
  'equal jitter, lost over 20 s': {
    seeds: 6,
    spec: stormSpec({
      clients: { count: 10_000, lostOverMs: 20_000, backOff: { ...full, jitter: 'equal' }, networkMs: 50 },
      quotas: { newConnections },
    }),
  },
  'no jitter, given up after 12 attempts': {
    seeds: 2,
    spec: stormSpec({
      clients: { count: 6_000, backOff: { ...full, jitter: 'none', capMs: 8_000, maxAttempts: 12 } },
      quotas: { newConnections },
    }),
  },
  'full jitter, log-normal functions, 60 executions, and webhooks that need them too': {
    seeds: 20,
    spec: withFewExecutions({ capMs: 10_000, maxAttempts: 5 }),
  },
  'the same, never given up, with a delay of 1 s at most: attempts are counted among the events of each millisecond': {
    seeds: 12,
    spec: withFewExecutions({ capMs: 1_000 }),
  },
};

/** What a storm is judged by. Only figures that exist in both. */
function figuresOf({ clients, webhooks, limits }: StormResult): Record<string, number> {
  const refused = limits.map(({ limit, refusals }) => [`refused by ${limit}`, refusals] as const);
  return {
    attempts: clients?.attempts ?? 0,
    'gave up': clients?.gaveUp ?? 0,
    'recovery p50': clients?.recovery?.p50Seconds ?? 0,
    'recovery p90': clients?.recovery?.p90Seconds ?? 0,
    'recovery p99': clients?.recovery?.p99Seconds ?? 0,
    'half recovered': clients?.recoveredAtSeconds.half ?? 0,
    'backlog maximum': webhooks?.peakQueued ?? 0,
    ...Object.fromEntries(refused.filter(([, refusals]) => refusals > 100)),
  };
}

/** Mean and standard error of each figure over the seeds. */
function over(simulate: (spec: StormSpec) => StormResult, spec: StormSpec, seeds: readonly number[]) {
  const runs = seeds.map((seed) => figuresOf(simulate({ ...spec, seed })));
  const names = Object.keys(runs[0] ?? {});
  return new Map(
    names.map((name) => {
      const values = runs.map((run) => run[name] ?? 0);
      const mean = values.reduce((sum, value) => sum + value, 0) / seeds.length;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (seeds.length - 1);
      return [name, { mean, standardError: Math.sqrt(variance / seeds.length) }] as const;
    }),
  );
}

const eventByEvent = (spec: StormSpec) =>
  simulateStormOf(spec, (world, clients) => new EventByEventReconnects(world, clients));

test.each(Object.entries(storms))(
  '%s: cohorts give the figures of an event an attempt, within 1%',
  (_, { seeds, spec }) => {
    const from = (first: number) => Array.from({ length: seeds }, (_, i) => first + i);
    const reference = over(eventByEvent, spec, from(1));
    const cohorts = over(simulateStorm, spec, from(1_001));
    const differences = [...reference].map(([name, expected]) => {
      const found = cohorts.get(name) ?? { mean: Number.NaN, standardError: 0 };
      if (expected.mean === 0 && found.mean === 0) return { name, difference: 0, standardError: 0 };
      return {
        name,
        difference: Math.abs(found.mean / expected.mean - 1),
        standardError: Math.max(expected.standardError, found.standardError) / expected.mean,
      };
    });
    expect(differences.filter(({ standardError }) => standardError > allowed / 3)).toEqual([]);
    expect(differences.filter(({ difference }) => !(difference < allowed))).toEqual([]);
  },
);
