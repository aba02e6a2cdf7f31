/** Records of all fleets merged: by second, and over the run. Everything is a count, so merging is addition and order does not matter. */
import {
  type BucketCounts,
  type ClientRecord,
  type CounterName,
  counterNames,
  type FleetPhase,
  fleetPhases,
  type HistogramName,
  type ListedEvent,
  type Misdelivery,
  type MissedPublish,
} from '../engine/src/records.ts';
import type { ClientSecond, Observation } from '../record/observation.ts';
import { mergeRoutes, type RoutesOfSecond, routesOf } from './route-measurements.ts';

type Counters = Record<CounterName, number>;
type Histograms = Partial<Record<HistogramName, BucketCounts>>;

export interface ClientMeasurements {
  clock: Observation['clock'];
  client: Observation['client'];
}

interface Second {
  /** Open connections by fleet. */
  fleets: Map<string, number>;
  phases: Set<FleetPhase>;
  counters: Counters;
  histograms: Histograms;
  /** A line's each; merged when they are read out. */
  routes: RoutesOfSecond[];
}

/** Different texts that a target made up, of a whole run: close reasons and error codes may each hold an id of their own. */
const maxTexts = 200;
/** The rest, counted together. */
const otherTexts = 'others';

/** Merges records that come in any order. */
export class MeasurementMerge {
  readonly #seconds = new Map<number, Second>();
  readonly #fleets = new Set<string>();
  readonly #ended = new Set<string>();
  readonly #closeCodes: Record<string, number> = {};
  readonly #closeReasons: Record<string, number> = {};
  readonly #closesByServer: Record<string, number> = {};
  readonly #unexpectedFrames: Record<string, number> = {};
  #descriptorShare: number | null = null;
  #portShare: number | null = null;
  readonly #failures: Record<string, number> = {};
  readonly #events: ListedEvent[] = [];
  readonly #missedPublishes: MissedPublish[] = [];
  readonly #misdeliveries: Misdelivery[] = [];

  add(record: ClientRecord): void {
    this.#fleets.add(record.fleet);
    if (record.last === true) this.#ended.add(record.fleet);
    let second = this.#seconds.get(record.second);
    if (second === undefined) {
      second = { fleets: new Map(), phases: new Set(), counters: zeroCounters(), histograms: {}, routes: [] };
      this.#seconds.set(record.second, second);
    }
    // Two lines of one fleet in one second (its last line, for one): the connections are the same ones.
    second.fleets.set(record.fleet, Math.max(record.openConnections, second.fleets.get(record.fleet) ?? 0));
    second.phases.add(record.phase);
    addCounters(second.counters, record.counters);
    addHistograms(second.histograms, record.histograms);
    if (record.routes !== undefined) second.routes.push(record.routes);
    addCounts(this.#closeCodes, record.closeCodes ?? {});
    addTexts(this.#closeReasons, record.closeReasons);
    addTexts(this.#closesByServer, record.closesByServer);
    addTexts(this.#unexpectedFrames, record.unexpectedFrames);
    const { openDescriptors, maxDescriptors, portsInUse, portsOfAddress } = record.machine ?? {};
    this.#descriptorShare = largerShare(this.#descriptorShare, openDescriptors, maxDescriptors);
    this.#portShare = largerShare(this.#portShare, portsInUse, portsOfAddress);
    addTexts(this.#failures, record.failures);
    for (const event of record.events ?? []) this.#events.push(event);
    for (const publish of record.missedPublishes ?? []) this.#missedPublishes.push(publish);
    for (const each of record.misdeliveries ?? []) this.#misdeliveries.push(each);
  }

  /** The seconds before `second` in order, which are then forgotten. For following a run; `finish` needs them all. */
  takeBefore(second: number): ClientSecond[] {
    const taken = [...this.#seconds].filter(([key]) => key < second).sort(([a], [b]) => a - b);
    for (const [key] of taken) this.#seconds.delete(key);
    return taken.map(clientSecond);
  }

  /** Oldest and newest second that is held, if there is one. */
  get bounds(): { oldest: number; newest: number } | undefined {
    const seconds = [...this.#seconds.keys()];
    return seconds.length === 0 ? undefined : { oldest: Math.min(...seconds), newest: Math.max(...seconds) };
  }

  /** Whether every fleet seen so far that has not ended has reported this second. */
  isReported(second: number): boolean {
    const reported = this.#seconds.get(second)?.fleets;
    if (reported === undefined) return false;
    return [...this.#fleets].every((fleet) => reported.has(fleet) || this.#ended.has(fleet));
  }

  /** Undefined when there was no record. */
  finish(unreadableLines: number): ClientMeasurements | undefined {
    const seconds = [...this.#seconds].sort(([a], [b]) => a - b).map(clientSecond);
    const first = seconds[0];
    const last = seconds.at(-1);
    if (first === undefined || last === undefined) return undefined;
    const steady = seconds.filter(
      ({ phases, fleets }) => fleets === this.#fleets.size && phases.length === 1 && phases[0] === 'steady',
    );
    const totals = zeroCounters();
    for (const { counters } of seconds) addCounters(totals, counters);
    return {
      clock: {
        firstSecond: first.second,
        lastSecond: last.second,
        steadyFirstSecond: steady[0]?.second ?? null,
        steadyLastSecond: steady.at(-1)?.second ?? null,
      },
      client: {
        complete: this.#ended.size === this.#fleets.size,
        fleets: this.#fleets.size,
        totals,
        histograms: mergeHistograms(seconds),
        steadyHistograms: mergeHistograms(steady),
        closeCodes: this.#closeCodes,
        closeReasons: this.#closeReasons,
        closesByServer: this.#closesByServer,
        unexpectedFrames: this.#unexpectedFrames,
        descriptorShare: this.#descriptorShare,
        portShare: this.#portShare,
        failures: this.#failures,
        events: this.#events,
        missedPublishes: this.#missedPublishes.map((publish) => ({ ...publish, users: [...publish.users] })),
        misdeliveries: this.#misdeliveries,
        ...routesOf(mergeRoutes(routesIn(seconds)), mergeRoutes(routesIn(steady))),
        peakOpenConnections: seconds.reduce((peak, { openConnections }) => Math.max(peak, openConnections), 0),
        seconds,
        unreadableLines,
      },
    };
  }
}

const routesIn = (seconds: readonly ClientSecond[]): RoutesOfSecond[] => seconds.flatMap(({ routes }) => routes ?? []);

function clientSecond([second, { fleets, phases, counters, histograms, routes }]: [number, Second]): ClientSecond {
  return {
    second,
    openConnections: [...fleets.values()].reduce((total, open) => total + open, 0),
    fleets: fleets.size,
    phases: fleetPhases.filter((phase) => phases.has(phase)),
    counters,
    histograms,
    ...(routes.length > 0 && { routes: mergeRoutes(routes) }),
  };
}

function largerShare(before: number | null, part: number | undefined, whole: number | undefined): number | null {
  if (part === undefined || whole === undefined || whole === 0) return before;
  return Math.max(before ?? 0, part / whole);
}

/** Ids of accepted events of which no push arrived. */
export const undeliveredIds = ({ events }: Pick<Observation['client'], 'events'>): string[] =>
  events.filter(({ state }) => state !== 'deliveredToSome').map(({ id }) => id);

function zeroCounters(): Counters {
  return Object.fromEntries(counterNames.map((name) => [name, 0])) as Counters;
}

function mergeHistograms(seconds: readonly ClientSecond[]): Histograms {
  const merged: Histograms = {};
  for (const { histograms } of seconds) addHistograms(merged, histograms as Histograms);
  return merged;
}

function addCounters(to: Counters, from: Partial<Counters>): void {
  for (const name of counterNames) to[name] += from[name] ?? 0;
}

function addHistograms(to: Histograms, from: Histograms): void {
  for (const [name, counts] of Object.entries(from) as [HistogramName, BucketCounts][]) {
    to[name] ??= {};
    addCounts(to[name], counts);
  }
}

function addCounts(to: Record<string, number>, from: Record<string, number>): void {
  for (const [key, count] of Object.entries(from)) to[key] = (to[key] ?? 0) + count;
}

function addTexts(to: Record<string, number>, from: Record<string, number> = {}): void {
  for (const [text, count] of Object.entries(from)) {
    const key = to[text] === undefined && Object.keys(to).length >= maxTexts ? otherTexts : text;
    to[key] = (to[key] ?? 0) + count;
  }
}
