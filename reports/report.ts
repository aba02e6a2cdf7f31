/**
 * report.json: the whole answer of a run, made from run.json and observation.json alone. Programs may rely on it:
 * a field is never renamed or given another meaning within one `schemaVersion`; fields may be added. Times are ISO 8601 in UTC,
 * shares are 0 to 1, units stand in the names or in a `unit` beside the number. Null is "not known", never 0.
 */

import type { UsagePlan } from '../capacity/demand/plan.ts';
import type { Database, Service } from '../graph/model.ts';
import { type FolderDamage, noDamage } from '../record/damage.ts';
import type { Observation } from '../record/observation.ts';
import type { RunRecord } from '../record/run.ts';
import { concurrencyWarnings } from './analysis/concurrency.ts';
import { conductOf, conductReasons, type TargetConduct } from './analysis/conduct.ts';
import { damageReasons } from './analysis/damage.ts';
import { missedReasons } from './analysis/events/event-reasons.ts';
import { misdeliveryReasons } from './analysis/events/misdeliveries.ts';
import { missedPublishReasons } from './analysis/events/missed-publishes.ts';
import { type GeneratorHealth, generatorHealth, runReasons, steadyReasons } from './analysis/generator.ts';
import { howMeasured } from './analysis/how-measured.ts';
import { causeReasons, notLoadedReasons, refusalOfConnects } from './analysis/judgement/cause-sentences.ts';
import { type LatencyRow, latencyRows } from './analysis/latency.ts';
import { type Ledger, ledgerOf, ledgerReasons } from './analysis/ledger.ts';
import { describeLocalModel } from './analysis/model/local-model.ts';
import { type ModelledParts, modelledParts, noModel, unmodelledParts } from './analysis/model/modelled.ts';
import { serviceParts } from './analysis/model/service-model.ts';
import { type DeliveryStage, deliveryStages } from './analysis/over-time/delivery-stages.ts';
import { type Happening, happeningsOf } from './analysis/over-time/happenings.ts';
import {
  type LatencyDistribution,
  type LatencyOverTime,
  latencyDistributions,
  latencyOverTime,
} from './analysis/over-time/latency-over-time.ts';
import { type FallbackStretch, measuredFallback } from './analysis/over-time/measured-fallback.ts';
import { type ResourceUse, resourceUseOf } from './analysis/resource-use.ts';
import { type RouteReport, routeReports } from './analysis/routes/route-report.ts';
import { type SloRow, sloReasons, sloRows, unjudgedReasons, unmeasuredReasons, withoutMissed } from './analysis/slo.ts';
import { type SteadyStateRow, steadyStateRows, steadyStateWarnings } from './analysis/steady-state.ts';
import { partialReasons, statusOf, type Verdict, verdictSentence } from './analysis/verdict.ts';
import { ledgerWarnings } from './analysis/warnings/ledger-warnings.ts';
import { measurementWarnings, refusalWarnings } from './analysis/warnings/measurement-warnings.ts';
import { modelWarnings, unmodelledWarnings } from './analysis/warnings/model-warnings.ts';
import type { Reason } from './analysis/warnings/reason.ts';

/**
 * 4: coefficients and concurrency are by logical id. 3: `ledger.events` has one outcome for each event, with ids; a percentile that lies among what failed has `kind: 'failed'` and no `ms`; an objective says why it was not judged (`notJudged`); the generator's health is
 * that of each phase. 2: every number of `run.workload` has one name, that of its option; a quota's id is that of aws/quotas.
 */
const reportSchemaVersion = 4;

export interface Report extends MeasuredParts, ModelledParts {
  schemaVersion: typeof reportSchemaVersion;
  title: string;
  run: ReportedRun;
  verdict: Verdict;
  warnings: Reason[];
  howMeasured: string[];
}

interface MeasuredParts {
  /** Connect, round trip, webhook accept, delivery; service time apart. Empty without an observation. */
  latency: LatencyRow[];
  slo: SloRow[];
  ledger: Ledger | null;
  /** The same by route, where several messages were sent or several URLs posted to. Empty otherwise. */
  routes: RouteReport[];
  generator: GeneratorHealth | null;
  /** Closes, refused upgrades and unexpected frames. Null without an observation. */
  conduct: TargetConduct | null;
  /** What each resource did, by its logical id. Null where the target's inside is not known. */
  resources: ResourceUse | null;
  /** Whether latencies were steady in the steady state. Empty without an observation. */
  steadyState: SteadyStateRow[];
  /** Percentiles of each second, and of all: what was measured. */
  latencyOverTime: LatencyOverTime[];
  distributions: LatencyDistribution[];
  /** Refusals, throttles, failures, faults, and when: on the seconds of the timeline. */
  happenings: Happening[];
  /** Where the time goes from a webhook's post to its push. */
  deliveryStages: DeliveryStage[];
  /** What tabs asked over HTTP, and what it took; empty: none asked anything. */
  measuredFallback: FallbackStretch[];
}

type ReportedRun = Pick<
  RunRecord,
  | 'runId'
  | 'loadlineVersion'
  | 'commit'
  | 'scenario'
  | 'planFile'
  | 'workload'
  | 'routes'
  | 'machine'
  | 'startedAt'
  | 'loadStartedAt'
  | 'loadEndedAt'
  | 'endedAt'
  | 'outcome'
> & {
  target: Pick<RunRecord['target'], 'kind' | 'region' | 'model'> & {
    databases?: readonly Database[];
    services?: readonly Service[];
  };
  plan: string;
};

/**
 * Makes the report of a run. Pure. `observation` is null when the run has none: then the report is partial, and says what there is. A folder that was
 * damaged since the run has an invalid report without any number.
 */
export function buildReport(run: RunRecord, observation: Observation | null, damage = noDamage): Report {
  const { plan } = run;
  const head = headOf(run, plan);
  if (observation === null || damage.since.length > 0) return withoutObservation(run, { observation, head, damage });
  const measured = measuredParts(run, plan, observation);
  const modelled = impliedBy(run, plan, observation);
  const conduct = conductReasons(measured.conduct, run.target.model?.faults);
  const strays = misdeliveryReasons(measured.ledger.misdelivered, { isOwnStack: run.target.resources === null });
  const ofRun = damageReasons(damage.ofRun, 'Look in logs/ of the run folder for why it was written so.');
  const partial = partialReasons(run, observation.client);
  const invalid = [
    ...ofRun,
    ...runReasons(measured.generator),
    ...ledgerReasons(measured.ledger),
    ...unmeasuredReasons(measured.slo),
  ];
  const refusal = refusalOfConnects({ run, observation, ...measured });
  const notLoaded = notLoadedReasons(run.target, observation);
  const { status, reasons } = statusOf({
    damaged: [],
    partial: partial.length > 0 ? [...partial, ...(refusal.length > 0 ? refusal : notLoaded), ...ofRun] : [],
    invalid: invalid.length > 0 ? [...invalid, ...notLoaded] : [],
    unjudged: [...steadyReasons(measured.generator), ...unjudgedReasons(measured.slo)],
    sloBroken: [...strays, ...missedInRun(measured.ledger), ...sloReasons(withoutMissed(measured.slo))],
    causes: causeReasons(measured.slo, { run, observation, ...measured }),
    conduct,
  });
  const sentence = verdictSentence({
    status,
    run,
    reasons,
    publishes: measured.ledger?.fanOut?.publishes.intended ?? 0,
    binding: modelled.binding?.quota ?? null,
    exhausted: modelled.projection?.first ?? null,
    horizonMonths: plan.horizonMonths,
  });
  return {
    ...head,
    verdict: { status, sentence, reasons },
    ...measured,
    ...modelled,
    warnings: [
      ...(modelled.coefficients ? modelWarnings(run, modelled.coefficients) : unmodelledWarnings(run)),
      ...refusalWarnings(observation),
      ...ledgerWarnings(measured.ledger, { asksServer: run.target.kind !== 'endpoint' }),
      ...steadyStateWarnings(measured.steadyState),
      // What a run that was cut off saw is a fact all the same.
      ...[...strays, ...conduct].filter(({ code }) => !reasons.some((reason) => reason.code === code)),
      ...measurementWarnings(observation, measured.latency, { slo: measured.slo, routes: run.routes }),
      ...concurrencyWarnings(modelled.concurrency),
    ],
    howMeasured: howMeasured(run, observation),
  };
}

function impliedBy(run: RunRecord, plan: UsagePlan, observation: Observation): ModelledParts {
  const { deployment } = run;
  if (deployment === undefined) return unmodelledParts(plan, observation);
  const { service } = deployment;
  return service === undefined
    ? modelledParts(run, plan, { ...deployment, newTable: plan.newTable }, observation)
    : serviceParts(run, plan, { service, observation });
}

function missedInRun({ events, fanOut }: Ledger): Reason[] {
  const ofPublishes =
    fanOut === null ? [] : missedPublishReasons(fanOut.missed, fanOut.publishes.outcomes.answered ?? 0);
  return [...missedReasons(events), ...ofPublishes];
}

function headOf(run: RunRecord, plan: UsagePlan): Pick<Report, 'schemaVersion' | 'title' | 'run'> {
  const { runId, loadlineVersion, commit, scenario, planFile, workload, routes, machine, outcome } = run;
  const { startedAt, loadStartedAt, loadEndedAt, endedAt, target } = run;
  return {
    schemaVersion: reportSchemaVersion,
    title: titleOf(run),
    run: {
      ...{ runId, loadlineVersion, commit, scenario, planFile, workload, machine, outcome },
      ...(routes && { routes }),
      ...{ startedAt, loadStartedAt, loadEndedAt, endedAt },
      target: {
        ...{ kind: target.kind, region: target.region, model: target.model },
        ...(target.graph?.databases && { databases: target.graph.databases }),
        ...(target.graph?.services && { services: target.graph.services }),
      },
      plan: plan.name,
    },
  };
}

function titleOf({ scenario, target, settings }: RunRecord): string {
  const name = scenarioName(scenario);
  const isService = target.resources !== null && settings.compute === 'server';
  switch (target.kind) {
    case 'local':
      return target.resources === null && target.graph
        ? `Load report: ${name} on the stack ${target.graph.stackName}, on this machine${describeLocalModel(target.model)}`
        : `${isService ? 'Load' : 'Capacity'} report: ${name} on the local target${isService ? ', as a service of tasks' : ''}${describeLocalModel(target.model)}`;
    case 'aws':
      return target.resources === null && target.graph
        ? `Capacity report: ${name} on the stack ${target.graph.stackName}, ${target.region}`
        : `${isService ? 'Load' : 'Capacity'} report: ${name} on AWS, ${target.region}${isService ? ', as a service of tasks' : ''}`;
    case 'endpoint':
      return `Load report: ${name} on ${hostOf(target.webSocketUrl)}`;
  }
}

/** Without path and query: these may hold secrets. */
const hostOf = (url: string | null): string => (url !== null && URL.canParse(url) ? new URL(url).host : 'an endpoint');

function withoutObservation(
  run: RunRecord,
  {
    observation,
    head,
    damage,
  }: { observation: Observation | null; head: ReturnType<typeof headOf>; damage: FolderDamage },
): Report {
  const { status, reasons } = statusOf({
    damaged: damageReasons(damage.since, 'Restore the folder from a copy, or run it again.'),
    partial: [
      ...partialReasons(run, observation?.client ?? null),
      ...damageReasons(damage.ofRun, 'Look in logs/ of the run folder for why it was written so.'),
    ],
    ...{ invalid: [], unjudged: [], sloBroken: [], causes: [], conduct: [] },
  });
  const none = { publishes: 0, binding: null, exhausted: null, horizonMonths: run.plan.horizonMonths };
  return {
    ...head,
    verdict: { status, sentence: verdictSentence({ status, run, reasons, ...none }), reasons },
    ...{ latency: [], slo: [], ledger: null, generator: null, conduct: null, resources: null, steadyState: [] },
    ...{ routes: [], latencyOverTime: [], distributions: [], happenings: [], deliveryStages: [], measuredFallback: [] },
    warnings: [],
    ...noModel,
    howMeasured: howMeasured(run, null),
  };
}

function measuredParts(run: RunRecord, plan: UsagePlan, observation: Observation) {
  const latency = latencyRows(observation);
  const ledger = ledgerOf(observation);
  const generator = generatorHealth(observation);
  const overTime = latencyOverTime(observation, plan.slo);
  const resources = resourceUseOf(observation, run.target.graph);
  return {
    latency,
    ledger,
    slo: sloRows(plan.slo, { observation, latency, ledger, generator, routes: run.routes }),
    routes: routeReports(run, observation),
    generator,
    conduct: conductOf(observation),
    resources,
    steadyState: steadyStateRows(observation, run.workload),
    latencyOverTime: overTime,
    distributions: latencyDistributions(observation, plan.slo),
    happenings: happeningsOf(observation, run, overTime),
    deliveryStages: deliveryStages(latency, resources, run.target.graph),
    measuredFallback: measuredFallback(observation, run.deployment?.code?.fallback ?? null),
  };
}

/** `/any/where/sync.yml` → `sync`. */
const scenarioName = (scenario: string): string => (scenario.split('/').at(-1) ?? scenario).replace(/\.ya?ml$/, '');
