/**
 * What one process of the target does beyond serving: the latency profile, and the faults that are set. Nothing is decided by
 * the clock but whether a fault is on: which operations it meets follows from its seed and their order.
 */
import type { MetricBatch } from '../process/messages.ts';
import { TokenBucket } from '../quota/token-bucket.ts';
import type { InterferenceConfiguration } from './configuration.ts';
import { delayAt } from './delay.ts';
import type { Caller, CrashMoment, SetFault } from './faults.ts';
import { LatencyDraws, namedLatencyProfile, operationMatcher } from './latency-profile.ts';
import { draw, streamOf } from './random.ts';
import { failureOf, type Service, type ServiceError, throttleOf } from './services.ts';

/** One operation of a service, as patterns match it. */
export interface Call {
  service: Service;
  operation: string;
  caller?: Caller;
}

/** What becomes of an operation that a fault has met. */
export type Effect =
  | { kind: 'refuse'; throttled: boolean; error: ServiceError }
  /** `ended` settles when the fault ends. */
  | { kind: 'lostRequest' | 'lostAnswer'; way: 'hang' | 'reset'; ended: Promise<void> }
  | { kind: 'crash'; when: CrashMoment; afterMs: number };
export interface Decision {
  /** Milliseconds before anything else happens. */
  delayMs: number;
  effect: Effect | null;
}

export interface Disconnection {
  way: 'close' | 'reset';
  code: number;
}

type EventKind = 'duplicateDelivery' | 'delayedDelivery' | 'lostDisconnect';

interface FaultState {
  fault: SetFault;
  /** One for each pattern of operations. */
  matchers: readonly ((operation: string) => boolean)[];
  /** Operations it has looked at, and how often it fired. */
  met: number;
  fired: number;
  stream: number;
  delayStream: number;
  bucket: TokenBucket | null;
  ended: PromiseWithResolvers<void>;
  timer: NodeJS.Timeout | null;
  /** `disconnect`: rounds that are over. */
  rounds: number;
}

const namespace = 'Loadline/Local';
/** Kinds that meet operations; the others meet messages, disconnects and connections. */
const onOperations: ReadonlySet<SetFault['kind']> = new Set([
  'latency',
  'error',
  'throttle',
  'partition',
  'lostAnswer',
  'crash',
] as const);

export class Interference {
  /** False when there is no profile and no fault: then nothing needs to be asked. */
  active = false;
  #latencies: LatencyDraws;
  #process: string;
  #nowMs: () => number;
  #states: FaultState[] = [];
  #fired = new Map<string, number>();

  /** @param options `process` names the process, each of which draws from its own streams; `nowMs` is ms since the epoch. */
  constructor(configuration: InterferenceConfiguration, options: { process: string; nowMs: () => number }) {
    this.#process = options.process;
    this.#nowMs = options.nowMs;
    this.#latencies = new LatencyDraws(configuration.latency, configuration.seed, options.process);
    this.setFaults(configuration.faults);
  }

  get faults(): readonly SetFault[] {
    return this.#states.map(({ fault }) => fault);
  }

  /** Replaces the faults. One that stays goes on where it was; one that is gone has ended. */
  setFaults(faults: readonly SetFault[]): void {
    const before = this.#states;
    this.#states = faults.map(
      (fault) =>
        before.find(({ fault: known }) => known.name === fault.name && known.setAtMs === fault.setAtMs) ??
        this.#stateOf(fault),
    );
    for (const state of before) if (!this.#states.includes(state)) end(state);
    this.active = this.#latencies.any || this.#states.length > 0;
  }

  /** Milliseconds that the profile has this operation take. */
  latencyMs(service: Service, operation: string): number {
    return this.#latencies.any ? this.#latencies.next(service, operation) : 0;
  }

  /**
   * What the faults do to this operation; null when nothing. Every fault that it matches draws, whatever the others do, so
   * that a fault more changes nothing for the rest. Delays add up; of what is exclusive, the first in the list wins.
   */
  decide(call: Call): Decision | null {
    if (this.#states.length === 0) return null;
    let decision: Decision | null = null;
    for (const state of this.#states) {
      const { fault } = state;
      if (!onOperations.has(fault.kind) || !this.#meets(state, call)) continue;
      if (fault.kind === 'latency') {
        decision ??= { delayMs: 0, effect: null };
        decision.delayMs += delayAt(fault.delay, draw(fault.seed, state.delayStream, state.fired));
        this.#count(state);
        continue;
      }
      if (decision?.effect) continue;
      const effect = effectOf(state, call.service);
      if (effect === null) continue;
      decision = { delayMs: decision?.delayMs ?? 0, effect };
      this.#count(state);
    }
    return decision;
  }

  /** Whether a fault of this kind meets this one message or event; the fault itself, for what it says. */
  meets<Kind extends EventKind>(kind: Kind, call: Call): Extract<SetFault, { kind: Kind }> | null {
    for (const state of this.#states) {
      if (state.fault.kind !== kind || !this.#meets(state, call)) continue;
      this.#count(state);
      return state.fault as Extract<SetFault, { kind: Kind }>;
    }
    return null;
  }

  /** Which of so many connections are to be closed now, by their place in the order of their handshakes. */
  disconnections(connections: number): ReadonlyMap<number, Disconnection> {
    const chosen = new Map<number, Disconnection>();
    for (const state of this.#states) {
      const { fault } = state;
      if (fault.kind !== 'disconnect' || !this.#isOn(state)) continue;
      const elapsedMs = this.#nowMs() - fault.setAtMs - fault.startSeconds * 1_000;
      const due = fault.everySeconds === undefined ? 1 : Math.floor(elapsedMs / (fault.everySeconds * 1_000)) + 1;
      if (state.rounds >= due) continue;
      state.rounds = due;
      for (let place = 0; place < connections; place++) {
        if (this.#draws(state)) {
          chosen.set(place, { way: fault.way, code: fault.code });
          this.#count(state);
        }
      }
    }
    return chosen;
  }

  /** How often each fault has fired since the last call, for the metric FaultsFired. */
  drain(timestampMs: number): MetricBatch[] {
    if (this.#fired.size === 0) return [];
    const batches = [...this.#fired].map(([Fault, count]) => ({
      namespace,
      name: faultsFired,
      dimensions: { Fault },
      unit: 'Count',
      timestampMs,
      values: [count],
    }));
    this.#fired.clear();
    return batches;
  }

  close(): void {
    this.setFaults([]);
  }

  #stateOf(fault: SetFault): FaultState {
    const stream = (purpose: string) => streamOf(`${purpose} ${fault.name} ${this.#process}`);
    const state: FaultState = {
      fault,
      matchers: fault.operation.map(operationMatcher),
      met: 0,
      fired: 0,
      stream: stream('fault'),
      delayStream: stream('delay'),
      bucket: null,
      ended: Promise.withResolvers<void>(),
      timer: null,
      rounds: 0,
    };
    const { durationSeconds } = fault;
    if (durationSeconds !== undefined) {
      const endsAtMs = fault.setAtMs + (fault.startSeconds + durationSeconds) * 1_000;
      state.timer = setTimeout(() => end(state), Math.max(0, endsAtMs - this.#nowMs()));
      state.timer.unref();
    }
    if (fault.kind === 'throttle' && fault.quota) state.bucket = new TokenBucket(fault.quota, this.#nowMs());
    return state;
  }

  #meets(state: FaultState, { service, operation, caller = 'others' }: Call): boolean {
    const { fault } = state;
    if (fault.service !== service || !this.#isOn(state)) return false;
    if (fault.callers !== 'everyone' && fault.callers !== caller) return false;
    if (!state.matchers.some((matches) => matches(operation))) return false;
    // A quota takes a token of every operation, whatever the share.
    if (state.bucket) return this.#draws(state) && !state.bucket.take(this.#nowMs());
    return this.#draws(state);
  }

  #draws(state: FaultState): boolean {
    const { fault } = state;
    const sequence = state.met;
    state.met += 1;
    if (sequence < fault.skip || (fault.most !== undefined && state.fired >= fault.most)) return false;
    return draw(fault.seed, state.stream, sequence) < fault.share;
  }

  #isOn({ fault }: FaultState): boolean {
    const elapsedSeconds = (this.#nowMs() - fault.setAtMs) / 1_000 - fault.startSeconds;
    return elapsedSeconds >= 0 && (fault.durationSeconds === undefined || elapsedSeconds < fault.durationSeconds);
  }

  #count(state: FaultState): void {
    state.fired += 1;
    const { name } = state.fault;
    this.#fired.set(name, (this.#fired.get(name) ?? 0) + 1);
  }
}

/** Name of the metric in Loadline/Local, with the dimension Fault. */
export const faultsFired = 'FaultsFired';

/** That of a process. Without a configuration it does nothing until a fault is set. */
export function startInterference(configuration: InterferenceConfiguration | undefined, process: string): Interference {
  const idle = { latency: namedLatencyProfile('none'), seed: 0, faults: [] };
  return new Interference(configuration ?? idle, { process, nowMs: Date.now });
}

function effectOf(state: FaultState, service: Service): Effect | null {
  const { fault, ended } = state;
  switch (fault.kind) {
    case 'error': {
      const usual = failureOf(service);
      const error = {
        type: fault.error ?? usual.type,
        // An error of its own name is the client's, as most are, unless the status says otherwise.
        status: fault.status ?? (fault.error === undefined ? usual.status : 400),
        message: fault.message ?? usual.message,
      };
      return { kind: 'refuse', throttled: false, error };
    }
    case 'throttle':
      return { kind: 'refuse', throttled: true, error: throttleOf(service) };
    case 'partition':
      return { kind: 'lostRequest', way: fault.way, ended: ended.promise };
    case 'lostAnswer':
      return { kind: 'lostAnswer', way: fault.way, ended: ended.promise };
    case 'crash':
      return { kind: 'crash', when: fault.when, afterMs: fault.afterMs };
    default:
      return null;
  }
}

function end(state: FaultState): void {
  if (state.timer) clearTimeout(state.timer);
  state.ended.resolve();
}
