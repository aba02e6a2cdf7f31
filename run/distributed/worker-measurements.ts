/**
 * Artillery's output of a distributed run → the client's measurements, as if they had been read from client.ndjson. Pure.
 *
 * Exact: all counters, over the run and in each second; open connections, fleets and phases in each second; all histograms over the run;
 * close codes, reasons and failures; ids of events that were not delivered to all, up to a number. Lost: histograms by the second (they are in the last second of their window of 10 s), so that the
 * histograms of the steady state are those of the windows that lie wholly within it (without one, there was no steady state); and which
 * fleet did what.
 */
import {
  readEventCounter,
  readMisdelivery,
  readMissedPublish,
  shareHistograms,
  textPrefixes,
  workerCounters,
} from '../../engine/src/artillery/worker-counters.ts';
import type { ClientMeasurements } from '../../metrics/measurements.ts';
import { mergeRoutes, type RoutesOfSecond, routesOf } from '../../metrics/route-measurements.ts';
import { CrashError } from '../errors.ts';
import { type ArtilleryOutput, addCounters } from './artillery-output.ts';
import {
  addHistograms,
  addSeconds,
  countersOf,
  type Histograms,
  histogramsOf,
  routeHistogramsOf,
  routeTotalsOf,
  type Second,
  secondsOf,
  withRoutes,
} from './window.ts';

/**
 * Merges the outputs of a run: one, which Artillery has merged from its workers, or one of each worker. `steps`: fleet steps that all
 * workers together were to begin. Null: no worker reported anything, the load never began.
 * @throws CrashError when lines were lost on the way, so that no number can be trusted.
 */
export function measurementsOfWorkers(outputs: readonly ArtilleryOutput[], steps: number): ClientMeasurements | null {
  const counters = addCounters(outputs.map(({ aggregate }) => aggregate.counters));
  const reported = (name: keyof typeof workerCounters) => counters[workerCounters[name]] ?? 0;
  if (reported('lines') === 0) return null;
  const ended = reported('fleetsEnded') === reported('fleets');
  if (ended && reported('lines') !== reported('linesOfEnded'))
    throw new CrashError(
      `${reported('lines')} of ${reported('linesOfEnded')} lines of the workers came back through Artillery: windows were lost on the way, so none of this run's numbers can be trusted.`,
    );
  const windows = windowsOf(outputs);
  const inWindows = outputs
    .flatMap(({ intermediate }) => intermediate)
    .reduce((sum, window) => sum + (window.counters[workerCounters.lines] ?? 0), 0);
  if (inWindows !== reported('lines'))
    throw new CrashError(
      `${inWindows} of ${reported('lines')} lines of the workers are in Artillery's windows: some came too late to be merged, so this run's timeline cannot be trusted.`,
    );
  const seconds = mergeSeconds(windows);
  const fleets = reported('fleets');
  const steady = seconds.filter((each) => each.fleets === fleets && each.phases.join() === 'steady');
  const isSteady = new Set(steady.map(({ second }) => second));
  const steadyWindows = windows.filter((window) => [...window.seconds.keys()].every((second) => isSteady.has(second)));
  // A steady state without latencies could not be judged: then there was none.
  const [steadyFirst, steadyLast] = steadyWindows.length > 0 ? [steady[0], steady.at(-1)] : [];
  const [first] = seconds;
  const last = seconds.at(-1);
  if (!first || !last) throw new CrashError("Artillery's output has counts of workers but no windows.");
  return {
    clock: {
      firstSecond: first.second,
      lastSecond: last.second,
      steadyFirstSecond: steadyFirst?.second ?? null,
      steadyLastSecond: steadyLast?.second ?? null,
    },
    client: {
      complete: ended && reported('steps') === steps,
      fleets,
      totals: countersOf((name) => counters[`loadline.${name}`]),
      histograms: histogramsOf(counters),
      steadyHistograms: addHistograms(steadyWindows.map(({ histograms }) => histograms)),
      closeCodes: textsOf(counters, textPrefixes.closeCodes),
      closeReasons: textsOf(counters, textPrefixes.closeReasons),
      closesByServer: textsOf(counters, textPrefixes.closesByServer),
      unexpectedFrames: textsOf(counters, textPrefixes.unexpectedFrames),
      descriptorShare: largestShare(outputs, shareHistograms.descriptorShare),
      portShare: largestShare(outputs, shareHistograms.portShare),
      failures: textsOf(counters, textPrefixes.failures),
      events: Object.keys(counters).flatMap((name) => readEventCounter(name) ?? []),
      ...routesOfRun(counters, steadyWindows),
      missedPublishes: Object.entries(counters).flatMap(([name, subscribers]) => {
        const publish = readMissedPublish(name);
        return publish === null ? [] : [{ ...publish, subscribers, users: [] }];
      }),
      misdeliveries: Object.keys(counters).flatMap((name) => readMisdelivery(name) ?? []),
      peakOpenConnections: seconds.reduce((peak, { openConnections }) => Math.max(peak, openConnections), 0),
      seconds,
      unreadableLines: 0,
    },
  };
}

interface Window {
  seconds: Map<number, Second>;
  histograms: Histograms;
  routes: RoutesOfSecond;
}

function windowsOf(outputs: readonly ArtilleryOutput[]): Window[] {
  const byStart = Map.groupBy(
    outputs.flatMap(({ intermediate }) => intermediate),
    ({ period }) => period,
  );
  return [...byStart]
    .sort(([a], [b]) => a - b)
    .map(([period, parts]) => {
      const counters = addCounters(parts.map((part) => part.counters));
      const histograms = histogramsOf(counters);
      return { seconds: secondsOf(counters, period / 1_000), histograms, routes: routeHistogramsOf(counters) };
    })
    .filter(({ seconds }) => seconds.size > 0);
}

/** In order. A window's histograms are put into its last second: spread over ten they would be invented. */
function mergeSeconds(windows: readonly Window[]): Second[] {
  const merged = new Map<number, Second>();
  for (const { seconds, histograms, routes } of windows) {
    const lastSecond = Math.max(...seconds.keys());
    for (const [key, part] of seconds) {
      const second = key === lastSecond ? withRoutes({ ...part, histograms }, routes) : part;
      const before = merged.get(key);
      merged.set(key, before ? addSeconds(before, second) : second);
    }
  }
  return [...merged.values()].sort((a, b) => a.second - b.second);
}

/** Of the run, and of the windows that lie within its steady state. */
function routesOfRun(
  counters: Readonly<Record<string, number>>,
  steadyWindows: readonly Window[],
): Pick<ClientMeasurements['client'], 'routes'> {
  const whole = mergeRoutes([routeTotalsOf(counters), routeHistogramsOf(counters)]);
  return routesOf(whole, mergeRoutes(steadyWindows.map(({ routes }) => routes)));
}

function textsOf(counters: Readonly<Record<string, number>>, prefix: string): Record<string, number> {
  return Object.fromEntries(
    Object.entries(counters).flatMap(([name, count]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), count]] : [],
    ),
  );
}

function largestShare(outputs: readonly ArtilleryOutput[], histogram: string): number | null {
  const maxima = outputs.flatMap(({ aggregate }) => aggregate.summaries[histogram]?.max ?? []);
  return maxima.length === 0 ? null : Math.max(...maxima) / 1_000;
}
