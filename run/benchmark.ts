/**
 * One benchmark run: target up, load applied, CloudWatch collected, report made, everything stopped.
 * Each stage leaves its files in the run folder; whatever happens, a report is made from what is there.
 */
import { join } from 'node:path';
import { collectCloudWatch } from '../metrics/collect.ts';
import { joinObservation } from '../metrics/join.ts';
import type { ClientMeasurements } from '../metrics/measurements.ts';
import { type QueuesBefore, readQueuesBefore } from '../metrics/queues.ts';
import { waitUntilSettled } from '../metrics/settle.ts';
import { type Collection, writeCollection } from '../record/collection.ts';
import { writeObservation } from '../record/observation-file.ts';
import type { RunRecord } from '../record/run.ts';
import { runFileNames, writeRun } from '../record/run-folder.ts';
import type { Report } from '../reports/report.ts';
import { writeReports } from '../reports/write.ts';
import { disconnectAll, type PlannedDisconnect } from './load/disconnect-fault.ts';
import {
  applyLoad,
  checkAgainstArtillery,
  type LoadOutcome,
  type LoadRequest,
  longestIdleSeconds,
} from './load/load.ts';
import { followProgress, type Say } from './load/progress.ts';
import { periodSecondsOf, readMeasurements, restoreObservation, windowOf, withoutCloudWatch } from './observation.ts';
import { modelAfterRun } from './target/fired-faults.ts';
import { type RunningTarget, startTarget, type TargetChoice } from './target/running-target.ts';

type Outcome = RunRecord['outcome'];

export interface BenchmarkRequest {
  folder: string;
  /** run.json before the start. */
  run: RunRecord;
  scenarioFile: string;
  fleets: number;
  /** Variables of the scenario that are not the workload's. */
  variables?: Record<string, string>;
  /** When a local target closes every connection, in seconds of the steady state; null: it does not. */
  disconnectAtSeconds?: number | null;
  target: TargetChoice;
  /** Aborted by the first Ctrl-C or SIGTERM; its reason is the signal's name. */
  signal: AbortSignal;
  say: Say;
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

/** Runs it. Does not throw for what goes wrong during the run: that is in the report and in the exit code. */
export async function runBenchmark(request: BenchmarkRequest): Promise<BenchmarkResult> {
  const { folder, say, signal } = request;
  let run = request.run;
  await writeRun(folder, run);
  const outcome = await attempt('target', async () => {
    say('Starting the target …');
    const target = await startTarget(request.target, join(folder, runFileNames.logs), signal);
    try {
      run = { ...run, target: describedTarget(run, target) };
      await writeRun(folder, run);
      const { outcome, clock } = await loadAndCollect(request, run, target);
      if (clock !== null) run = { ...run, ...loadTimes(clock) };
      run = { ...run, target: { ...run.target, model: await modelAfterRun(target.description) } };
      return outcome;
    } finally {
      await target.stop();
    }
  });
  run = { ...run, outcome: signal.aborted ? { kind: 'interrupted', signal: String(signal.reason) } : outcome };
  run = { ...run, endedAt: new Date().toISOString() };
  await writeRun(folder, run);
  await restoreObservation(folder, run.outcome.kind === 'crashed' ? run.outcome.reason : 'the run was interrupted');
  const report = await writeReports(folder);
  return { report, run };
}

type ClientClock = ClientMeasurements['clock'];

/** The outcome, and the client's clock unless the load never began or its records cannot be read. */
async function loadAndCollect(
  request: BenchmarkRequest,
  run: RunRecord,
  target: RunningTarget,
): Promise<{ outcome: Outcome; clock: ClientClock | null }> {
  const { folder, say, signal } = request;
  const queuesBefore =
    target.description.kind === 'endpoint'
      ? { deadLettered: 0, waiting: 0 }
      : await readQueuesBefore(target.description, signal);
  const { connections, steadySeconds } = run.workload;
  say(
    `Target ${target.description.kind} is up. Load: ${connections} connections, ${steadySeconds} s of steady state. Run folder: ${folder}`,
  );
  const idleSeconds = longestIdleSeconds(run.workload);
  if (idleSeconds > target.webSocketIdleSeconds)
    say(
      `Connections stay idle for up to ${Math.round(idleSeconds)} s, but API Gateway closes them after ${target.webSocketIdleSeconds} s: raise --message-rate or --connect-rate.`,
    );
  const progress = new AbortController();
  const progressShown = followProgress(join(folder, runFileNames.client), say, progress.signal).catch(
    (error: unknown) => {
      // Only the lines for a waiting person: the run goes on, and the same file is read again at its end.
      say(`Progress cannot be shown: ${messageOf(error)}`);
    },
  );
  const disconnect = plannedDisconnect(request, target);
  const clientRecords = join(folder, runFileNames.client);
  const disconnected = disconnect
    ? disconnectAll(disconnect, { clientRecords, say, signal: progress.signal }).then(() => null, messageOf)
    : null;
  const outcome = await (request.applyLoad ?? applyLoad)({
    ...request,
    // The target does it: the client must not do it as well.
    variables: { ...request.variables, ...(disconnect && { dropAllAtSeconds: '' }) },
    scenario: request.scenarioFile,
    workload: run.workload,
    target,
  });
  progress.abort();
  await progressShown;
  const notDisconnected = await disconnected;
  if (notDisconnected) {
    const reason = `its connections could not be closed: ${notDisconnected}`;
    const client = await readMeasurements(folder).catch(() => null);
    return { outcome: { kind: 'crashed', part: 'target', reason }, clock: client?.clock ?? null };
  }
  const clocks: ClientClock[] = [];
  const collected = await attempt('collector', async () => {
    const client = await readMeasurements(folder);
    if (client === null) return outcome;
    clocks.push(client.clock);
    const collection = await collect(request, { run, target, client, queuesBefore, outcome }).catch(
      (error: unknown) => {
        // What went wrong first is what the report must say.
        if (outcome.kind === 'completed') throw error;
        return withoutCloudWatch(run, client, `it could not be collected: ${messageOf(error)}`);
      },
    );
    if (collection === null) return outcome;
    await writeCollection(folder, collection);
    await writeObservation(folder, joinObservation({ runId: run.runId, client, collection }));
    if (outcome.kind === 'completed' && request.applyLoad === undefined) checkAgainstArtillery(folder, client);
    return outcome;
  });
  return { outcome: collected, clock: clocks[0] ?? null };
}

/** A local target closes the connections of a storm itself; elsewhere the client drops them. */
function plannedDisconnect(
  { disconnectAtSeconds = null }: BenchmarkRequest,
  { description }: RunningTarget,
): PlannedDisconnect | null {
  if (disconnectAtSeconds === null || description.kind !== 'local' || description.endpoints === undefined) return null;
  return { atSeconds: disconnectAtSeconds, awsUrl: description.endpoints.cloudwatch };
}

/** CloudWatch over the client's window. A target that is gone does not answer: then every series is missing, with that reason. */
async function collect(
  { signal, say }: BenchmarkRequest,
  parts: {
    run: RunRecord;
    target: RunningTarget;
    client: ClientMeasurements;
    queuesBefore: QueuesBefore;
    outcome: Outcome;
  },
): Promise<Collection | null> {
  const { run, client, queuesBefore, outcome } = parts;
  const target = parts.target.description;
  if (target.kind === 'endpoint') return withoutCloudWatch(run, client, '');
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
  return await collectCloudWatch({ ...options, periodSeconds: periodSecondsOf[target.kind], queuesBefore });
}

function describedTarget(run: RunRecord, { description }: RunningTarget): RunRecord['target'] {
  if (description.kind === 'endpoint') {
    const { kind, webSocketUrl, webhookUrl } = description;
    return { ...run.target, kind, webSocketUrl, webhookUrl };
  }
  const { kind, region, webSocketUrl, webhookUrl, resources, model = null } = description;
  return { kind, region, webSocketUrl, webhookUrl, resources, model };
}

/** When the load began and ended, by the client's own seconds. */
function loadTimes({ firstSecond, lastSecond }: ClientClock) {
  const iso = (second: number) => new Date(second * 1_000).toISOString();
  return { loadStartedAt: iso(firstSecond), loadEndedAt: iso(lastSecond + 1) };
}

/** What goes wrong in a part is the run's outcome. */
async function attempt(part: 'target' | 'collector', work: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    return { kind: 'crashed', part, reason: messageOf(error) };
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
