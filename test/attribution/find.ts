/** Finds one known bottleneck of a target: by a search, or by trials on both sides of the truth. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  attributeBottleneck,
  type FunctionUse,
  type Bottleneck as Named,
  type TrialEvidence,
} from '../../capacity/search/bottleneck.ts';
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
import { applyDirectly } from './direct-load.ts';
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
    const found = await runSearch({ ...search, search: { ...search.search, settings } });
    const truth = bottleneck.truth(meanSecondsIn(found.trials.flatMap(({ evidence }) => evidence?.functions ?? [])));
    const { kind, lower, bottleneck: named, trials } = found;
    const error = lower / truth - 1;
    return {
      ...{ name: bottleneck.name, complete: kind === 'found', named, lower, truth, trials: trials.length },
      namedRightly: isExpected(bottleneck.expected, named),
      agrees: Math.abs(error) <= tolerance,
      sentence: `${lower.toFixed(1)} carried, truth ${truth.toFixed(1)} (${(100 * error).toFixed(1)}%)`,
    };
  });
}

/** Distance of the bracket's trials below and above the truth, as a share of it. */
const margin = 0.07;
const trialsEachSide = 2;
const maxRepeats = 3;
/** Steady state of the trial that measures the functions, at most. */
const calibrationSeconds = 8;

/** Trials just above the truth, which must fail and name the limit, and just below it, which must pass. */
export async function bracketBottleneck(bottleneck: Bottleneck, options: FindOptions): Promise<Finding> {
  return await withSearch(bottleneck, options, async (search, start) => {
    // A trial that failed for this machine, which sent late or had no environment free, says nothing about the limit and is made again.
    const make = async (load: number) => {
      for (let repeats = 0; ; repeats++) {
        const made = await runTrial(search, load);
        options.say(`${load.toFixed(1)}: ${made.passed ? 'carried' : `not carried: ${made.sentence}`}`);
        const limit = made.passed ? null : attributeBottleneck([made.evidence], []).kind;
        const again = (limit === 'generator' || limit === 'machine') && repeats < maxRepeats;
        if (!again || options.signal.aborted) return made;
      }
    };
    const { workload } = search.search;
    const steadySeconds = Math.min(workload.steadySeconds, calibrationSeconds);
    // Cold starts may fail this one: it only measures how long the functions take.
    const first = await runTrial(
      { ...search, search: { ...search.search, workload: { ...workload, steadySeconds } } },
      start,
    );
    const truth = bottleneck.truth(meanSecondsIn(first.evidence.functions));
    const resolve = (load: number) => (bottleneck.variable === 'connections' ? Math.round(load) : load);
    const below = [];
    const above = [];
    // Those above come first: they start every environment that the limit admits, and no cold start falls into those below.
    for (let trial = 0; trial < trialsEachSide; trial++) above.push(await make(resolve(truth * (1 + margin))));
    for (let trial = 0; trial < trialsEachSide; trial++) below.push(await make(resolve(truth * (1 - margin))));
    const carried = (trials: readonly { passed: boolean }[]) => trials.filter(({ passed }) => passed).length;
    const evidenceOf = (trials: readonly { evidence: TrialEvidence }[]) => trials.map(({ evidence }) => evidence);
    const named = attributeBottleneck(evidenceOf(above), evidenceOf(below));
    return {
      ...{ name: bottleneck.name, complete: true, named, lower: truth * (1 - margin), truth },
      trials: 1 + 2 * trialsEachSide,
      namedRightly: isExpected(bottleneck.expected, named),
      agrees: carried(below) === trialsEachSide && carried(above) === 0,
      sentence: `truth ${truth.toFixed(1)}: ${carried(below)} of ${trialsEachSide} carried ${Math.round(100 * margin)}% below it, ${carried(above)} of ${trialsEachSide} above`,
    };
  });
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
      scenarioFile: 'direct',
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
      slo: { ...request.plan.slo },
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
