/**
 * report.json: the whole answer of a run, made from run.json and observation.json and from nothing else. Programs may rely on it:
 * a field is never renamed or given another meaning within one `schemaVersion`; fields may be added. Times are ISO 8601 in UTC,
 * shares are 0 to 1, units stand in the names or in a `unit` beside the number. Null is "not known", never 0.
 */

import { type Cost, cost } from '../capacity/cost/cost.ts';
import { usEast1Prices } from '../capacity/cost/prices.ts';
import { type Backlog, backlog } from '../capacity/demand/backlog.ts';
import type { Coefficients } from '../capacity/demand/coefficients.ts';
import type { Load } from '../capacity/demand/load.ts';
import { measureCoefficients } from '../capacity/demand/measured-coefficients.ts';
import type { UsagePlan } from '../capacity/demand/plan.ts';
import { bindingQuota, demandsOf, headroom, type KnownHeadroom } from '../capacity/headroom/headroom.ts';
import { rolesOf } from '../capacity/headroom/lambda-quotas.ts';
import type { Deployment } from '../capacity/headroom/quota.ts';
import { quotasInForce } from '../capacity/headroom/quotas.ts';
import { project } from '../capacity/projection/projection.ts';
import { type Recommendation, recommend } from '../capacity/recommendations/recommendation.ts';
import type { Observation } from '../record/observation.ts';
import type { RunRecord } from '../record/run.ts';
import { type ConcurrencyRow, concurrencyTable, concurrencyWarnings } from './analysis/concurrency.ts';
import { type GeneratorHealth, generatorHealth, generatorReasons } from './analysis/generator.ts';
import { type HeadroomRow, headroomTable, laterPoints } from './analysis/headroom-table.ts';
import { howMeasured } from './analysis/how-measured.ts';
import { type LatencyRow, latencyTable } from './analysis/latency.ts';
import { type Ledger, ledgerOf, ledgerReasons } from './analysis/ledger.ts';
import { describeLocalModel } from './analysis/local-model.ts';
import { loadOfWorkload, measurementsOf } from './analysis/measurements.ts';
import { type ReportedProjection, reportedProjection } from './analysis/reported-projection.ts';
import { type SloRow, sloReasons, sloTable } from './analysis/slo.ts';
import { type Timeline, timelineOf } from './analysis/timeline.ts';
import { partialReasons, type Reason, statusOf, type Verdict, verdictSentence } from './analysis/verdict.ts';
import {
  endpointWarnings,
  ledgerWarnings,
  measurementWarnings,
  modelWarnings,
  refusalWarnings,
} from './analysis/warnings.ts';
import { deploymentOf, planOf } from './recorded.ts';

const reportSchemaVersion = 1;

export interface Report {
  schemaVersion: typeof reportSchemaVersion;
  title: string;
  run: ReportedRun;
  verdict: Verdict;
  /** Connect, round trip, webhook accept, delivery; service time apart. Empty without an observation. */
  latency: LatencyRow[];
  slo: SloRow[];
  ledger: Ledger | null;
  /** By least headroom today. Empty without an observation. */
  headroom: HeadroomRow[];
  /** Of the plan today. `modelled`: the run was local. Null when no quota has a known demand. */
  binding: { modelled: boolean; quota: KnownHeadroom; runnerUp: KnownHeadroom | null } | null;
  concurrency: ConcurrencyRow[];
  /** The plan's dates, without the tables behind them. */
  projection: ReportedProjection | null;
  /** What the plan's webhook burst leaves in the queue, today. */
  queueBurst: Backlog | { kind: 'unknown'; reason: string } | null;
  cost: { label: string; date: string; cost: Cost }[];
  /** What to set and what to ask AWS for, each with its calculation. Empty without an observation. */
  recommendations: Recommendation[];
  warnings: Reason[];
  timeline: Timeline | null;
  generator: GeneratorHealth | null;
  coefficients: Coefficients | null;
  howMeasured: string[];
}

type ReportedRun = Pick<
  RunRecord,
  | 'runId'
  | 'loadlineVersion'
  | 'commit'
  | 'scenario'
  | 'planFile'
  | 'workload'
  | 'machine'
  | 'startedAt'
  | 'loadStartedAt'
  | 'loadEndedAt'
  | 'endedAt'
  | 'outcome'
> & { target: Pick<RunRecord['target'], 'kind' | 'region' | 'notes'>; plan: string };

/** Makes the report of a run. Pure. `observation` is null when the run has none: then the report is partial, and says what there is. */
export function buildReport(run: RunRecord, observation: Observation | null): Report {
  const plan = planOf(run);
  const head = headOf(run, plan);
  if (observation === null) return withoutObservation(run, plan, head);
  const measured = measuredParts(plan, observation);
  const modelled =
    run.target.kind === 'endpoint'
      ? unmodelledParts(plan, observation)
      : modelledParts(run, plan, deploymentOf(run), observation);
  const { status, reasons } = statusOf({
    partial: partialReasons(run, observation.client),
    invalid: [...generatorReasons(measured.generator), ...ledgerReasons(measured.ledger)],
    sloBroken: sloReasons(measured.slo),
  });
  const sentence = verdictSentence({
    status,
    run,
    reasons,
    publishes: measured.ledger?.fanOut?.publishes.intended ?? 0,
    binding: modelled.binding?.quota ?? null,
    runnerUp: modelled.binding?.runnerUp ?? null,
    exhausted: modelled.projection?.first ?? null,
    horizonMonths: plan.horizonMonths,
  });
  return {
    ...head,
    verdict: { status, sentence, reasons },
    ...measured,
    ...modelled,
    warnings: [
      ...(modelled.coefficients ? modelWarnings(run, modelled.coefficients) : endpointWarnings()),
      ...refusalWarnings(observation),
      ...ledgerWarnings(measured.ledger, { asksServer: run.target.kind !== 'endpoint' }),
      ...measurementWarnings(observation, measured.latency, measured.slo),
      ...concurrencyWarnings(modelled.concurrency),
    ],
    howMeasured: howMeasured(run, observation),
  };
}

function headOf(run: RunRecord, plan: UsagePlan): Pick<Report, 'schemaVersion' | 'title' | 'run'> {
  const { runId, loadlineVersion, commit, scenario, planFile, workload, machine, outcome } = run;
  const { startedAt, loadStartedAt, loadEndedAt, endedAt, target } = run;
  return {
    schemaVersion: reportSchemaVersion,
    title: titleOf(run),
    run: {
      ...{ runId, loadlineVersion, commit, scenario, planFile, workload, machine, outcome },
      ...{ startedAt, loadStartedAt, loadEndedAt, endedAt },
      target: { kind: target.kind, region: target.region, notes: target.notes },
      plan: plan.name,
    },
  };
}

function titleOf({ scenario, target }: RunRecord): string {
  const name = scenarioName(scenario);
  switch (target.kind) {
    case 'local':
      return `Capacity report: ${name} on the local target${describeLocalModel(target.notes)}`;
    case 'aws':
      return `Capacity report: ${name} on AWS, ${target.region}`;
    case 'endpoint':
      return `Load report: ${name} on ${hostOf(target.webSocketUrl)}`;
  }
}

/** Without path and query: these may hold secrets. */
const hostOf = (url: string | null): string => (url !== null && URL.canParse(url) ? new URL(url).host : 'an endpoint');

function withoutObservation(run: RunRecord, plan: UsagePlan, head: ReturnType<typeof headOf>): Report {
  const reasons = partialReasons(run, null);
  const none = { publishes: 0, binding: null, runnerUp: null, exhausted: null, horizonMonths: plan.horizonMonths };
  const sentence = verdictSentence({ status: 'partial', run, reasons, ...none });
  return {
    ...head,
    verdict: { status: 'partial', sentence, reasons },
    ...{ latency: [], slo: [], ledger: null, headroom: [], binding: null, concurrency: [], projection: null },
    ...{
      queueBurst: null,
      cost: [],
      recommendations: [],
      warnings: [],
      timeline: null,
      generator: null,
      coefficients: null,
    },
    howMeasured: howMeasured(run, null),
  };
}

function measuredParts(plan: UsagePlan, observation: Observation) {
  const latency = latencyTable(observation.client);
  const ledger = ledgerOf(observation);
  return { latency, ledger, slo: sloTable(plan.slo, latency, ledger), generator: generatorHealth(observation) };
}

type ModelledParts = Pick<
  Report,
  | 'coefficients'
  | 'headroom'
  | 'binding'
  | 'concurrency'
  | 'projection'
  | 'queueBurst'
  | 'cost'
  | 'recommendations'
  | 'timeline'
>;

/** Of an endpoint's inside nothing is known, so nothing follows for AWS. */
function unmodelledParts(plan: UsagePlan, observation: Observation): ModelledParts {
  return {
    ...{ coefficients: null, headroom: [], binding: null, concurrency: [], projection: null, queueBurst: null },
    ...{ cost: [], recommendations: [], timeline: timelineOf(observation, [], plan.slo) },
  };
}

function modelledParts(
  run: RunRecord,
  plan: UsagePlan,
  deployment: Deployment,
  observation: Observation,
): ModelledParts {
  const modelled = run.target.kind === 'local';
  const coefficients = measureCoefficients(measurementsOf(run, observation));
  const quotas = quotasInForce(deployment, plan.quotas);
  const load = loadOfWorkload(run.workload);
  const runRows = headroom(demandsOf(load, coefficients, deployment, quotas), quotas);
  const projection = project(plan, coefficients, quotas, deployment);
  const today = projection.points[0];
  const binding = bindingQuota(today?.headroom ?? []);
  const priced = [...(today ? [{ label: 'today', point: today }] : []), ...laterPoints(projection.points)].map(
    ({ label, point }) => ({
      label,
      date: point.date,
      cost: cost({ load: point.load, coefficients, deployment }, usEast1Prices),
    }),
  );
  return {
    coefficients,
    headroom: headroomTable(quotas, runRows, projection.points),
    binding: binding.kind === 'binds' ? { modelled, quota: binding.binding, runnerUp: binding.runnerUp } : null,
    concurrency: concurrencyTable(load, coefficients, observation, rolesOf(deployment)),
    projection: reportedProjection(projection, plan, modelled),
    queueBurst: queueBurstOf(today?.load, coefficients, deployment),
    cost: priced,
    recommendations: recommend({ plan, coefficients, quotas, deployment }),
    timeline: timelineOf(observation, quotas, plan.slo),
  };
}

/** Pollers begin with 5 concurrent batches and add 300 a minute (AWS Lambda developer guide, SQS scaling, read 2026-11). */
const pollerStart = 5;
const pollerRampPerSecond = 300 / 60;
const pollerMaximum = 1_250;

function queueBurstOf(
  load: Load | undefined,
  coefficients: Coefficients,
  deployment: Deployment,
): Report['queueBurst'] {
  if (!load?.webhookBurst) return null;
  const batches = coefficients.invocations.deliver;
  const seconds = coefficients.meanSeconds.deliver;
  if (batches.kind === 'unknown') return { kind: 'unknown', reason: batches.reason };
  if (seconds.kind === 'unknown') return { kind: 'unknown', reason: seconds.reason };
  if (batches.value * seconds.value <= 0)
    return { kind: 'unknown', reason: 'The deliver function was not seen at work.' };
  const perExecution = 1 / (batches.value * seconds.value);
  const maximum = Math.min(
    deployment.maximumConcurrency ?? pollerMaximum,
    deployment.reservedConcurrency.deliver ?? pollerMaximum,
  );
  return backlog({
    burstRatePerSecond: load.webhookBurst.ratePerSecond,
    burstSeconds: load.webhookBurst.lastsSeconds,
    restRatePerSecond: load.webhookRatePerSecond,
    service: {
      startPerSecond: pollerStart * perExecution,
      rampPerSecond2: pollerRampPerSecond * perExecution,
      maxPerSecond: maximum * perExecution,
    },
  });
}

/** `/any/where/sync.yml` → `sync`. */
const scenarioName = (scenario: string): string => (scenario.split('/').at(-1) ?? scenario).replace(/\.ya?ml$/, '');
