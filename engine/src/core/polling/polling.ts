import { type BackOff, backOffMicros } from '../connections/back-off.ts';
import type { Device } from '../connections/device.ts';
import type { Tally } from '../measure/tally.ts';
import type { Clock } from '../schedule/clock.ts';
import { DueHeap } from '../schedule/due-heap.ts';
import type { Task } from '../schedule/loop.ts';
import { isInShare, microsPerSecond } from '../schedule/pacer.ts';
import { type KeptPage, readHold, readKept } from './answers.ts';
import type { TabAnswer, TabRequests } from './tab-requests.ts';

/** Connects in a row that do not open before a tab polls beside its further attempts, and the least time between two reads that are held: docs/reference/protocol.md. */
const connectsBeforePolling = 3;
const heldApartMicros = microsPerSecond;
/** Requests per tick; then the sockets are served before the next tick. */
const maxRequestsPerTick = 128;
/** Of reads that failed. */
const backOff: BackOff = { attempts: Number.POSITIVE_INFINITY, baseSeconds: 1, capSeconds: 30, jitter: 'full' };

interface Tab {
  device: Device;
  /** Where its next read of events begins, in ms since the epoch; null: from then on. */
  resumeFrom: number | null;
  /** What it has had from there on; null: not known. */
  seen: number | null;
  /** Gives up the read that is under way; null: there is none. */
  giveUp: (() => void) | null;
  /** Another read is owed once that has ended. */
  isOwed: boolean;
  /** Reads in a row that failed, and connects that did not open. */
  failures: number;
  unopened: number;
  /** Counts up whenever the read that was due no longer is. */
  era: number;
}

type Due = { kind: 'stage'; tab: Tab } | { kind: 'events'; tab: Tab; era: number };

/** The load fields that it goes by (step/load-fields.ts). */
export interface PollingLoad {
  pollingShare: number;
  pollSeconds: number;
  stageSeconds: number;
  rollbackStartSeconds: number;
  rollbackSeconds: number;
  rollbackShare: number;
}

export const asksOverHttp = (load: Pick<PollingLoad, 'pollingShare' | 'stageSeconds' | 'rollbackSeconds'>): boolean =>
  load.pollingShare > 0 || load.stageSeconds > 0 || load.rollbackSeconds > 0;

interface Options {
  clock: Clock;
  tally: Tally;
  requests: TabRequests;
  load: PollingLoad;
  devices: readonly Device[];
  random: () => number;
  /** By user id. */
  tokens: ReadonlyMap<string, string>;
  /** An event that a tab has read. */
  onEvent: (device: Device, eventId: string, atMicros: number) => void;
  /** The stage has been rolled back for it: its connection ends. */
  onRolledBack: (device: Device) => void;
  /** It is to have a connection again. */
  onBack: (device: Device, nowMicros: number) => void;
}

/**
 * Tabs as the published client is one, over HTTP (docs/reference/protocol.md): each reads the stage again and again, reads events once after its connection has opened, and at
 * intervals where it has none. The stage is the load's own: tabs notice what it says with their next read of the stack's.
 */
export class Polling implements Task {
  readonly #options: Options;
  readonly #tabs: readonly Tab[];
  readonly #due = new DueHeap<Due>();
  #steadySinceMicros = Number.POSITIVE_INFINITY;
  /** Reads of the stage under way. */
  readonly #stageReads = new Set<() => void>();
  #holdSeconds = 0;
  #isStopped = false;

  constructor(options: Options) {
    this.#options = options;
    this.#tabs = options.devices.map((device) => {
      device.isOutside = isInShare(device.user.index, options.load.pollingShare);
      return { device, resumeFrom: null, seen: null, giveUp: null, isOwed: false, failures: 0, unopened: 0, era: 0 };
    });
  }

  /** A tab is opened. False: it is to have no connection. */
  arrived(device: Device, dueMicros: number): boolean {
    const tab = this.#tabOf(device);
    this.#readStage(tab, dueMicros, { isFirst: true });
    if (device.isOutside) this.#begin(tab, dueMicros);
    return !device.isOutside;
  }

  steadyBegan(nowMicros: number): void {
    this.#steadySinceMicros = nowMicros;
  }

  /** Its connection has opened: it reads what it may have missed. */
  opened(device: Device, nowMicros: number): void {
    const tab = this.#tabOf(device);
    tab.unopened = 0;
    if (device.isOutside) {
      this.#options.onRolledBack(device);
      return;
    }
    this.#end(tab, nowMicros);
    this.#readEvents(tab, nowMicros);
  }

  notOpened(device: Device, nowMicros: number): void {
    const tab = this.#tabOf(device);
    if (++tab.unopened >= connectsBeforePolling && !this.#isStopped) this.#begin(tab, nowMicros);
  }

  /** Ends requests that have taken longer than the timeout. Called each second. */
  sweep(nowMicros: number): void {
    this.#options.requests.sweep(nowMicros);
  }

  /** Nothing is asked from now on, and what is under way is given up. */
  stop(): void {
    this.#isStopped = true;
    this.#due.clear();
    for (const tab of this.#tabs) tab.giveUp?.();
    for (const giveUp of this.#stageReads) giveUp();
    this.#stageReads.clear();
    this.#options.requests.close();
  }

  nextDueMicros(): number {
    return this.#due.nextDueMicros;
  }

  run(nowMicros: number): void {
    for (let n = 0; n < maxRequestsPerTick && this.#due.nextDueMicros <= nowMicros; n++) {
      const due = this.#due.pop();
      if (due === undefined) return;
      const { item, dueMicros } = due;
      if (item.kind === 'stage') this.#readStage(item.tab, dueMicros, { isFirst: false });
      else if (item.era === item.tab.era) this.#readEvents(item.tab, dueMicros);
    }
  }

  #begin(tab: Tab, nowMicros: number): void {
    if (tab.device.isPolling) return;
    tab.device.isPolling = true;
    this.#readEvents(tab, nowMicros);
  }

  #end(tab: Tab, nowMicros: number): void {
    if (!tab.device.isPolling) return;
    tab.device.isPolling = false;
    tab.device.polledUntilMicros = nowMicros;
    tab.era++;
    // A read that is held would be answered once more by the push.
    if (this.#holdSeconds > 0) tab.giveUp?.();
  }

  #readStage(tab: Tab, dueMicros: number, { isFirst }: { isFirst: boolean }): void {
    const { requests, load, random } = this.#options;
    const giveUp = requests.get({
      ...{ asked: 'stageReads', path: '/config', headers: {}, dueMicros, read: readHold },
      onEnd: (end, atMicros) => {
        this.#stageReads.delete(giveUp);
        if (end.kind === 'answered') this.#holdSeconds = end.value;
        // A stage that cannot be read is as it was.
        if (end.kind === 'answered' && !this.#isStopped) this.#notice(tab, atMicros);
      },
    });
    this.#stageReads.add(giveUp);
    if (load.stageSeconds === 0) return;
    // The first interval is cut at random: tabs that are opened together do not ask together.
    const waitMicros = load.stageSeconds * microsPerSecond * (isFirst ? random() : 1);
    this.#due.push(dueMicros + waitMicros, { kind: 'stage', tab });
  }

  #notice(tab: Tab, nowMicros: number): void {
    const { load, onRolledBack, onBack } = this.#options;
    const { device } = tab;
    const isOutside = isInShare(device.user.index, load.pollingShare) || this.#isRolledBack(device, nowMicros);
    if (isOutside === device.isOutside) return;
    device.isOutside = isOutside;
    if (isOutside) {
      onRolledBack(device);
      this.#begin(tab, nowMicros);
    } else onBack(device, nowMicros);
  }

  #isRolledBack({ user }: Device, nowMicros: number): boolean {
    const { rollbackStartSeconds, rollbackSeconds, rollbackShare } = this.#options.load;
    const sinceSeconds = (nowMicros - this.#steadySinceMicros) / microsPerSecond - rollbackStartSeconds;
    return sinceSeconds >= 0 && sinceSeconds < rollbackSeconds && isInShare(user.index, rollbackShare);
  }

  #readEvents(tab: Tab, dueMicros: number): void {
    const { requests, tokens, clock } = this.#options;
    if (this.#isStopped) return;
    tab.era++;
    if (tab.giveUp !== null) {
      tab.isOwed = true;
      return;
    }
    const beganMicros = clock.nowMicros();
    const holdSeconds = tab.device.isPolling && tab.seen !== null ? this.#holdSeconds : 0;
    const token = tokens.get(tab.device.user.id);
    const giveUp = requests.get({
      ...{ asked: 'polls', path: '/events', dueMicros, read: readKept, isHeld: holdSeconds > 0 },
      headers: {
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...(tab.resumeFrom !== null && { 'X-After': String(tab.resumeFrom) }),
        ...(holdSeconds > 0 && { 'X-Wait': String(holdSeconds), 'X-Seen': String(tab.seen) }),
      },
      onEnd: (end, atMicros) => {
        tab.giveUp = null;
        this.#took(tab, end, { beganMicros, atMicros, holdSeconds });
      },
    });
    tab.giveUp = () => {
      tab.giveUp = null;
      giveUp();
    };
  }

  #took(
    tab: Tab,
    end: TabAnswer<KeptPage>,
    { beganMicros, atMicros, holdSeconds }: { beganMicros: number; atMicros: number; holdSeconds: number },
  ): void {
    const { device } = tab;
    if (end.kind === 'failed') {
      tab.isOwed = false;
      const waitMicros = Math.max(
        backOffMicros(backOff, tab.failures++, this.#options.random),
        (end.retryAfterSeconds ?? 0) * microsPerSecond,
      );
      this.#later(tab, atMicros + waitMicros);
      return;
    }
    const { eventIds, resumeFrom, more, gap, seen } = end.value;
    const isBeyond = tab.resumeFrom === null || resumeFrom > tab.resumeFrom;
    const news = eventIds.length - (tab.seen ?? 0);
    tab.failures = 0;
    if (gap) this.#options.tally.count('pollsWithGap');
    for (const eventId of eventIds) this.#options.onEvent(device, eventId, atMicros);
    if (isBeyond) {
      tab.resumeFrom = resumeFrom;
      tab.seen = more ? null : seen;
    }
    if (more && isBeyond) {
      this.#readEvents(tab, atMicros);
      return;
    }
    device.firstReadMicros = Math.min(device.firstReadMicros, beganMicros);
    device.lastReadMicros = beganMicros;
    if (tab.isOwed) {
      tab.isOwed = false;
      this.#readEvents(tab, atMicros);
    } else if (device.isPolling) this.#later(tab, this.#nextPoll(tab, { beganMicros, atMicros, holdSeconds }, news));
  }

  /** Where reads are held, the next one begins at once; a stack that does not hold them after all is polled. */
  #nextPoll(
    { seen }: Tab,
    { beganMicros, atMicros, holdSeconds }: { beganMicros: number; atMicros: number; holdSeconds: number },
    news: number,
  ): number {
    const { load, random } = this.#options;
    const wasHeld = holdSeconds === 0 || news > 0 || atMicros - beganMicros >= (holdSeconds * microsPerSecond) / 2;
    if (this.#holdSeconds > 0 && seen !== null && wasHeld) return Math.max(atMicros, beganMicros + heldApartMicros);
    return atMicros + load.pollSeconds * microsPerSecond * (0.5 + random());
  }

  #later(tab: Tab, dueMicros: number): void {
    if (!this.#isStopped) this.#due.push(dueMicros, { kind: 'events', tab, era: ++tab.era });
  }

  #tabOf(device: Device): Tab {
    const tab = this.#tabs[device.index];
    if (tab === undefined) throw new Error('a device without a tab');
    return tab;
  }
}
