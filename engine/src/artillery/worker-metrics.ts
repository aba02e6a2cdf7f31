/** Lines of a worker's fleets → counters from which the lines of the whole run can be restored for each second. */

import type { ClientRecord } from '../records.ts';
import type { ScenarioEvents } from './artillery-metrics.ts';
import { routeCountersOf } from './route-metrics.ts';
import {
  eventCounter,
  fleetsName,
  maxEventsOfWorker,
  misdeliveryCounter,
  missedPublishCounter,
  openConnectionsName,
  phaseNameOf,
  secondCounter,
  shareHistograms,
  textPrefixes,
  workerCounters,
} from './worker-counters.ts';

interface FleetSoFar {
  lines: number;
  second: number | null;
  /** Counted for this second so far: another line of the same second adds only the difference. */
  openConnections: number;
}

/** One for each step of a worker. */
export class WorkerMetrics {
  readonly #events: ScenarioEvents;
  readonly #fleets = new Map<string, FleetSoFar>();
  #eventsPassedOn = 0;

  constructor(events: ScenarioEvents) {
    this.#events = events;
    this.#count(workerCounters.steps, 1);
  }

  emit(record: ClientRecord): void {
    const { second, counters } = record;
    const fleet = this.#fleetOf(record.fleet);
    fleet.lines += 1;
    this.#count(workerCounters.lines, 1);
    if (fleet.second !== second) {
      Object.assign(fleet, { second, openConnections: 0 });
      this.#count(secondCounter(second, fleetsName), 1);
    }
    const more = Math.max(0, record.openConnections - fleet.openConnections);
    fleet.openConnections += more;
    this.#count(secondCounter(second, openConnectionsName), more);
    this.#count(secondCounter(second, phaseNameOf(record.phase)), 1);
    for (const [name, count] of [...Object.entries(counters), ...routeCountersOf(record)])
      this.#count(secondCounter(second, name), count);
    for (const [field, prefix] of Object.entries(textPrefixes))
      for (const [text, count] of Object.entries(record[field as keyof typeof textPrefixes] ?? {}))
        this.#count(prefix + text, count);
    this.#emitEvents(record);
    this.#emitShares(record);
    if (record.last !== true) return;
    this.#count(workerCounters.fleetsEnded, 1);
    this.#count(workerCounters.linesOfEnded, fleet.lines);
  }

  #emitEvents({ events = [], missedPublishes = [], misdeliveries = [] }: ClientRecord): void {
    for (const event of events) if (this.#eventsPassedOn++ < maxEventsOfWorker) this.#count(eventCounter(event), 1);
    for (const { channel, id, subscribers } of missedPublishes)
      if (this.#eventsPassedOn++ < maxEventsOfWorker) this.#count(missedPublishCounter(channel, id), subscribers);
    for (const misdelivery of misdeliveries)
      if (this.#eventsPassedOn++ < maxEventsOfWorker) this.#count(misdeliveryCounter(misdelivery), 1);
  }

  #fleetOf(name: string): FleetSoFar {
    const known = this.#fleets.get(name);
    if (known) return known;
    const fleet: FleetSoFar = { lines: 0, second: null, openConnections: 0 };
    this.#fleets.set(name, fleet);
    this.#count(workerCounters.fleets, 1);
    return fleet;
  }

  #emitShares({ machine: { openDescriptors, maxDescriptors, portsInUse, portsOfAddress } = {} }: ClientRecord): void {
    this.#emitShare(shareHistograms.descriptorShare, openDescriptors, maxDescriptors);
    this.#emitShare(shareHistograms.portShare, portsInUse, portsOfAddress);
  }

  #emitShare(histogram: string, part: number | undefined, whole: number | undefined): void {
    if (part === undefined || whole === undefined || whole === 0) return;
    this.#events.emit('histogram', histogram, (part / whole) * 1_000);
  }

  #count(name: string, count: number): void {
    this.#events.emit('counter', name, count);
  }
}
