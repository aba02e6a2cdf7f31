import { eventStateCounters, maxListedEvents } from '../../listed-event.ts';
import { type Misdelivery, maxListedMisdeliveries } from '../../misdelivery.ts';
import { type MissedPublish, maxListedPublishes } from '../../missed-publish.ts';
import {
  type ClientRecord,
  type CounterName,
  clientRecordVersion,
  type HistogramName,
  type ListedEvent,
  type RouteKind,
  type RoutesOfLine,
  routeCounters,
  routeHistograms,
} from '../../records.ts';
import { Counts } from './counts.ts';
import { shownBytes, shownText } from './shown-text.ts';

/** Different texts kept per second, since each error of a target may have a different text. The rest are counted together. */
const maxKeys = 100;
const otherKey = 'others';
/** Longer ones are cut before they are compared; what is shown of them is shorter still. */
const maxKeyLength = 400;
/** Different frames kept of a whole run: the first ones say what the target speaks. */
const maxFrames = 5;

function countKey(counts: Record<string, number>, text: string): void {
  // The cut may be in the middle of a pair.
  const key = text.slice(0, maxKeyLength).toWellFormed();
  if (counts[key] === undefined && Object.keys(counts).length >= maxKeys)
    counts[otherKey] = (counts[otherKey] ?? 0) + 1;
  else counts[key] = (counts[key] ?? 0) + 1;
}

/** The counts by what may be shown of their texts: cleaned once a second, not at each count. Undefined without any. */
function shownCounts(counts: Record<string, number>): Record<string, number> | undefined {
  const shown: Record<string, number> = {};
  for (const [text, count] of Object.entries(counts)) {
    const key = shownText(text);
    shown[key] = (shown[key] ?? 0) + count;
  }
  return Object.keys(shown).length > 0 ? shown : undefined;
}

/** Where work is counted: in a whole, or in a route and in the whole. */
export interface Counting {
  count(name: CounterName, by?: number): void;
  recordMicros(name: HistogramName, micros: number): void;
  /** An accepted event that ended without being delivered to all: counted, and listed while there is room. */
  countEvent(event: ListedEvent): void;
}

/** Counts of a fleet until the next line is written. Everything is a count, so lines add up. */
export class Tally implements Counting {
  readonly #whole = new Counts();
  readonly #routes = new Map<string, { kind: RouteKind; place: number; counts: Counts }>();
  #closeCodes: Record<string, number> = {};
  #closeReasons: Record<string, number> = {};
  #closesByServer: Record<string, number> = {};
  #failures: Record<string, number> = {};
  #frames: Record<string, number> = {};
  /** As they came, shortened → as they are shown. */
  readonly #knownFrames = new Map<string, string>();
  #events: ListedEvent[] = [];
  #listedEvents = 0;
  #missedPublishes: MissedPublish[] = [];
  #listedPublishes = 0;
  #misdeliveries: Misdelivery[] = [];
  #listedMisdeliveries = 0;

  count(name: CounterName, by = 1): void {
    this.#whole.count(name, by);
  }
  recordMicros(name: HistogramName, micros: number): void {
    this.#whole.recordMicros(name, micros);
  }

  /** Counts for one of several messages, or URLs of webhooks, by its place: in it, and in the whole. */
  ofRoute(kind: RouteKind, place: number): Counting {
    const key = `${kind} ${place}`;
    const names = { counters: routeCounters[kind], histograms: routeHistograms[kind] };
    const { counts } = this.#routes.get(key) ?? { counts: new Counts(names) };
    this.#routes.set(key, { kind, place, counts });
    return {
      count: (name, by = 1) => {
        this.count(name, by);
        counts.count(name, by);
      },
      recordMicros: (name, micros) => {
        this.recordMicros(name, micros);
        counts.recordMicros(name, micros);
      },
      countEvent: (event) => {
        this.countEvent({ ...event, route: place });
        counts.count(eventStateCounters[event.state], 1);
      },
    };
  }
  /** Counts a close by its code, and by its reason if it gave one. */
  countClose(code: number, reason: string): void {
    this.#closeCodes[code] = (this.#closeCodes[code] ?? 0) + 1;
    if (reason !== '') countKey(this.#closeReasons, `${code} ${reason}`);
  }
  /** Counts a close that the fleet had not asked for, which {@link countClose} counts as well. */
  countCloseByServer(code: number, reason: string): void {
    countKey(this.#closesByServer, `${code} ${reason}`.trim());
  }
  /** Counts a frame that was not expected, and keeps it if it is one of the first different ones. `conceal`: of what is kept. */
  countUnexpectedFrame(
    counter: 'framesUnreadable' | 'framesUnexpected',
    text: string,
    conceal: (text: string) => string = (whole) => whole,
  ): void {
    this.count(counter);
    this.#keepFrame(text.slice(0, maxKeyLength), () => `“${shownText(conceal(text))}”`);
  }
  /** The same for a binary frame, which is never expected. */
  countBinaryFrame(bytes: Buffer, start: number, end: number): void {
    this.count('framesUnreadable');
    const shown = shownBytes(bytes, start, end);
    this.#keepFrame(shown, () => shown);
  }
  #keepFrame(key: string, shownAs: () => string): void {
    let shown = this.#knownFrames.get(key);
    if (shown === undefined) {
      if (this.#knownFrames.size >= maxFrames) return;
      shown = shownAs();
      this.#knownFrames.set(key, shown);
    }
    this.#frames[shown] = (this.#frames[shown] ?? 0) + 1;
  }
  /** Counts a failure by its code or status, e.g. "connect ECONNREFUSED". */
  countFailure(key: string): void {
    countKey(this.#failures, key);
  }

  countEvent(event: ListedEvent): void {
    this.count(eventStateCounters[event.state]);
    if (this.#listedEvents++ < maxListedEvents) this.#events.push(event);
  }

  /** A publish that did not reach everybody who was there: counted, and listed while there is room. */
  countMissedPublish(publish: MissedPublish): void {
    this.count('publishesMissed');
    this.count('fanOutMissed', publish.subscribers);
    if (this.#listedPublishes++ < maxListedPublishes) this.#missedPublishes.push(publish);
  }

  /** What arrived at another user: counted, and listed while there is room. */
  countMisdelivery(misdelivery: Misdelivery): void {
    this.count(misdelivery.what === 'event' ? 'pushesMisdelivered' : 'fanOutMisdelivered');
    if (this.#listedMisdeliveries++ < maxListedMisdeliveries) this.#misdeliveries.push(misdelivery);
  }

  /** The counts since the last call as a line, after which they are reset to 0. */
  take(line: Pick<ClientRecord, 'second' | 'fleet' | 'phase' | 'openConnections' | 'machine'>): ClientRecord {
    const record: ClientRecord = { version: clientRecordVersion, ...line, ...this.#whole.take() };
    const routes = this.#takeRoutes();
    if (Object.keys(routes).length > 0) record.routes = routes;
    if (Object.keys(this.#closeCodes).length > 0) record.closeCodes = this.#closeCodes;
    const texts = {
      closeReasons: shownCounts(this.#closeReasons),
      closesByServer: shownCounts(this.#closesByServer),
      unexpectedFrames: Object.keys(this.#frames).length > 0 ? this.#frames : undefined,
      failures: shownCounts(this.#failures),
    };
    for (const [field, counts] of Object.entries(texts) as [keyof typeof texts, Record<string, number> | undefined][])
      if (counts !== undefined) record[field] = counts;
    if (this.#events.length > 0) record.events = this.#events;
    this.#events = [];
    if (this.#missedPublishes.length > 0) record.missedPublishes = this.#missedPublishes;
    this.#missedPublishes = [];
    if (this.#misdeliveries.length > 0) record.misdeliveries = this.#misdeliveries;
    this.#misdeliveries = [];
    this.#closeCodes = {};
    this.#closeReasons = {};
    this.#closesByServer = {};
    this.#frames = {};
    this.#failures = {};
    return record;
  }

  /** Those that did something. */
  #takeRoutes(): RoutesOfLine {
    const routes: RoutesOfLine = {};
    for (const { kind, place, counts } of this.#routes.values()) {
      const taken = counts.take();
      if (Object.keys(taken.counters).length + Object.keys(taken.histograms).length === 0) continue;
      routes[kind] = { ...routes[kind], [String(place)]: taken };
    }
    return routes;
  }
}
