/**
 * One benchmark run: target up, load applied, CloudWatch collected, report made, everything stopped.
 * Each stage leaves its files in the run folder; whatever happens, a report is made from what is there.
 */
import { join } from 'node:path';
import { concealer, concealTexts } from '../engine/src/concealment.ts';
import { collectCloudWatch } from '../metrics/collect.ts';
import { joinObservation } from '../metrics/join.ts';
import { type ClientMeasurements, undeliveredIds } from '../metrics/measurements.ts';
import { waitUntilSettled } from '../metrics/settle.ts';
import { type Collection, writeCollection } from '../record/collection.ts';
import { folderProblem } from '../record/folder-problem.ts';
import { RunFileError } from '../record/json-file.ts';
import type { Observation } from '../record/observation.ts';
import { writeObservation } from '../record/observation-file.ts';
import type { RunRecord } from '../record/run.ts';
import { runFileNames, writeRun } from '../record/run-folder.ts';
import type { MeasuredTarget } from '../record/target.ts';
import type { Report } from '../reports/report.ts';
import { type BeforeLoad, readBeforeLoad } from './before-load.ts';
import { messageOf } from './errors.ts';
import { concludeRun } from './folder-report.ts';
import { disconnectAll, type PlannedDisconnect } from './load/disconnect-fault.ts';
import { applyLoad, type LoadOutcome, type LoadRequest, longestIdleSeconds } from './load/load.ts';
import { followProgress, type ProgressSink, type Say } from './load/progress.ts';
import { periodSecondsOf, readMeasurements, windowOf, withoutCloudWatch } from './observation.ts';
import { withDeployment } from './request/deployment.ts';
import { routesSentBy } from './request/sent-routes.ts';
import { modelAfterRun } from './target/fired-faults.ts';
import { type RunningTarget, startTarget, type TargetChoice } from './target/running-target.ts';
import { whyTargetFailed } from './target/why-failed.ts';

type Outcome = RunRecord['outcome'];

export interface BenchmarkRequest {
  folder: string;
  /** run.json before the start. */
  run: RunRecord;
  scenarioFile: string;
  fleets: number;
  /** Variables of the scenario that are not the workload's. */
  variables?: Record<string, string>;
  /** The values of those that are recorded as env:NAME or file:PATH. */
  secretVariables?: Record<string, string>;
  /** What no file may contain, beyond what is secret of an endpoint. */
  secrets?: readonly string[];
  /** When a local target closes every connection, in seconds of the steady state; null: it does not. */
  disconnectAtSeconds?: number | null;
  target: TargetChoice;
  /** Aborted by the first Ctrl-C or SIGTERM; its reason is the signal's name. */
  signal: AbortSignal;
  say: Say;
  /** Shows how the load goes on; default: nobody does. */
  progress?: ProgressSink;
  /** How the load is applied; default: by Artillery, whose own count is then compared with the client's. */
  applyLoad?: (request: LoadRequest) => Promise<LoadOutcome>;
}

export interface BenchmarkResult {
  report: Report;
  /** run.json as it was left. */
  run: RunRecord;
}

/** After an interruption the run does not wait for late metrics. */
const quickCollectionMs = 3_000;

/**
 * Runs it. Does not throw for what goes wrong during the run: that is in the report and in the exit code.
 * Throws a RunFileError when the folder cannot be written at all: then nothing has been started.
 */
export async function runBenchmark(request: BenchmarkRequest): Promise<BenchmarkResult> {
  const { folder, say, signal } = request;
  let run = request.run;
  await writeRun(folder, run);
  let observation: Observation | null = null;
  const outcome = await attempt('target', async () => {
    say('Starting the target …');
    const target = await startTarget(request.target, join(folder, runFileNames.logs), signal);
    try {
      run = withDeployment({
        ...run,
        target: describedTarget(run, target),
        ...routesSentBy(request.scenarioFile, target, secretsOf(request)),
      });
      await writeRun(folder, run);
      const measured = await loadAndCollect(request, run, target);
      observation = measured.observation;
      if (measured.clock !== null) run = { ...run, ...loadTimes(measured.clock) };
      run = { ...run, target: { ...run.target, model: await modelAfterRun(target.description) } };
      return measured.outcome;
    } finally {
      const killed = await target.stop();
      if (killed.length > 0) say(`${killed.join(', ')} of the local target did not end, and had to be killed.`);
    }
  });
  const ended = signal.aborted ? outcomeOfAbort(signal.reason) : outcome;
  run = { ...run, outcome: concealTexts(ended, concealer(secretsOf(request))) };
  run = { ...run, endedAt: new Date().toISOString() };
  return await concludeRun(folder, { run, observation, say });
}

/** A signal's name, or an error of this program's own that nothing had caught. */
const outcomeOfAbort = (reason: unknown): Outcome =>
  reason instanceof Error
    ? { kind: 'crashed', part: 'loadline', reason: reason.message }
    : { kind: 'interrupted', signal: String(reason) };

/** What nothing that is written or said may contain. */
export const secretsOf = ({ target, secrets = [] }: Pick<BenchmarkRequest, 'target' | 'secrets'>): string[] => [
  ...secrets,
  ...(target.kind === 'endpoint' || target.kind === 'template' ? target.description.secrets : []),
];

type ClientClock = ClientMeasurements['clock'];

/** The client's clock and the observation are null where the load never began or its records cannot be read. */
interface Measured {
  outcome: LoadOutcome;
  clock: ClientClock | null;
  observation: Observation | null;
}

async function loadAndCollect(request: BenchmarkRequest, run: RunRecord, target: RunningTarget): Promise<Measured> {
  const { folder, say, signal } = request;
  const inside = insideOf(target.description);
  const before = await readBeforeLoad(inside, { target, signal });
  const { connections, steadySeconds } = run.workload;
  say(
    `Target ${inside?.kind ?? target.description.kind} is up. Load: ${connections} connections, ${steadySeconds} s of steady state. Run folder: ${folder}`,
  );
  const idleSeconds = longestIdleSeconds(run.workload);
  if (idleSeconds > target.webSocketIdleSeconds)
    say(
      `Connections stay idle for up to ${Math.round(idleSeconds)} s, but API Gateway closes them after ${target.webSocketIdleSeconds} s: raise --message-rate or --connect-rate.`,
    );
  const progress = new AbortController();
  const progressShown =
    request.progress === undefined
      ? null
      : followProgress(join(folder, runFileNames.client), request.progress, progress.signal).catch((error: unknown) => {
          // Only for a waiting person: the run goes on, and the same file is read again at its end.
          say(`Progress cannot be shown: ${messageOf(error)}`);
        });
  const disconnect = plannedDisconnect(request, target);
  const clientRecords = join(folder, runFileNames.client);
  const disconnected = disconnect
    ? disconnectAll(disconnect, { clientRecords, say, signal: progress.signal }).then(() => null, messageOf)
    : null;
  const applied = await (request.applyLoad ?? applyLoad)({
    ...request,
    runId: run.runId,
    // The target does it: the client must not do it as well.
    variables: { ...request.variables, ...(disconnect && { dropAllAtSeconds: '' }) },
    scenario: request.scenarioFile,
    workload: run.workload,
    target,
  }).finally(() => progress.abort());
  await progressShown;
  const outcome = signal.aborted ? applied : await withCause(applied, { folder, target });
  const notDisconnected = await disconnected;
  if (notDisconnected) {
    const reason = `its connections could not be closed: ${notDisconnected}`;
    const client = await readMeasurements(folder).catch(() => null);
    return { outcome: { kind: 'crashed', part: 'target', reason }, clock: client?.clock ?? null, observation: null };
  }
  const measured: Pick<Measured, 'clock' | 'observation'> = { clock: null, observation: null };
  const collected = await attempt('collector', async () => {
    const client = await readMeasurements(folder);
    if (client === null) return outcome;
    measured.clock = client.clock;
    const collection = await collect(request, { run, target, client, before, outcome }).catch((error: unknown) => {
      // What went wrong first is what the report must say.
      if (outcome.kind === 'completed') throw error;
      return withoutCloudWatch(run, client, `it could not be collected: ${messageOf(error)}`);
    });
    if (collection === null) return outcome;
    await writeCollection(folder, collection);
    const observation = joinObservation({ runId: run.runId, client, collection });
    await writeObservation(folder, observation);
    measured.observation = observation;
    return outcome;
  });
  const isOfCollector = collected.kind === 'crashed' && collected.part === 'collector' && !signal.aborted;
  return { ...measured, outcome: isOfCollector ? await withCause(collected, { folder, target }) : collected };
}

/**
 * A load or a collection fails where a part of the target has ended or hangs, or the disk is full: then that is what the outcome names. A load that
 * completed against a part that hangs has not measured the target.
 */
async function withCause(
  outcome: LoadOutcome,
  { folder, target }: { folder: string; target: RunningTarget },
): Promise<LoadOutcome> {
  if (outcome.kind === 'crashed' && outcome.part === 'target') return outcome;
  const problem = outcome.kind === 'crashed' ? await folderProblem(folder) : null;
  if (problem !== null) return { kind: 'crashed', part: 'folder', reason: problem };
  // After a load that completed nothing is about to be noticed.
  const reason = await whyTargetFailed(target, outcome.kind === 'completed' ? { noticedWithinMs: 0 } : {});
  return reason === null ? outcome : { kind: 'crashed', part: 'target', reason };
}

/** A local target closes the connections of a storm itself; elsewhere the client drops them. */
function plannedDisconnect(
  { disconnectAtSeconds = null }: BenchmarkRequest,
  { description }: RunningTarget,
): PlannedDisconnect | null {
  const target = insideOf(description);
  if (disconnectAtSeconds === null || target?.kind !== 'local' || target.endpoints === undefined) return null;
  return { atSeconds: disconnectAtSeconds, awsUrl: target.endpoints.cloudwatch };
}

/** CloudWatch over the client's window. A target that is gone does not answer: then every series is missing, with that reason. */
async function collect(
  request: BenchmarkRequest,
  parts: {
    run: RunRecord;
    target: RunningTarget;
    client: ClientMeasurements;
    before: BeforeLoad;
    outcome: Outcome;
  },
): Promise<Collection | null> {
  const { run, client, before, outcome } = parts;
  const { signal, say } = request;
  const target = insideOf(parts.target.description);
  if (target === null) return withoutCloudWatch(run, client, '');
  if (outcome.kind === 'crashed' && outcome.part === 'target')
    return withoutCloudWatch(run, client, `the target was gone: ${outcome.reason}`);
  const interrupted = signal.aborted;
  const options = {
    target,
    ...windowOf(client),
    signal: interrupted ? AbortSignal.timeout(quickCollectionMs) : signal,
  };
  if (!interrupted) {
    say('Collecting CloudWatch metrics …');
    const settled = await waitUntilSettled({ ...options, loadEndSecond: client.clock.lastSecond + 1 });
    if (settled.kind === 'gaveUp')
      say(`CloudWatch metrics had not settled after ${Math.round(settled.waitedMs / 1_000)} s: ${settled.reason}.`);
  }
  const undelivered = interrupted ? null : undeliveredIds(client.client);
  const periodSeconds = periodSecondsOf[target.kind];
  const { failures, ...collection } = await collectCloudWatch({ ...options, periodSeconds, ...before, undelivered });
  // What functions wrote when they failed.
  return { ...collection, ...(failures && { failures: concealTexts(failures, concealer(secretsOf(request))) }) };
}

function describedTarget(run: RunRecord, { description }: RunningTarget): RunRecord['target'] {
  if (description.kind === 'endpoint') {
    const { inside, shown, entered } = description;
    return {
      ...{ ...run.target, ...shown },
      ...(description.webhooksOnly && { webSocketUrl: null }),
      ...(entered && { entered }),
      ...(inside && { graph: inside.graph, model: inside.model ?? null }),
    };
  }
  const { kind, region, webSocketUrl, webhookUrl, graph, resources, model = null } = description;
  return { kind, region, webSocketUrl, webhookUrl, graph, resources, model };
}

/** Null: nothing is known of its inside. */
const insideOf = (description: RunningTarget['description']): MeasuredTarget | null =>
  description.kind === 'endpoint' ? description.inside : description;

/** When the load began and ended, by the client's own seconds. */
function loadTimes({ firstSecond, lastSecond }: ClientClock) {
  const iso = (second: number) => new Date(second * 1_000).toISOString();
  return { loadStartedAt: iso(firstSecond), loadEndedAt: iso(lastSecond + 1) };
}

/** What goes wrong in a part is the run's outcome. */
async function attempt<O extends Outcome>(
  part: 'target' | 'collector',
  work: () => Promise<O>,
): Promise<O | LoadOutcome> {
  try {
    return await work();
  } catch (error) {
    const isOfFolder = error instanceof RunFileError && error.problem === 'unwritable';
    return { kind: 'crashed', part: isOfFolder ? 'folder' : part, reason: messageOf(error) };
  }
}
