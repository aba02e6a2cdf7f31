/** One of Artillery's windows → the seconds of the lines that were counted in it, and its histograms. Pure. */

import { readRouteCounter } from '../../engine/src/artillery/route-metrics.ts';
import {
  fleetsName,
  openConnectionsName,
  phaseNameOf,
  readSecondCounter,
  secondModulus,
} from '../../engine/src/artillery/worker-counters.ts';
import { counterNames, fleetPhases, histogramNames } from '../../engine/src/records.ts';
import type { ClientMeasurements } from '../../metrics/measurements.ts';
import { mergeRoutes, type RoutesOfSecond } from '../../metrics/route-measurements.ts';
import { windowSeconds } from './artillery-output.ts';

export type Second = ClientMeasurements['client']['seconds'][number];
export type Histograms = ClientMeasurements['client']['histograms'];
type Counters = Readonly<Record<string, number>>;

/** `second % secondModulus` as in a line that was counted in the window beginning at `windowStart` (s): a line arrives at the end of its second, or late. */
export function secondOf(remainder: number, windowStart: number): number {
  const newest = windowStart + windowSeconds - 1;
  return newest - ((((newest - remainder) % secondModulus) + secondModulus) % secondModulus);
}

/** By second. A second can be in two windows, when workers reported it on both sides of a border: then each has a part. */
export function secondsOf(counters: Counters, windowStart: number): Map<number, Second> {
  const bySecond = new Map<number, Record<string, number>>();
  for (const [counter, count] of Object.entries(counters)) {
    const read = readSecondCounter(counter);
    if (read === null) continue;
    const second = secondOf(read.remainder, windowStart);
    const named = bySecond.get(second) ?? {};
    named[read.name] = count;
    bySecond.set(second, named);
  }
  return new Map([...bySecond].map(([second, named]) => [second, readSecond(second, named)]));
}

function readSecond(second: number, named: Counters): Second {
  const whole: Second = {
    second,
    openConnections: named[openConnectionsName] ?? 0,
    fleets: named[fleetsName] ?? 0,
    phases: fleetPhases.filter((phase) => (named[phaseNameOf(phase)] ?? 0) > 0),
    counters: countersOf((name) => named[name]),
    histograms: {},
  };
  return withRoutes(whole, routeCountersOf(named, ''));
}

/** With these beside those that it has. */
export function withRoutes(second: Second, routes: RoutesOfSecond): Second {
  const merged = mergeRoutes([second.routes ?? {}, routes]);
  return Object.keys(merged).length === 0 ? second : { ...second, routes: merged };
}

/** Of the whole run or of a window. */
export const routeTotalsOf = (counters: Counters): RoutesOfSecond => routeCountersOf(counters, 'loadline.');

function routeCountersOf(counters: Counters, before: string): RoutesOfSecond {
  const parts = Object.entries(counters).flatMap(([counter, count]): RoutesOfSecond[] => {
    const read = counter.startsWith(before) ? readRouteCounter(counter.slice(before.length)) : null;
    const name = counterNames.find((each) => each === read?.name);
    if (read === null || name === undefined) return [];
    return [{ [read.kind]: { [read.place]: { counters: { [name]: count }, histograms: {} } } }];
  });
  return mergeRoutes(parts);
}

/** `loadline.route.message.0.roundTripMicros.b.1234` → its bucket. */
export function routeHistogramsOf(counters: Counters): RoutesOfSecond {
  const parts = Object.entries(counters).flatMap(([counter, count]): RoutesOfSecond[] => {
    const read = counter.startsWith('loadline.route.') ? readRouteCounter(counter.slice('loadline.'.length)) : null;
    if (read === null || count === 0) return [];
    const histograms = histogramsOf({ [`loadline.${read.name}`]: count });
    return Object.keys(histograms).length === 0
      ? []
      : [{ [read.kind]: { [read.place]: { counters: {}, histograms } } }];
  });
  return mergeRoutes(parts);
}

export function countersOf(of: (name: string) => number | undefined): Second['counters'] {
  return Object.fromEntries(counterNames.map((name) => [name, of(name) ?? 0])) as Second['counters'];
}

/** The two parts of a second. */
export function addSeconds(a: Second, b: Second): Second {
  const whole: Second = {
    second: a.second,
    openConnections: a.openConnections + b.openConnections,
    fleets: a.fleets + b.fleets,
    phases: fleetPhases.filter((phase) => a.phases.includes(phase) || b.phases.includes(phase)),
    counters: countersOf((name) => {
      const key = name as keyof Second['counters'];
      return a.counters[key] + b.counters[key];
    }),
    histograms: addHistograms([a.histograms, b.histograms]),
  };
  return withRoutes(whole, mergeRoutes([a.routes ?? {}, b.routes ?? {}]));
}

/** `loadline.roundTripMicros.b.1234` → histograms.roundTripMicros["1234"]. */
export function histogramsOf(counters: Counters): Histograms {
  const histograms: Histograms = {};
  for (const [counter, count] of Object.entries(counters)) {
    const [, name, index] = /^loadline\.(\w+)\.b\.(\d+)$/.exec(counter) ?? [];
    const known = histogramNames.find((each) => each === name);
    if (!known || index === undefined || count === 0) continue;
    const buckets = histograms[known] ?? {};
    buckets[index] = count;
    histograms[known] = buckets;
  }
  return histograms;
}

export function addHistograms(all: readonly Histograms[]): Histograms {
  const sum: Histograms = {};
  for (const histograms of all) {
    for (const name of histogramNames) {
      const counts = histograms[name];
      if (!counts) continue;
      const buckets = sum[name] ?? {};
      for (const [index, count] of Object.entries(counts)) buckets[index] = (buckets[index] ?? 0) + count;
      sum[name] = buckets;
    }
  }
  return sum;
}
