/**
 * The engine as Artillery sees it, and nothing more: a virtual user's `fleet` step starts fleets in their own threads and
 * hands their counts to Artillery each second. Latencies travel as bucket counters (`loadline.roundTripMicros.b.1234`), because
 * counters are what Artillery adds up exactly across workers and machines.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { shareOut } from '../core/fleet/fleet-spec.ts';
import { firstUnbindable } from '../core/machine/local-address.ts';
import { maxDescriptors } from '../core/machine/machine.ts';
import { readPorts } from '../core/machine/ports.ts';
import { concealerOf } from '../processes/concealed-record.ts';
import { CrewThread } from '../processes/crew-start.ts';
import { startFleet } from '../processes/fleet-start.ts';
import type { RecordFileOrder } from '../processes/record-file.ts';
import type { ClientRecord } from '../records.ts';
import { ofFleet } from '../step/fleet-share.ts';
import { type FleetStep, parseFleetStep, type StepSurroundings } from '../step/fleet-step.ts';
import { ArtilleryMetrics, type ScenarioEvents } from './artillery-metrics.ts';
import { WorkerMetrics } from './worker-metrics.ts';
import { readWorkers } from './worker-share.ts';

interface ScenarioContext {
  vars: Record<string, unknown>;
}
type ScenarioCallback = (error: Error | null, context: ScenarioContext) => void;
interface Script {
  config: { target?: string; engines?: { loadline?: unknown } };
}
interface ScenarioSpec {
  flow?: unknown;
}
interface Helpers {
  template(value: unknown, context: ScenarioContext): unknown;
}

/** Exit codes that the engine asks Artillery for. */
const badScenarioExitCode = 2;
const failedFleetExitCode = 4;

/** Counts the virtual users of this thread: part of their fleets' names. */
let virtualUsers = 0;

export class LoadlineEngine {
  readonly #script: Script;
  readonly #helpers: Helpers;

  /** Artillery calls this in every worker. The second argument, the runner's own emitter, is not needed. */
  constructor(script: Script, _events: unknown, helpers: Helpers) {
    this.#script = script;
    this.#helpers = helpers;
  }

  createScenario(spec: ScenarioSpec, events: ScenarioEvents) {
    return (context: ScenarioContext, callback: ScenarioCallback): void => {
      events.emit('started');
      this.#run(spec, events, context).then(
        () => callback(null, context),
        (error: unknown) => {
          const failure =
            error instanceof ScenarioFailure ? error : new ScenarioFailure(String(error), failedFleetExitCode);
          if (failure.exitCode !== null) suggestExitCode(failure.exitCode);
          // Artillery prints it, and counts it by its text in what it writes with --output.
          const sentence = concealerOf([])(failure.message);
          process.stderr.write(`loadline: ${sentence}\n`);
          events.emit('error', sentence);
          callback(failure, context);
        },
      );
    };
  }

  async #run(spec: ScenarioSpec, events: ScenarioEvents, context: ScenarioContext): Promise<void> {
    const { config } = this.#script;
    const options = readWorkers(config.engines?.loadline);
    if ('problem' in options) throw new ScenarioFailure(options.problem, badScenarioExitCode);
    for (const step of readFlow(spec.flow)) {
      const vars = { ...context.vars, ...readObject(process.env.LOADLINE_VARIABLES) };
      const parsed = parseFleetStep(this.#helpers.template(step, { ...context, vars }), {
        ...surroundings(process.env.LOADLINE_TARGET_URL || config.target),
        worker: options.workers === null ? null : { count: options.workers, id: process.env.WORKER_ID ?? '' },
      });
      if (parsed.kind === 'invalid') throw new ScenarioFailure(parsed.problem, badScenarioExitCode);
      await checkAddresses(parsed.step.plan.localAddresses);
      if (parsed.step.isMember) await runMember(parsed.step, events);
      else await runFleets(parsed.step, events, options.workers);
    }
  }
}

/** Addresses already checked: thousands of virtual users use the same ones. */
const usableAddresses = new Set<string>();

async function checkAddresses(addresses: readonly string[]): Promise<void> {
  const unusable = await firstUnbindable(addresses.filter((address) => !usableAddresses.has(address)));
  if (unusable)
    throw new ScenarioFailure(
      `fleet.localAddresses: cannot bind to ${unusable.address} (${unusable.code}). Use addresses of this machine.`,
      badScenarioExitCode,
    );
  for (const address of addresses) usableAddresses.add(address);
}

const surroundings = (target: string | undefined): Omit<StepSurroundings, 'worker'> => ({
  target,
  machine: { cores: availableParallelism(), maxDescriptors: maxDescriptors(), readPorts },
  readFile: (path) => readFileSync(path, 'utf8'),
  foreign: readObject(process.env.LOADLINE_FOREIGN_TARGET),
});

/**
 * Set by whoever starts the run, for any scenario: the target's URL (LOADLINE_TARGET_URL, instead of `config.target`), variables and fields of a step, each an
 * object as JSON. In the environment, because they may hold secrets, and every user of a machine can read the arguments of a process.
 */
function readObject(json: string | undefined): Record<string, unknown> | null {
  const fields: unknown = json ? JSON.parse(json) : null;
  return typeof fields === 'object' && fields !== null ? { ...fields } : null;
}

class ScenarioFailure extends Error {
  /** Null: left to Artillery. */
  readonly exitCode: number | null;
  constructor(sentence: string, exitCode: number | null) {
    super(sentence);
    this.exitCode = exitCode;
  }
}

function readFlow(flow: unknown): unknown[] {
  if (!Array.isArray(flow) || flow.length === 0)
    throw new ScenarioFailure('flow: expected a list with at least one fleet step.', badScenarioExitCode);
  return flow.map((step: unknown) => {
    const keys = typeof step === 'object' && step !== null ? Object.keys(step) : [];
    if (typeof step === 'object' && step !== null && 'fleet' in step && keys.length === 1) return step.fleet;
    throw new ScenarioFailure(
      `flow: the loadline engine has one step, "fleet"; found ${keys.join(', ') || JSON.stringify(step)}.`,
      badScenarioExitCode,
    );
  });
}

/** Unique in the run: the worker's name and the number of the virtual user in it. */
const nameUser = () => `w${process.env.WORKER_ID ?? ''}${process.env.LOCAL_WORKER_ID ?? '0'}-v${virtualUsers++}`;
const recordFileOf = (): RecordFileOrder | null => {
  const { LOADLINE_CLIENT_RECORDS: path, LOADLINE_RUN_ID: run = '' } = process.env;
  return path === undefined ? null : { path, run };
};
const newRunTag = () => randomUUID().slice(0, 8);

async function runFleets(step: FleetStep, events: ScenarioEvents, workers: number | null): Promise<void> {
  const user = nameUser();
  const runTag = newRunTag();
  const metrics = new ArtilleryMetrics(events);
  const workerMetrics = workers !== null ? new WorkerMetrics(events) : null;
  const onRecord = (record: ClientRecord) => {
    metrics.emit(record);
    workerMetrics?.emit(record);
  };
  const abort = new AbortController();
  const { plan, ...common } = step;
  const results = await Promise.all(
    shareOut(step.load, plan.fleets).map(async (load, n) => {
      const own = ofFleet(step, n, { fleets: plan.fleets, workers: workers ?? 1 });
      const spec = { ...common, ...own, load, localAddresses: plan.localAddresses, fleet: `${user}-f${n}`, runTag };
      const options = { signal: abort.signal, onRecord };
      const result = await startFleet(plan.isolation, { spec, recordFile: recordFileOf() }, options);
      // A failed fleet stops the others: part of a load is not the load that was requested.
      if (result.kind === 'failed') abort.abort();
      return result;
    }),
  );
  const failed = results.find((result) => result.kind === 'failed');
  if (failed) throw new ScenarioFailure(failed.sentence, failedFleetExitCode);
}

/** The thread of this worker's virtual users with one connection each, and whether one of them has ever been open. */
let crew: CrewThread | null = null;
let crewHasOpened = false;

/** One connection for this virtual user. If it fails, only this virtual user fails, as in Artillery's own engines. */
async function runMember(step: FleetStep, events: ScenarioEvents): Promise<void> {
  const user = nameUser();
  if (!crew?.isOpen) {
    const metrics = new ArtilleryMetrics(events);
    crew = new CrewThread({ name: `${user}-crew`, recordFile: recordFileOf() }, (record) => {
      if ((record.counters.connectsOpened ?? 0) > 0) crewHasOpened = true;
      metrics.emit(record);
    });
  }
  const { plan, ...common } = step;
  const spec = { ...common, localAddresses: plan.localAddresses, fleet: user, runTag: newRunTag() };
  const result = await crew.join(spec);
  // Until a virtual user has connected, there is no target to measure.
  if (result.kind === 'failed') throw new ScenarioFailure(result.sentence, crewHasOpened ? null : failedFleetExitCode);
}

/** The only way an engine can make `artillery run` exit with a code other than 0. */
function suggestExitCode(code: number): void {
  const { artillery } = globalThis as { artillery?: { suggestedExitCode?: number } };
  if (artillery) artillery.suggestedExitCode = code;
}
