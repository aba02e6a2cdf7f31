/** A capacity search: one benchmark run a trial, each kept with what it showed. */
import { join, relative } from 'node:path';
import type { Slo } from '../../capacity/demand/plan.ts';
import { attributeBottleneck, type Bottleneck, type TrialEvidence } from '../../capacity/search/bottleneck.ts';
import {
  type Bracket,
  type SearchResult,
  type SearchTrial,
  searchCapacity,
} from '../../capacity/search/capacity-search.ts';
import { expectedTrials } from '../../capacity/search/expected-trials.ts';
import type { SearchSettings } from '../../capacity/search/search-plan.ts';
import type { Sustained } from '../../capacity/search/sustained.ts';
import { readWaiting } from '../../metrics/queues.ts';
import { createRunFolder } from '../../record/run-folder.ts';
import type { Workload } from '../../record/workload.ts';
import { trialLine } from '../../reports/document/search/search-document.ts';
import type { TrialLatency } from '../../reports/document/search/search-summary.ts';
import type { Report } from '../../reports/report.ts';
import { type BenchmarkRequest, runBenchmark } from '../benchmark.ts';
import { CrashError } from '../errors.ts';
import type { ProgressSink, Say } from '../load/progress.ts';
import { checkLoad } from '../request/generator-limits.ts';
import { newRunRecord } from '../request/run-record.ts';
import { givenVariables, type RunRequest } from '../request/run-request.ts';
import { readEvidence } from './evidence.ts';
import { sustainedBy } from './lent-burst.ts';
import { restUntilEmpty } from './rest.ts';
import { type RecordedTrial, type SearchRecord, writeSearch } from './search-folder.ts';
import { unitOf, variedWorkload } from './varied-workload.ts';

export interface Kept {
  folder: string;
  sentence: string;
  evidence: TrialEvidence;
  /** A function of the stack cannot be loaded: no load is carried. */
  failsAlways?: boolean;
  /** Whether the load lasts, of a trial that carried it; null: it did not. */
  sustained: Sustained | null;
  /** Of latencies with an objective; absent: not measured. */
  latencies?: TrialLatency[];
}

export interface SearchRequest {
  folder: string;
  /** Its state before the first new trial. */
  search: SearchRecord;
  request: RunRequest;
  planFile: string;
  fleets: number;
  signal: AbortSignal;
  say: Say;
  /** Shows how each benchmark of a trial goes on, each with a sink of its own; default: nobody does. */
  progress?: (trial: TrialUnderWay) => ProgressSink;
  /** As in a benchmark; default: by Artillery. */
  applyLoad?: BenchmarkRequest['applyLoad'];
  /** One benchmark run at a load; default: a real one. */
  benchmark?: (request: SearchRequest, load: number, shown?: ProgressSink) => Promise<{ passed: boolean } & Kept>;
}

/** A trial, and where the search stands as it begins. */
export interface TrialUnderWay extends Bracket {
  /** From 1. */
  number: number;
  /** Trials that the search is likely to have, those made included. */
  expected: number;
  load: number;
  workload: Workload;
  /** By the mean of the trials made since the start of this process; null before the first. */
  leftSeconds: number | null;
}

/** `sustained`: what of the lower end lasts beyond a trial; null where nothing was carried. */
export type FoundCapacity = SearchResult<Kept> & { bottleneck: Bottleneck | null; sustained: Sustained | null };

/** Makes the trials that are left, and writes search.json after each. Does not throw for what goes wrong in a trial: the result says it. */
export async function runSearch(request: SearchRequest): Promise<FoundCapacity> {
  const { folder, say } = request;
  let search: SearchRecord = { ...request.search, outcome: null, endedAt: null };
  const unit = unitOf[search.variable];
  const { start, max, width, resolution } = search.settings;
  const settings: SearchSettings = {
    ...{ start, max, width },
    ...(resolution !== undefined && { resolution }),
    // One message, or webhook, in the whole steady state.
    ...(search.variable !== 'connections' && { smallest: 1 / search.workload.steadySeconds }),
  };
  const made: RecordedTrial[] = [...search.trials];
  let saved = writeSearch(folder, search);
  const startedAtMs = performance.now();
  const underWay = (load: number): TrialUnderWay => {
    const { lower, upper } = search;
    const makesNow = made.length - request.search.trials.length;
    const passes = made.map(({ passed }) => passed);
    const expected = Math.max(made.length + 1, expectedTrials(settings, passes, { lower, upper }));
    const meanSeconds = makesNow === 0 ? null : (performance.now() - startedAtMs) / 1_000 / makesNow;
    return {
      ...{ number: made.length + 1, expected, load, lower, upper },
      workload: variedWorkload(search.workload, { ...search, load }),
      leftSeconds: meanSeconds === null ? null : meanSeconds * (expected - made.length),
    };
  };
  const result = await searchCapacity<Kept>(
    async (load) => {
      // A search that cannot be recorded ends: its trials would be lost.
      await saved;
      return await trial(request, load, () => request.progress?.(underWay(load)));
    },
    {
      ...settings,
      prior: search.trials,
      failsAlways: (each) => each.failsAlways === true,
      onTrial(each, bracket) {
        const { load, purpose, passed, folder: trialFolder = '', sentence = '', evidence } = each;
        const { sustained = null, latencies } = each;
        if (!evidence) return;
        made.push({
          load,
          purpose,
          passed,
          folder: trialFolder,
          sentence,
          evidence,
          sustained,
          ...(latencies && { latencies }),
        });
        search = { ...search, ...bracket, trials: [...made] };
        say(trialLine({ load, purpose, passed, sentence }, bracket, unit));
        saved = saved.then(() => writeSearch(folder, search));
        // Seen by the next trial, or below.
        saved.catch(() => {});
      },
    },
  );
  await saved;
  const bottleneck = result.kind === 'found' ? bottleneckOf(result) : null;
  const outcome = result.kind === 'found' ? ('found' as const) : ('interrupted' as const);
  const { lower, upper } = result;
  const sustained = sustainedOf(result);
  await writeSearch(folder, {
    ...search,
    ...{ outcome, lower, upper, bottleneck, sustained },
    endedAt: new Date().toISOString(),
  });
  return { ...result, bottleneck, sustained };
}

/** One trial; a second one in its place when the generator could not offer the load, for that may be chance. */
async function trial(
  request: SearchRequest,
  load: number,
  shown: () => ProgressSink | undefined,
): Promise<{ passed: boolean } & Kept> {
  const { benchmark = runTrial, signal } = request;
  if (signal.aborted) throw new CrashError('the search was interrupted.');
  const first = await benchmark(request, load, shown());
  if (first.evidence.generatorLimited === null) return first;
  request.say(`The generator was the limit (${first.evidence.generatorLimited}): trying again.`);
  return await benchmark(request, load, shown());
}

/** One benchmark run at a load, with what it showed. Throws a CrashError when it did not complete. */
export async function runTrial(
  search: SearchRequest,
  load: number,
  shown?: ProgressSink,
): Promise<{ passed: boolean } & Kept> {
  const { signal, fleets } = search;
  const { variable, fixedConnectRate, workload: base } = search.search;
  const workload = variedWorkload(base, { variable, load, fixedConnectRate });
  checkLoad(workload, fleets);
  const { target } = search.request;
  // A local target of this process is a new one each time.
  const inside =
    target.kind === 'given' ? target.description : target.kind === 'endpoint' ? target.description.inside : null;
  if (inside !== null) {
    const depth = () => readWaiting(inside, signal);
    await restUntilEmpty({ depth, say: search.say, signal });
  }
  const request = { ...search.request, workload };
  const { runId, folder } = await createRunFolder(join(search.folder, 'trials'), new Date(), Math.random);
  const run = newRunRecord(request, { runId, planFile: search.planFile });
  const { report, run: ended } = await runBenchmark({
    ...{ folder, run, fleets, signal },
    scenarioFile: request.scenarioFile,
    target: request.target,
    ...givenVariables(request),
    disconnectAtSeconds: request.disconnectAtSeconds ?? null,
    say: () => {},
    ...(shown && { progress: shown }),
    ...(search.applyLoad && { applyLoad: search.applyLoad }),
  });
  if (report.verdict.status === 'partial') throw new CrashError(report.verdict.sentence);
  const passed = report.verdict.status === 'ok';
  const workloadAt = (at: number) => variedWorkload(base, { variable, load: at, fixedConnectRate });
  const evidence = await readEvidence(folder, report, ended.target.graph);
  const sustained = (): Sustained =>
    evidence.queues.some(({ growing }) => growing === true)
      ? { kind: 'unknown', reason: 'the queue was still growing when it ended' }
      : sustainedBy(report, { run: ended, load, workloadAt });
  return {
    passed,
    sustained: passed ? sustained() : null,
    folder: relative(search.folder, folder),
    sentence: firstReason(report),
    evidence,
    failsAlways: report.verdict.reasons.some(({ code }) => code.endsWith('.functionNotLoaded')),
    latencies: trialLatencies(report, search.request.plan.slo),
  };
}

/** Connects come before the steady state. */
function trialLatencies({ latency, routes }: Report, slo: Slo): TrialLatency[] {
  const objectives = { connect: slo.connectP99Ms, roundTrip: slo.roundTripP99Ms, delivery: slo.deliveryP99Ms };
  const ofAll = Object.entries(objectives).flatMap(([id, sloP99Ms]) => {
    const row = latency.find((each) => each.id === id);
    const summary = id === 'connect' ? row?.run : row?.steady;
    return row && summary ? [{ id, name: row.name, p50Ms: summary.p50.ms, p99Ms: summary.p99.ms, sloP99Ms }] : [];
  });
  const ofRoutes = routes.flatMap((route) =>
    route.latency.flatMap(({ id, name, steady }) => {
      const sloP99Ms = id === 'webhook' ? undefined : slo.routes?.[route.name]?.[`${id}P99Ms`];
      if (steady === null || sloP99Ms === undefined) return [];
      return [
        {
          id: `${id} ${route.name}`,
          name: `${name} of ${route.name}`,
          p50Ms: steady.p50.ms,
          p99Ms: steady.p99.ms,
          sloP99Ms,
        },
      ];
    }),
  );
  return [...ofAll, ...ofRoutes];
}

/** With its cause, where that does not come first. */
function firstReason({ verdict: { reasons, sentence } }: Report): string {
  const [first, ...others] = reasons;
  if (first === undefined) return sentence;
  const cause = first.code.startsWith('cause.') ? undefined : others.find(({ code }) => code.startsWith('cause.'));
  return [first, ...(cause ? [cause] : [])].map((each) => each.sentence).join(' ');
}

/** By the last trial that carried the lower end. */
const sustainedOf = ({ lower, trials }: SearchResult<Kept>): Sustained | null =>
  trials.findLast(({ load, passed }) => passed && load === lower)?.sustained ?? null;

/** What broke in the trials at or beyond the upper end, against those at the lower end. */
function bottleneckOf({ lower, upper, trials }: SearchResult<Kept>): Bottleneck | null {
  const evidenceOf = (chosen: readonly SearchTrial<Kept>[]) => chosen.flatMap(({ evidence }) => evidence ?? []);
  const failed = trials.filter(({ passed, load }) => !passed && upper !== null && load >= upper);
  if (failed.length === 0) return null;
  // Far beyond the limit everything breaks: the nearest say what broke first.
  const nearest = failed.toSorted((a, b) => a.load - b.load).slice(0, 3);
  const passed = trials.filter((each) => each.passed && each.load <= lower).slice(-3);
  return attributeBottleneck(evidenceOf(nearest), evidenceOf(passed));
}
