/** How a run goes on, in words: one panel for a terminal, one line a step for a log. Pure: who shows it decides when. */
import type { Slo } from '../../capacity/demand/plan.ts';
import type { ClientSecond } from '../../record/observation.ts';
import type { Workload } from '../../record/workload.ts';
import { milliseconds, percent } from '../analysis/numbers.ts';
import { failuresOf, ProgressWindow, type WindowLatency } from './progress-window.ts';

export interface ProgressOf {
  /** As in "sync on the local target". */
  what: string;
  workload: Workload;
  slo: Slo;
}

/** Mean of these many seconds: long enough for a p99 to mean something, short enough to be now. */
const windowSeconds = 10;
/** A line of a log; a phase that ends before has one as well. */
const lineSeconds = 10;
const barCells = 24;

/** CPU of a local target's processes, in cores; null: not known. */
export type TargetCores = () => number | null;

export class Progress {
  readonly #of: ProgressOf;
  readonly #targetCores: TargetCores;
  readonly #recent = new ProgressWindow();
  readonly #failures = new Map<string, number>();
  #sinceLine = new ProgressWindow();
  #first: number | null = null;
  #last: ClientSecond | null = null;
  #linePhase = '';

  constructor(of: ProgressOf, targetCores: TargetCores = () => null) {
    this.#of = of;
    this.#targetCores = targetCores;
  }

  /** The next second. Returns the line that a log has for it; null: not yet. */
  add(second: ClientSecond): string | null {
    this.#first ??= second.second;
    const phase = phaseOf(second);
    // A phase that has ended has its line before the next begins.
    const isNew = this.#linePhase !== '' && phase !== this.#linePhase && this.#sinceLine.seconds > 0;
    const line = isNew ? this.#line() : null;
    this.#linePhase = phase;
    this.#last = second;
    this.#recent.add(second);
    this.#recent.keep(windowSeconds);
    for (const { counter, count } of failuresOf(second))
      this.#failures.set(counter, (this.#failures.get(counter) ?? 0) + count);
    this.#sinceLine.add(second);
    return line ?? (this.#sinceLine.seconds >= lineSeconds ? this.#line() : null);
  }

  /** What has no line yet, at the end of the load; null: nothing. */
  end(): string | null {
    return this.#sinceLine.seconds > 0 ? this.#line() : null;
  }

  /** Rates and latencies are means since the last line. */
  #line(): string {
    const window = this.#sinceLine;
    this.#sinceLine = new ProgressWindow();
    const last = this.#last;
    const failed = failuresInWords(window.failures);
    return [
      `${String(this.#elapsed).padStart(4)} s`,
      this.#linePhase.padEnd(10),
      `${last?.openConnections ?? 0} open`,
      ...this.#kinds(window).flatMap(({ name, offered, done, latency }) =>
        offered === 0 && done === 0
          ? []
          : [
              `${rate(done)} of ${rate(offered)} ${name}/s${latency.p99Ms === null ? '' : ` p99 ${milliseconds(latency.p99Ms)}`}`,
            ],
      ),
      ...(failed === '' ? [] : [failed]),
    ].join('  ');
  }

  get #elapsed(): number {
    return this.#last === null || this.#first === null ? 0 : this.#last.second - this.#first + 1;
  }

  /** Ramp and steady state; the drain ends as soon as nothing is under way. */
  get #plannedSeconds(): number {
    const { connections, connectRatePerSecond, steadySeconds } = this.#of.workload;
    return connections / connectRatePerSecond + steadySeconds;
  }

  /** A few lines, none wider than `columns`. */
  panel(columns: number): string[] {
    const share = Math.min(1, this.#elapsed / this.#plannedSeconds);
    const left = Math.max(0, Math.ceil(this.#plannedSeconds - this.#elapsed));
    const filled = Math.round(share * barCells);
    const bar = `${'█'.repeat(filled)}${'░'.repeat(barCells - filled)}`;
    const phase = this.#last === null ? 'starting' : phaseOf(this.#last);
    const lines = [
      ...(this.#of.what === '' ? [] : [this.#of.what]),
      `${phase.padEnd(10)} ${bar} ${percent(share).padStart(4)}  ${this.#elapsed} s, ${left > 0 ? `about ${left} s left` : 'ending'}`,
      `${String(this.#last?.openConnections ?? 0)} of ${this.#of.workload.connections} connections open`,
      ...this.#kinds(this.#recent).flatMap((kind) => (kind.planned ? [kindLine(kind)] : [])),
      `errors     ${failuresInWords([...this.#failures].map(([counter, count]) => ({ counter, count }))) || 'none'}`,
      `CPU        ${this.#cpu()}`,
    ];
    return lines.map((line) => line.slice(0, columns));
  }

  #cpu(): string {
    const share = this.#recent.generatorShare;
    const cores = this.#targetCores();
    return [
      `load generator ${share === null ? 'not known yet' : `${percent(share)} of a core a thread`}`,
      ...(cores === null ? [] : [`target ${cores.toFixed(2)} cores`]),
    ].join(', ');
  }

  #kinds(window: ProgressWindow): Kind[] {
    const { workload, slo } = this.#of;
    const connecting = (this.#last?.counters.connectsIntended ?? 0) > 0;
    return [
      {
        ...{ name: 'connects', offered: window.rate('connectsIntended'), done: window.rate('connectsOpened') },
        ...{ latency: window.latency('connectMicros'), sloMs: slo.connectP99Ms, planned: connecting },
      },
      {
        ...{ name: 'messages', offered: window.rate('messagesIntended'), done: window.rate('messagesAnswered') },
        ...{
          latency: window.latency('roundTripMicros'),
          sloMs: slo.roundTripP99Ms,
          planned: workload.messageRatePerSecond > 0,
        },
      },
      {
        ...{ name: 'webhooks', offered: window.rate('webhooksIntended'), done: window.rate('webhooksAccepted') },
        ...{ latency: window.latency('webhookMicros'), sloMs: null },
        planned: workload.webhookRatePerSecond > 0 || workload.burstRatePerSecond > 0,
      },
      {
        ...{ name: 'pushes', offered: window.rate('pushesExpected'), done: window.rate('pushesDelivered') },
        ...{ latency: window.latency('deliveryMicros'), sloMs: slo.deliveryP99Ms },
        planned: workload.webhookRatePerSecond > 0 || workload.burstRatePerSecond > 0,
      },
      {
        ...{ name: 'publishes', offered: window.rate('publishesIntended'), done: window.rate('publishesAnswered') },
        ...{
          latency: window.latency('fanOutMicros'),
          sloMs: slo.deliveryP99Ms,
          planned: window.rate('publishesIntended') > 0,
        },
      },
    ];
  }
}

interface Kind {
  name: string;
  /** Due and done, per second. */
  offered: number;
  done: number;
  latency: WindowLatency;
  /** Of its p99. */
  sloMs: number | null;
  planned: boolean;
}

function kindLine({ name, offered, done, latency: { p50Ms, p99Ms }, sloMs }: Kind): string {
  const slo = sloMs === null ? '' : ` of ${milliseconds(sloMs)}${p99Ms !== null && p99Ms > sloMs ? ' !' : ''}`;
  const latency =
    p50Ms === null || p99Ms === null ? '' : `  p50 ${milliseconds(p50Ms)}  p99 ${milliseconds(p99Ms)}${slo}`;
  return `${name.padEnd(10)} ${rate(done)} of ${rate(offered)}/s${latency}`;
}

const phaseNames = {
  connecting: 'ramp',
  steady: 'steady',
  draining: 'drain',
  closing: 'closing',
  done: 'done',
} as const;
const phaseOf = ({ phases }: ClientSecond): string => phases.map((phase) => phaseNames[phase]).join('+');

const rate = (perSecond: number): string =>
  perSecond >= 100 ? String(Math.round(perSecond)) : String(Number(perSecond.toPrecision(2)));

/** `messagesTimedOut` → "messages timed out". */
const kindOf = (counter: string): string => counter.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** Kinds that are shown; the report has them all. */
const mostKinds = 3;

function failuresInWords(all: readonly { counter: string; count: number }[]): string {
  const failures = all.toSorted((a, b) => b.count - a.count);
  const shown = failures.slice(0, mostKinds).map(({ counter, count }) => `${count} ${kindOf(counter)}`);
  return [...shown, ...(failures.length > mostKinds ? ['…'] : [])].join(', ');
}

/** A search's own line above the panel of its trial. */
export function searchProgress(search: {
  trial: number;
  expected: number;
  load: string;
  bracket: string;
  /** Null before the first trial has ended. */
  leftSeconds: number | null;
}): string {
  const { trial, expected, load, bracket, leftSeconds } = search;
  const left = leftSeconds === null ? '' : `, about ${inMinutes(leftSeconds)} left`;
  return `Trial ${trial} of about ${Math.max(trial, expected)}: ${load}; bracket ${bracket}${left}`;
}

const inMinutes = (seconds: number): string =>
  seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
