/** Finds one known bottleneck of a target: by a search, or by trials on both sides of the truth. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { flatObjectives } from '../../capacity/demand/route-objectives.ts';
import {
  attributeBottleneck,
  type FunctionUse,
  type Bottleneck as Named,
  type TrialEvidence,
} from '../../capacity/search/bottleneck.ts';
import { StandstillWatch } from '../../local/process/standstill.ts';
import { faultsFileSchema } from '../../local/start.ts';
import { type Workload, workloadSchema } from '../../record/workload.ts';
import { newRunRecord } from '../../run/request/run-record.ts';
import type { RunRequest } from '../../run/request/run-request.ts';
import { runSearch, runTrial, type SearchRequest } from '../../run/search/search.ts';
import { newSearch, type SearchRecord } from '../../run/search/search-folder.ts';
import { startLocalTarget } from '../../run/target/local-target.ts';
import { startTarget } from '../../run/target/running-target.ts';
import { parseSettings } from '../../stack/settings/settings.ts';
import type { Bottleneck } from './bottlenecks.ts';
import { applyDirectly, directScenario } from './direct-load.ts';
import { planOf } from './plan.ts';

/** Tolerated error of a capacity, as a share of the truth. */
const tolerance = 0.05;
export interface Finding {
  name: string;
  /** The search converged, or all trials of the bracket were run. */
  complete: boolean;
  named: Named | null;
  namedRightly: boolean;
  lower: number;
  /** Calculated load that the lowered limit carries. */
  truth: number;
  /** The capacity found, or the bracket, agrees with the truth. */
  agrees: boolean;
  /** The result compared with the truth, in one sentence. */
  sentence: string;
  trials: number;
  /** Longest pause of this machine while the result's trials ran, in milliseconds; 0: none. */
  standstillMs: number;
}

export interface FindOptions {
  signal: AbortSignal;
  say: (line: string) => void;
}

/** A search from three quarters of the truth: the capacity must be within {@link tolerance}, and the bottleneck named. */
export async function findBottleneck(bottleneck: Bottleneck, { signal, say }: FindOptions): Promise<Finding> {
  return await withSearch(bottleneck, { signal, say }, async (search, start) => {
    const { folder, request } = search;
    // Cold starts of the first load would be mistaken for the limit.
    await applyDirectly({
      ...{
        folder,
        runId: search.search.searchId,
        scenario: 'direct',
        workload: workloadOf(bottleneck.load),
        fleets: 1,
        signal,
      },
      target: await startTarget(request.target, folder, signal),
    });
    const width = 0.03;
    const settings = { start, max: start * 4, width, ...(bottleneck.variable === 'connections' && { resolution: 1 }) };
    const [found, standstillMs] = await watched(() => runSearch({ ...search, search: { ...search.search, settings } }));
    const truth = bottleneck.truth(meanSecondsIn(found.trials.flatMap(({ evidence }) => evidence?.functions ?? [])));
    const { kind, lower, bottleneck: named, trials } = found;
    const error = lower / truth - 1;
    return {
      ...{ name: bottleneck.name, complete: kind === 'found', named, lower, truth, trials: trials.length },
      namedRightly: isExpected(bottleneck.expected, named),
      agrees: Math.abs(error) <= tolerance,
      sentence: `${lower.toFixed(1)} carried, truth ${truth.toFixed(1)} (${(100 * error).toFixed(1)}%)`,
      standstillMs,
    };
  });
}

/** Distance of the bracket's trials below and above the truth, as a share of it. */
const margin = 0.07;
/** Trials on a side of the truth that must agree. */
const agreeing = 2;
const maxRepeats = 3;
/** Steady state of the trial that measures the functions, at most. */
const calibrationSeconds = 8;

/**
 * Trials just above the truth, which must fail and name the limit, and just below it, which must pass. Two that agree decide a side; where the
 * first two differ, a third does.
 */
export async function bracketBottleneck(bottleneck: Bottleneck, options: FindOptions): Promise<Finding> {
  return await withSearch(bottleneck, options, async (search, start) => {
    const { workload } = search.search;
    const steadySeconds = Math.min(workload.steadySeconds, calibrationSeconds);
    // Cold starts may fail this one: it only measures how long the functions take.
    const first = await runTrial(
      { ...search, search: { ...search.search, workload: { ...workload, steadySeconds } } },
      start,
    );
    const truth = bottleneck.truth(meanSecondsIn(first.evidence.functions));
    const resolve = (load: number) => (bottleneck.variable === 'connections' ? Math.round(load) : load);
    // Those above come first: they start every environment that the limit admits, and no cold start falls into those below.
    const above = await decideSide(search, resolve(truth * (1 + margin)), options);
    const below = await decideSide(search, resolve(truth * (1 - margin)), options);
    const { trials } = above;
    const named = attributeBottleneck(evidenceOf(trials.filter(({ passed }) => !passed)), evidenceOf(below.trials));
    return {
      ...{ name: bottleneck.name, complete: true, named, lower: truth * (1 - margin), truth },
      trials: 1 + above.trials.length + below.trials.length,
      namedRightly: isExpected(bottleneck.expected, named),
      agrees: below.carried && !above.carried,
      sentence: `truth ${truth.toFixed(1)}: ${below.count} carried ${Math.round(100 * margin)}% below it, ${above.count} above`,
      // A trial in which the machine stood still has been made again.
      standstillMs: 0,
    };
  });
}

interface Side {
  carried: boolean;
  /** As in "2 of 2". */
  count: string;
  trials: Awaited<ReturnType<typeof runTrial>>[];
}

/** Trials of one load until {@link agreeing} of them ended alike. */
async function decideSide(search: SearchRequest, load: number, options: FindOptions): Promise<Side> {
  const trials: Side['trials'] = [];
  for (;;) {
    trials.push(await conclusiveTrial(search, load, options));
    const passed = trials.filter((trial) => trial.passed).length;
    const carried = passed === agreeing;
    if (carried || trials.length - passed === agreeing || options.signal.aborted) {
      return { carried, count: `${passed} of ${trials.length}`, trials };
    }
  }
}

/** A trial is made again, however it ended, if this machine stood still, sent late or had no environment free: it says nothing about the limit. */
async function conclusiveTrial(search: SearchRequest, load: number, { signal, say }: FindOptions) {
  for (let repeats = 0; ; repeats++) {
    const [made, standstillMs] = await watched(() => runTrial(search, load));
    const stood = standstillMs > 0 ? ` (this machine stood still for ${standstillMs} ms)` : '';
    say(`${load.toFixed(1)}: ${made.passed ? 'carried' : `not carried: ${made.sentence}`}${stood}`);
    const limit = made.passed ? null : attributeBottleneck([made.evidence], []).kind;
    const inconclusive = standstillMs > 0 || limit === 'generator' || limit === 'machine';
    if (!inconclusive || repeats >= maxRepeats || signal.aborted) return made;
  }
}

/** What `work` resolves to, and the longest pause of this machine meanwhile, in milliseconds; 0: none. */
async function watched<T>(work: () => Promise<T>): Promise<[T, number]> {
  const watch = new StandstillWatch();
  try {
    return [await work(), watch.longestMs()];
  } finally {
    watch.close();
  }
}

function evidenceOf(trials: readonly { evidence: TrialEvidence }[]): TrialEvidence[] {
  return trials.map(({ evidence }) => evidence);
}

/** Starts a local target with the bottleneck, and passes `use` a search of it with its first load. */
async function withSearch<T>(
  bottleneck: Bottleneck,
  { signal, say }: FindOptions,
  use: (search: SearchRequest, start: number) => Promise<T>,
): Promise<T> {
  const { variable, load } = bottleneck;
  const folder = await mkdtemp(join(tmpdir(), 'loadline-attribution-'));
  const settings = parseSettings(bottleneck.settings ?? {});
  const local = await startLocalTarget({
    settings,
    signal,
    limits: bottleneck.limits ?? {},
    faults: faultsFileSchema.parse({ faults: bottleneck.faults ?? [] }),
    seed: 1,
  });
  try {
    const workload = workloadOf(load);
    const request: RunRequest = {
      scenarioFile: directScenario,
      plan: planOf(bottleneck.slo ?? {}),
      settings,
      workload,
      target: { kind: 'given', description: local.target },
    };
    const start =
      variable === 'connections' ? load.connections : variable === 'messages' ? load.messages : load.webhooks;
    const search: SearchRecord = {
      ...newSearch,
      searchId: bottleneck.name,
      loadlineVersion: newRunRecord(request, { runId: 'attribution', planFile: 'none' }).loadlineVersion,
      target: { kind: 'local', region: settings.region },
      scenario: 'direct',
      options: {},
      variable,
      settings: { start, max: start * 4, width: margin },
      workload,
      fixedConnectRate: false,
      slo: flatObjectives(request.plan.slo),
      startedAt: new Date().toISOString(),
      bottleneck: null,
      trials: [],
    };
    return await use(
      { ...{ folder, search, request, signal, say }, planFile: 'none', fleets: 1, applyLoad: applyDirectly },
      start,
    );
  } finally {
    await local.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function isExpected(expected: Bottleneck['expected'], named: Named | null): boolean {
  if (named === null || named.kind !== expected.kind) return false;
  if (expected.kind !== 'quota' || named.kind !== 'quota') return true;
  return named.quota === expected.quota && (expected.scope?.test(named.scope ?? '') ?? true);
}

/** Median over the trials of a function's mean duration. */
function meanSecondsIn(uses: readonly FunctionUse[]): (id: string) => number {
  return (role) => {
    const means = uses.flatMap((use) => (use.id === role && use.meanMs !== null ? [use.meanMs / 1_000] : []));
    return means.toSorted((a, b) => a - b)[Math.floor(means.length / 2)] ?? Number.NaN;
  };
}

function workloadOf({
  connections,
  connectRatePerSecond,
  steadySeconds,
  messages,
  webhooks,
}: Bottleneck['load']): Workload {
  return workloadSchema.parse({
    ...{ connections, connectRatePerSecond, steadySeconds },
    drainSeconds: webhooks > 0 ? 3 : 0.5,
    messageRatePerSecond: messages,
    messageBytes: 128,
    webhookRatePerSecond: webhooks,
    webhookBytes: 1_024,
    timeoutSeconds: 5,
  });
}
