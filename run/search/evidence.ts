/** What a trial's run folder shows about its limits: what was refused, CloudWatch, and the report's own figures. */

import { rolesOf } from '../../capacity/headroom/lambda-quotas.ts';
import type { Deployment } from '../../capacity/headroom/quota.ts';
import type { FunctionUse, Refusals, TrialEvidence } from '../../capacity/search/bottleneck.ts';
import type { Observation } from '../../record/observation.ts';
import { readObservation } from '../../record/observation-file.ts';
import { isGeneratorReason } from '../../reports/analysis/generator.ts';
import { isCause } from '../../reports/analysis/judgement/cause-sentences.ts';
import { refusalsOf } from '../../reports/analysis/refusals.ts';
import { findSeries, maxOfSeries, sumOfSeries, weightedMean } from '../../reports/analysis/series.ts';
import type { Report } from '../../reports/report.ts';

type Server = Observation['server'];

/** Reads it from the folder of a run that completed. */
export async function readEvidence(folder: string, report: Report, deployment: Deployment): Promise<TrialEvidence> {
  const observation = await readObservation(folder);
  if (observation === null) throw new Error(`The trial in ${folder} has no observation.`);
  const { client, server, clock } = observation;
  const { reasons, status } = report.verdict;
  const generator = status === 'invalid' ? reasons.filter(isGeneratorReason) : [];
  const broken = reasons.filter((reason) => !isGeneratorReason(reason) && !isCause(reason));
  return {
    generatorLimited: generator[0]?.sentence ?? null,
    broken: broken.map(({ sentence }) => sentence),
    brokenCodes: broken.map(({ code }) => code),
    refusals: [...refusalsOf(server), ...(report.run.target.kind === 'aws' ? clientThrottles(client.totals) : [])],
    functions: rolesOf(deployment).map((role) => functionUse(server, role)),
    pollerConcurrency: deployment.maximumConcurrency,
    queue: {
      oldestAgeSeconds: numberOf(maxOfSeries(server, 'sqs.queue.oldestAgeSeconds.max')),
      growing: isGrowing(server, clock),
    },
    roundTripP99Ms: report.latency.find(({ id }) => id === 'roundTrip')?.steady?.p99?.ms ?? null,
    machineWaitShare: report.run.target.kind === 'local' ? machineWaitShare(server, deployment) : null,
  };
}

/**
 * API Gateway has no metric for what it throttles, but answers 429, which the client has counted. A throttled function shows as 500 or 503,
 * as far as AWS says, and so is not among these.
 */
export function clientThrottles({
  connectsThrottled,
  webhooksThrottled,
}: Pick<Observation['client']['totals'], 'connectsThrottled' | 'webhooksThrottled'>): Refusals[] {
  return [
    { quota: 'apiGatewayThrottles', scope: 'new connections', refusals: connectsThrottled },
    { quota: 'apiGatewayThrottles', scope: 'webhook posts', refusals: webhooksThrottled },
  ].filter(({ refusals }) => refusals > 0);
}

function functionUse(server: Server, role: FunctionUse['role']): FunctionUse {
  return {
    role,
    maxConcurrency: numberOf(maxOfSeries(server, `lambda.${role}.concurrentExecutions.max`)),
    meanMs: numberOf(weightedMean(server, `lambda.${role}.duration.avg`, `lambda.${role}.invocations.sum`)),
    p99Ms: numberOf(maxOfSeries(server, `lambda.${role}.duration.p99.window`)),
  };
}

/** Whether the queue held at least half as much again in the last third of the steady state as in the first, and over ten messages. */
function isGrowing(server: Server, clock: Observation['clock']): boolean | null {
  const series = findSeries(server, 'sqs.queue.visible.max');
  const { steadyFirstSecond: first, steadyLastSecond: last } = clock;
  if (series?.kind !== 'series' || first === null || last === null) return null;
  const third = (last - first + 1) / 3;
  const meanOf = (from: number, to: number) => {
    const values = series.points.filter(([second]) => second >= from && second < to).map(([, value]) => value);
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  const [early, late] = [meanOf(first, first + third), meanOf(last + 1 - third, last + 1)];
  return early === null || late === null ? null : late > 10 && late > 1.5 * early;
}

function machineWaitShare(server: Server, deployment: Deployment): number | null {
  const waits = numberOf(sumOfSeries(server, 'local.environmentWaits.sum'));
  const invocations = rolesOf(deployment)
    .map((role) => numberOf(sumOfSeries(server, `lambda.${role}.invocations.sum`)) ?? 0)
    .reduce((sum, each) => sum + each, 0);
  return waits === null || invocations === 0 ? null : waits / invocations;
}

const numberOf = (answer: { kind: string; value?: number }): number | null => answer.value ?? null;
