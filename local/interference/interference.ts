/**
 * Interference of one process of the target: the latency profile and the active faults. The clock only
 * determines whether a fault is active: which operations it affects follows from its seed and their order.
 */
import type { MetricBatch } from '../process/messages.ts';
import type { InterferenceConfiguration } from './configuration.ts';
import { type Call, type Effect, FaultState } from './fault-state.ts';
import type { SetFault, TaskEnd } from './faults.ts';
import { LatencyDraws, namedLatencyProfile } from './latency-profile.ts';
import type { Service } from './services.ts';

export interface Decision {
  /** Milliseconds before anything else happens. */
  delayMs: number;
  effect: Effect | null;
}

export interface Disconnection {
  way: 'close' | 'reset';
  code: number;
}

type EventKind = 'duplicateDelivery' | 'delayedDelivery' | 'partialFailure' | 'lostDisconnect';

const namespace = 'Loadline/Local';
/** Name of the metric, with the dimension Fault. */
export const faultsFired = 'FaultsFired';
/** Kinds that affect operations; the others affect messages, entries of batches, disconnects and connections. */
const onOperations: ReadonlySet<SetFault['kind']> = new Set([
  'latency',
  'error',
  'throttle',
  'partition',
  'lostAnswer',
  'crash',
  'failover',
] as const);

export class Interference {
  /** False without a profile and faults: then nothing needs to be checked. */
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

  /** Replaces the faults. One that stays keeps its state; a removed one has ended. */
  setFaults(faults: readonly SetFault[]): void {
    const before = this.#states;
    this.#states = faults.map(
      (fault) =>
        before.find(({ fault: known }) => known.name === fault.name && known.setAtMs === fault.setAtMs) ??
        new FaultState(fault, this.#process, this.#nowMs),
    );
    for (const state of before) if (!this.#states.includes(state)) state.end();
    this.active = this.#latencies.any || this.#states.length > 0;
  }

  /** Latency of this operation by the profile, in milliseconds. */
  latencyMs(service: Service, operation: string): number {
    return this.#latencies.any ? this.#latencies.next(service, operation) : 0;
  }

  /**
   * The effect of the faults on this operation; null if none. Every matching fault draws, regardless of the others, so
   * that adding a fault changes nothing for the rest. Delays add up; of exclusive effects, the first in the list wins.
   */
  decide(call: Call): Decision | null {
    if (this.#states.length === 0) return null;
    let decision: Decision | null = null;
    for (const state of this.#states) {
      const { kind } = state.fault;
      if (!onOperations.has(kind) || !state.meets(call)) continue;
      if (kind !== 'latency' && decision?.effect) continue;
      decision ??= { delayMs: 0, effect: null };
      decision.delayMs += state.delayMs();
      decision.effect ??= state.effectOn(call.service);
      this.#count(state);
    }
    return decision;
  }

  /** The fault of this kind that affects this message or event, if any. */
  meets<Kind extends EventKind>(kind: Kind, call: Call): Extract<SetFault, { kind: Kind }> | null {
    for (const state of this.#states) {
      if (state.fault.kind !== kind || !state.meets(call)) continue;
      this.#count(state);
      return state.fault as Extract<SetFault, { kind: Kind }>;
    }
    return null;
  }

  /** Which of this many connections to close now, by their position in the order of handshakes. */
  disconnections(connections: number): ReadonlyMap<number, Disconnection> {
    const chosen = new Map<number, Disconnection>();
    for (const state of this.#states) {
      const { fault } = state;
      if (fault.kind !== 'disconnect' || !state.beginRound()) continue;
      for (let place = 0; place < connections; place++) {
        if (!state.draws()) continue;
        chosen.set(place, { way: fault.way, code: fault.code });
        this.#count(state);
      }
    }
    return chosen;
  }

  /** Which of a service's running tasks to end now, by their place. A deployment has one entry. */
  taskStops(service: string, running: number): { place: number; way: TaskEnd }[] {
    const chosen: { place: number; way: TaskEnd }[] = [];
    for (const state of this.#states) {
      const { fault } = state;
      if (fault.kind !== 'taskStop' || running === 0 || !state.matches(service) || !state.beginRound()) continue;
      const tasks = fault.way === 'deploy' ? 1 : fault.tasks;
      for (let place = 0, left = tasks; place < running && left > 0; place++) {
        if (!state.draws()) continue;
        chosen.push({ place, way: fault.way });
        left -= 1;
        this.#count(state);
      }
    }
    return chosen;
  }

  /** How this database, by its logical id, fails over now; null: it does not. A fault fires once. */
  failover(database: string): 'cut' | 'kill' | null {
    let way: 'cut' | 'kill' | null = null;
    for (const state of this.#states) {
      const { fault } = state;
      if (fault.kind !== 'failover' || fault.service !== 'rds' || !state.isOn || !state.matches(database)) continue;
      way = fault.way === 'kill' ? 'kill' : (way ?? fault.way);
      if (state.beginRound()) this.#count(state);
    }
    return way;
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

  #count(state: FaultState): void {
    state.fired += 1;
    const { name } = state.fault;
    this.#fired.set(name, (this.#fired.get(name) ?? 0) + 1);
  }
}

/** The interference of a process. Without a configuration it does nothing until a fault is set. */
export function startInterference(configuration: InterferenceConfiguration | undefined, process: string): Interference {
  const idle = { latency: namedLatencyProfile('none'), seed: 0, faults: [] };
  return new Interference(configuration ?? idle, { process, nowMs: Date.now });
}
