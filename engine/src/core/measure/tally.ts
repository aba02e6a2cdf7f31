import { bucketIndexOf } from '../../buckets.ts';
import { eventStateCounters, maxListedEvents } from '../../listed-event.ts';
import { type Misdelivery, maxListedMisdeliveries } from '../../misdelivery.ts';
import { type MissedPublish, maxListedPublishes } from '../../missed-publish.ts';
import {
  type BucketCounts,
  type ClientRecord,
  type CounterName,
  clientRecordVersion,
  counterNames,
  type HistogramName,
  histogramNames,
  type ListedEvent,
} from '../../records.ts';
import { shownBytes, shownText } from './shown-text.ts';

/** Counts of values by bucket. A list of the non-empty buckets makes it cheap to read out a second with few values. */
class Buckets {
  #counts = new Uint32Array(4_096);
  #used: number[] = [];

  record(micros: number): void {
    const index = bucketIndexOf(micros);
    if (index >= this.#counts.length) this.#grow(index);
    const before = this.#counts[index] ?? 0;
    if (before === 0) this.#used.push(index);
    this.#counts[index] = before + 1;
  }

  take(): BucketCounts | undefined {
    if (this.#used.length === 0) return undefined;
    const taken: BucketCounts = {};
    for (const index of this.#used) {
      taken[String(index)] = this.#counts[index] ?? 0;
      this.#counts[index] = 0;
    }
    this.#used = [];
    return taken;
  }

  #grow(index: number): void {
    const larger = new Uint32Array(2 ** Math.ceil(Math.log2(index + 1)));
    larger.set(this.#counts);
    this.#counts = larger;
  }
}

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

/** Counts of a fleet until the next line is written. Everything is a count, so lines add up. */
export class Tally {
  readonly #counters: Record<CounterName, number>;
  readonly #histograms: Record<HistogramName, Buckets>;
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

  constructor() {
    this.#counters = Object.fromEntries(counterNames.map((name) => [name, 0])) as Record<CounterName, number>;
    this.#histograms = Object.fromEntries(histogramNames.map((name) => [name, new Buckets()])) as Record<
      HistogramName,
      Buckets
    >;
  }

  count(name: CounterName, by = 1): void {
    this.#counters[name] += by;
  }
  recordMicros(name: HistogramName, micros: number): void {
    this.#histograms[name].record(micros);
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

  /** An accepted event that ended without being delivered to all: counted, and listed while there is room. */
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
    const record: ClientRecord = { version: clientRecordVersion, ...line, counters: {}, histograms: {} };
    for (const name of counterNames) {
      if (this.#counters[name] !== 0) record.counters[name] = this.#counters[name];
      this.#counters[name] = 0;
    }
    for (const name of histogramNames) {
      const counts = this.#histograms[name].take();
      if (counts !== undefined) record.histograms[name] = counts;
    }
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
}
