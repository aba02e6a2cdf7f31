/** Simulated histories: lines as a nightly writes them. */
import { historyOf } from '../capacity/change-points/histories.fixture.ts';
import { type Line, lineVersion } from './line.ts';
import { HistoryError, type HistoryStore } from './store.ts';

const dayMs = 86_400_000;
const firstNight = Date.parse('2026-01-01');

export const nightAt = (index: number): string => new Date(firstNight + index * dayMs).toISOString().slice(0, 10);

/** Of the n-th night. */
export function lineOf(index: number, value: number | null, changes: Partial<Line> = {}): Line {
  const night = nightAt(index);
  return {
    ...{ v: lineVersion, series: 'costs.webhook-cpu', night, at: `${night}T02:00:00.000Z`, sequence: index + 1 },
    ...{ run: `run-${index}`, role: 'night', value, unit: 'µs/webhook', harm: 'higher', statistic: 'minimum' },
    ...{ repeats: value === null ? [] : [value, value * 1.02, value * 1.01], invalid: null, sloBroken: null },
    ...{
      commit: `${String(index).padStart(4, '0')}${'c'.repeat(36)}`,
      loadline: '0.1.0',
      node: '24.0.0',
      target: 'local',
    },
    ...{ machine: { id: 'm1', text: '2 × some processor' }, machineBound: true, plan: 'p1' },
    ...changes,
  };
}

/** Values around 100 with independent noise, times a factor from one night on. */
export const noisyValues = (nights: number, { deviation = 0.02, factor = 1, from = nights, seed = 1 } = {}): number[] =>
  historyOf({ nights, deviation, correlation: 0, change: { ratio: factor, at: from }, seed }).map(
    (value) => 100 * Math.exp(value),
  );

export const linesOfValues = (values: readonly number[], changes: Partial<Line> = {}): Line[] =>
  values.map((value, index) => lineOf(index, value, changes));

/** A year and more of nights of a suite: 40 series, of which one gets worse. */
export const yearOfNights = (nights = 400, series = 40): Line[] =>
  Array.from({ length: series }, (_, each) =>
    linesOfValues(
      noisyValues(nights, {
        deviation: 0.03,
        seed: each + 1,
        ...(each === 7 && { factor: 1.3, from: Math.floor(nights * 0.6) }),
      }),
      {
        series: `entry${each % 5}.metric-${each}`,
      },
    ),
  ).flat();

/** A history in memory. */
export function memoryStore(files: Map<string, string> = new Map()): HistoryStore & { files: Map<string, string> } {
  return {
    files,
    place: 'memory',
    prepare: async () => {},
    list: async () => [...files.keys()],
    async read(name) {
      const text = files.get(name);
      if (text === undefined) throw new HistoryError(`There is no ${name}.`);
      return text;
    },
    async create(name, text) {
      if (files.has(name)) return 'taken';
      files.set(name, text);
      return 'written';
    },
  };
}
