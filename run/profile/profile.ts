/** What each kind of load costs each resource of a target, measured: one benchmark run for each kind. */
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Deployment } from '../../capacity/headroom/deployment.ts';
import { askedCosts } from '../../capacity/profile/asked-costs.ts';
import { type LoadKey, type LoadPhase, profileOf } from '../../capacity/profile/profile.ts';
import type { RouteKind } from '../../engine/src/records.ts';
import { type EnteredApis, enteredApis } from '../../graph/entered.ts';
import type { StackGraph } from '../../graph/model.ts';
import type { Observation } from '../../record/observation.ts';
import { readObservation } from '../../record/observation-file.ts';
import { newProfile, type ProfiledService, type ProfileRecord } from '../../record/profile.ts';
import type { RunRecord, SentRoutes } from '../../record/run.ts';
import { createRunFolder } from '../../record/run-folder.ts';
import { type BenchmarkRequest, runBenchmark } from '../benchmark.ts';
import { CrashError, UsageError } from '../errors.ts';
import type { Say } from '../load/progress.ts';
import { periodSecondsOf } from '../observation.ts';
import { loadlineVersion } from '../package-root.ts';
import { newRunRecord } from '../request/run-record.ts';
import { givenVariables, type RunRequest } from '../request/run-request.ts';
import { answeredShareOf, figuresOf, frameBytesOf, longestP99 } from './figures.ts';
import { serviceUse, withoutIdle } from './service-use.ts';
import { connectionPhases, phaseOf, pushKeyOf, uncollected } from './stretches.ts';
import { type HeldLoad, type PlannedTrial, plannedTrials, shareAt, withShare } from './trials.ts';

export interface ProfileRequest {
  folder: string;
  profileId: string;
  request: RunRequest;
  /** The same with another message, or another address of webhooks, each for phases of its own: what it costs by its route. None where the load has none of that kind. */
  others?: readonly OtherRequest[];
  /** The same with all of them, for the mixed phase. Absent: there is one of each. */
  mixed?: RunRequest;
  /** How often the mixed phase has each, the first first; absent: all alike. A phase of one of them alone has its part of the load. */
  weights?: Partial<Record<RouteKind, readonly number[]>>;
  /** Of the phase of connections, in place of the load's: default: as many as in the others. */
  held?: HeldLoad;
  planFile: string;
  fleets: number;
  signal: AbortSignal;
  say: Say;
  /** As in a benchmark; default: by Artillery. */
  applyLoad?: BenchmarkRequest['applyLoad'];
}

export interface OtherRequest {
  kind: RouteKind;
  request: RunRequest;
}

/** A trial that is to be made: which of several messages, or addresses, it has alone. */
interface Trial {
  planned: PlannedTrial;
  of: RunRequest;
  /** From 0; of the mixed phase, and of those without any, 0. */
  place: number;
}

interface MadeTrial extends Trial {
  trial: ProfileRecord['trials'][number];
  run: RunRecord;
  graph: StackGraph;
  deployment: Deployment;
  observation: Observation;
  entered: EnteredApis;
}

/** Before anything is made. @throws UsageError for a target of whose inside nothing is known. */
export function checkInside({ target }: RunRequest): void {
  if (target.kind === 'endpoint' && target.description.inside === null)
    throw new UsageError(
      'A profile asks about every resource, and of a URL alone nothing is known: name the stack with --stack, --template or --app.',
    );
}

/**
 * Makes the trials one after the other, of a target whose inside is known ({@link checkInside}).
 * @throws CrashError when a trial did not complete, or what it used could not be collected.
 */
export async function measureProfile(profile: ProfileRequest): Promise<ProfileRecord> {
  const { request, others = [], profileId, planFile, say } = profile;
  const startedAt = new Date().toISOString();
  const periodSeconds = periodSecondsOf[targetKindOf(request.target)];
  const countOf = (kind: RouteKind) => 1 + others.filter((each) => each.kind === kind).length;
  const planned = plannedTrials(request.workload, {
    ...{ periodSeconds, held: profile.held, servesTabs: servesTabs(request) },
    routes: { message: countOf('message'), webhook: countOf('webhook') },
  });
  const all = planned.flatMap((trial) => trialsOf(trial, profile));
  const trials: MadeTrial[] = [];
  for (const [n, trial] of all.entries()) {
    if (n > 0) await untilNextPeriod(periodSeconds, profile.signal);
    const { kind } = trial.planned;
    say(`Phase ${n + 1} of ${all.length}: ${kind}${trial.place === 0 ? '' : ` ${trial.place + 1}`} …`);
    trials.push(await runTrial({ ...profile, request: trial.of }, trial));
  }
  const [first] = trials;
  if (first === undefined) throw new CrashError('The profile has no phase.');
  const mixed = trials.find(({ planned: { kind } }) => kind === 'mixed');
  const { kind, region } = first.run.target;
  const routes = routesIn(trials);
  const connections = trials.find(({ trial }) => trial.kind === 'connections');
  const service = connections ? serviceUse(connections.observation, first.graph) : null;
  const figures = figuresOf(
    profileOf(trials.flatMap((trial) => phasesOf(trial, { routes, service }))),
    askedIn(trials),
  );
  const ofFirst = trials.filter(({ place }) => place === 0);
  return {
    ...newProfile,
    profileId,
    loadlineVersion,
    startedAt,
    endedAt: new Date().toISOString(),
    scenario: request.scenarioFile,
    planFile,
    workload: request.workload,
    target: { kind: kind === 'local' ? 'local' : 'aws', region },
    graph: first.graph,
    deployment: (mixed ?? first).deployment,
    ...(first.run.target.resources !== null && { settings: first.run.settings }),
    figures,
    ...(service !== null && { service }),
    ...(others.length > 0 && { routes }),
    messageRoute: ownRoute(routes.message),
    webhookRoute: ownRoute(routes.webhook),
    functions: first.graph.functions.map(({ id }) => ({ id, p99Ms: longestP99(id, trials) })),
    frameBytes: frameBytesOf(ofFirst),
    answeredShare: answeredShareOf(ofFirst),
    trials: trials.map(({ trial }) => trial),
  };
}

/** One, or one for each message or address of webhooks. */
function trialsOf(
  planned: PlannedTrial,
  { request, others = [], mixed = request, weights = {} }: ProfileRequest,
): Trial[] {
  if (planned.kind === 'connections' || planned.kind === 'poll') return [{ planned, of: request, place: 0 }];
  if (planned.kind === 'mixed') return [{ planned, of: mixed, place: 0 }];
  const kind = planned.kind === 'message' ? 'message' : 'webhook';
  const all = [request, ...others.filter((each) => each.kind === kind).map((other) => other.request)];
  return all.map((of, place) => {
    const share = shareAt(place, { of: all.length, weights: weights[kind] });
    return { planned: { ...planned, workload: withShare(planned.workload, share) }, of, place };
  });
}

/** Of the mixed phase, which has all; without one there is one of each kind. */
function routesIn(trials: readonly MadeTrial[]): SentRoutes {
  const all = trials.toReversed().map(({ run }) => run.routes);
  const longest = (kind: RouteKind) =>
    all.map((routes) => routes?.[kind] ?? []).toSorted((a, b) => b.length - a.length)[0] ?? [];
  return { message: longest('message'), webhook: longest('webhook') };
}

/** Whether tabs have something to ask over HTTP, of a function. */
function servesTabs({ target, settings }: RunRequest): boolean {
  if (target.kind === 'local') return settings.fallback !== null && settings.compute === 'lambda';
  if (target.kind !== 'given') return false;
  const { fallbackUrl, resources } = target.description;
  return fallbackUrl !== undefined && resources.webSocketApiId !== '';
}

/** Empty without a phase in which tabs poll. */
function askedIn(trials: readonly MadeTrial[]): ReturnType<typeof askedCosts> {
  const polled = trials.find(({ planned }) => planned.kind === 'poll');
  if (polled === undefined) return new Map();
  const { observation, entered } = polled;
  return askedCosts(phaseOf('mixed', observation, { entered, keys: { message: ['message'], webhook: ['webhook'] } }));
}

/** A single one of which nothing is known needs no name. */
function ownRoute([first, ...others]: SentRoutes['message']): string | null {
  if (first === undefined) return null;
  return others.length > 0 || first.key !== null ? first.name : null;
}

function phasesOf(
  { planned: { kind }, place, entered, ...made }: MadeTrial,
  { routes, service }: { routes: SentRoutes; service: ProfiledService | null },
): LoadPhase[] {
  if (kind === 'poll') return [];
  const observation = withoutIdle(made.observation, service);
  if (kind === 'connections') return connectionPhases(observation, entered);
  const keysOf = (of: RouteKind): LoadKey[] => {
    const [, ...others] = routes[of];
    return [of, ...others.map(({ name }): LoadKey => `${of} ${name}`)];
  };
  const [message, webhook] = [keysOf('message'), keysOf('webhook')];
  if (kind === 'mixed') return [phaseOf(kind, observation, { entered, keys: { message, webhook } })];
  const own = (all: readonly LoadKey[]) => all[place] ?? all[0] ?? 'message';
  const keys = { message: [own(message)], webhook: [own(webhook)] };
  const key = kind === 'message' ? own(message) : kind === 'webhook' ? own(webhook) : pushKeyOf(own(webhook));
  return [phaseOf(key, observation, { entered, keys })];
}

/** Where it is deployed, as CloudWatch's periods depend on it. */
function targetKindOf(target: RunRequest['target']): 'local' | 'aws' {
  if (target.kind === 'given') return target.description.kind;
  return target.kind === 'endpoint' && target.description.inside?.kind === 'aws' ? 'aws' : 'local';
}

/**
 * What a phase did last, and what was asked of the target about it (its events, in its table), must not be counted in the period in which the next begins.
 * @throws the signal's reason when it aborts.
 */
async function untilNextPeriod(periodSeconds: number, signal: AbortSignal): Promise<void> {
  const periodMs = periodSeconds * 1_000;
  await sleep(2 * periodMs - (Date.now() % periodMs), undefined, { signal });
}

async function runTrial(
  { folder: profileFolder, request, planFile, fleets, signal, applyLoad }: ProfileRequest,
  trial: Trial,
): Promise<MadeTrial> {
  if (signal.aborted) throw new CrashError('the profile was interrupted.');
  const { kind, workload } = trial.planned;
  const { runId, folder } = await createRunFolder(join(profileFolder, 'trials'), new Date(), Math.random);
  const { report, run } = await runBenchmark({
    ...{ folder, fleets, signal },
    run: newRunRecord({ ...request, workload }, { runId, planFile }),
    scenarioFile: request.scenarioFile,
    target: request.target,
    ...givenVariables(request),
    say: () => {},
    ...(applyLoad && { applyLoad }),
  });
  const { status, sentence, reasons } = report.verdict;
  const cause = reasons.find(({ code }) => code.startsWith('cause.'));
  if (status === 'partial') throw new CrashError(`The phase ${kind} did not complete: ${sentence}`);
  // What it would measure is what errors cost.
  if (cause?.code.endsWith('.functionNotLoaded'))
    throw new CrashError(`The phase ${kind} measures errors only. ${cause.sentence}`);
  const observation = await readObservation(folder);
  const {
    target: { graph },
    deployment,
  } = run;
  if (observation === null || graph === undefined || deployment === undefined)
    throw new CrashError(`The phase ${kind} in ${folder} has no observation.`);
  const [missing] = uncollected(observation);
  if (missing !== undefined) throw new CrashError(`The phase ${kind} has no ${missing}: it could not be collected.`);
  return {
    ...trial,
    trial: { kind, folder: relative(profileFolder, folder), status, ...(cause && { cause: cause.sentence }) },
    ...{ run, graph, deployment, observation, entered: enteredApis(graph, run.target) },
  };
}
