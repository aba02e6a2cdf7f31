/** What each kind of load costs each resource of a target, measured: one benchmark run for each kind. */
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Deployment } from '../../capacity/headroom/deployment.ts';
import { type LoadPhase, profileOf } from '../../capacity/profile/profile.ts';
import { type EnteredApis, enteredApis } from '../../graph/entered.ts';
import { routeOfMessage } from '../../graph/message-route.ts';
import type { StackGraph } from '../../graph/model.ts';
import { routeOfPost } from '../../graph/request-route.ts';
import type { Observation } from '../../record/observation.ts';
import { readObservation } from '../../record/observation-file.ts';
import { newProfile, type ProfiledService, type ProfileRecord } from '../../record/profile.ts';
import type { RunRecord } from '../../record/run.ts';
import { createRunFolder } from '../../record/run-folder.ts';
import { type BenchmarkRequest, runBenchmark } from '../benchmark.ts';
import { CrashError, UsageError } from '../errors.ts';
import type { Say } from '../load/progress.ts';
import { periodSecondsOf } from '../observation.ts';
import { loadlineVersion } from '../package-root.ts';
import { newRunRecord } from '../request/run-record.ts';
import { givenVariables, type RunRequest } from '../request/run-request.ts';
import { answeredShareOf, figuresOf, frameBytesOf, longestP99, namesOfOthers, type OtherRoute } from './figures.ts';
import { serviceUse, withoutIdle } from './service-use.ts';
import { connectionPhases, phaseOf, uncollected } from './stretches.ts';
import { type HeldLoad, type PlannedTrial, plannedTrials } from './trials.ts';

export interface ProfileRequest {
  folder: string;
  profileId: string;
  request: RunRequest;
  /** The same with another message, or another address of webhooks, each for a phase of its own: what it costs by its route. None where the load has none of that kind. */
  others?: readonly OtherRequest[];
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
  kind: OtherRoute['kind'];
  request: RunRequest;
}

interface MadeTrial {
  trial: ProfileRecord['trials'][number];
  run: RunRecord;
  graph: StackGraph;
  deployment: Deployment;
  observation: Observation;
  entered: EnteredApis;
  /** That its messages and its webhooks take; null: it is not known. */
  routes: Record<OtherRoute['kind'], string | null>;
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
  const planned = plannedTrials(request.workload, periodSeconds, profile.held);
  const ofOthers = others.flatMap(({ kind, request: of }) => {
    const trial = planned.find((each) => each.kind === kind);
    return trial === undefined ? [] : [{ trial, of }];
  });
  const all = [...planned.map((trial) => ({ trial, of: request })), ...ofOthers];
  const trials: MadeTrial[] = [];
  for (const [n, { trial, of }] of all.entries()) {
    if (n > 0) await untilNextPeriod(periodSeconds, profile.signal);
    say(`Phase ${n + 1} of ${all.length}: ${trial.kind} …`);
    trials.push(await runTrial({ ...profile, request: of }, trial));
  }
  const made = trials.slice(0, planned.length);
  const [first] = made;
  if (first === undefined) throw new CrashError('The profile has no phase.');
  const { kind, region } = first.run.target;
  const connections = trials.find(({ trial }) => trial.kind === 'connections');
  const service = connections ? serviceUse(connections.observation, first.graph) : null;
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
    deployment: first.deployment,
    ...(first.run.target.resources !== null && { settings: first.run.settings }),
    figures: figuresOf(
      profileOf(made.flatMap((each) => phasesOf(each, service))),
      otherRoutes(trials.slice(planned.length), { made, own: first.routes, service }),
    ),
    ...(service !== null && { service }),
    messageRoute: first.routes.message,
    webhookRoute: first.routes.webhook,
    functions: first.graph.functions.map(({ id }) => ({ id, p99Ms: longestP99(id, trials) })),
    frameBytes: frameBytesOf(made),
    answeredShare: answeredShareOf(made),
    trials: trials.map(({ trial }) => trial),
  };
}

/** What messages and webhooks of other routes cost, beside the connects and disconnects of their phases. */
function otherRoutes(
  others: readonly MadeTrial[],
  { made, own, service }: { made: readonly MadeTrial[]; own: MadeTrial['routes']; service: ProfiledService | null },
): OtherRoute[] {
  const connections = made
    .filter(({ trial }) => trial.kind === 'connections')
    .flatMap((each) => phasesOf(each, service));
  return (['message', 'webhook'] as const).flatMap((kind) => {
    const ofKind = others.filter(({ trial }) => trial.kind === kind);
    const names = namesOfOthers(
      ofKind.map(({ routes }) => routes[kind]),
      own[kind],
    );
    return ofKind.map((each, n) => ({
      ...{ kind, route: names[n] ?? '' },
      costs: profileOf([...connections, ...phasesOf(each, service)]).costs.get(kind) ?? new Map(),
    }));
  });
}

function phasesOf({ trial: { kind }, observation, entered }: MadeTrial, service: ProfiledService | null): LoadPhase[] {
  const busy = withoutIdle(observation, service);
  return kind === 'connections' ? connectionPhases(busy, entered) : [phaseOf(kind, busy, entered)];
}

function routesOf(
  { target }: RunRequest,
  { apis }: StackGraph,
  { webhookUrl, ...entered }: EnteredApis & { webhookUrl: string | null },
): MadeTrial['routes'] {
  const [api, hooks] = [entered.webSocket, entered.webhook].map((wanted) => apis.find(({ id }) => id === wanted));
  const message =
    target.kind === 'endpoint' || target.kind === 'template' ? target.description.step.message : undefined;
  return {
    message: api !== undefined && typeof message === 'string' ? routeOfMessage(api, message) : null,
    webhook:
      hooks === undefined || webhookUrl === null
        ? null
        : routeOfPost(hooks, webhookUrl, entered.stages?.webhook ?? null),
  };
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
  { kind, workload }: PlannedTrial,
): Promise<MadeTrial> {
  if (signal.aborted) throw new CrashError('the profile was interrupted.');
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
  const { status, sentence } = report.verdict;
  if (status === 'partial') throw new CrashError(`The phase ${kind} did not complete: ${sentence}`);
  const observation = await readObservation(folder);
  const {
    target: { graph },
    deployment,
  } = run;
  if (observation === null || graph === undefined || deployment === undefined)
    throw new CrashError(`The phase ${kind} in ${folder} has no observation.`);
  const [missing] = uncollected(observation);
  if (missing !== undefined) throw new CrashError(`The phase ${kind} has no ${missing}: it could not be collected.`);
  const entered = enteredApis(graph, run.target);
  return {
    trial: { kind, folder: relative(profileFolder, folder), status },
    ...{ run, graph, deployment, observation, entered },
    routes: routesOf(request, graph, { ...entered, webhookUrl: run.target.webhookUrl }),
  };
}
