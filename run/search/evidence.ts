/** What a trial's run folder shows about its limits: what was refused, CloudWatch, and the report's own figures. */

import type { FunctionUse, QueueUse, Refusals, TrialEvidence } from '../../capacity/search/bottleneck.ts';
import type { StackGraph } from '../../graph/model.ts';
import type { Observation } from '../../record/observation.ts';
import { readObservation } from '../../record/observation-file.ts';
import { isGeneratorReason } from '../../reports/analysis/generator.ts';
import { isCause } from '../../reports/analysis/judgement/cause-sentences.ts';
import { refusalsOf } from '../../reports/analysis/refusals.ts';
import {
  findSeries,
  maxOfSeries,
  numberOf,
  resourceIds,
  sumOfSeries,
  weightedMean,
} from '../../reports/analysis/series.ts';
import type { Report } from '../../reports/report.ts';

type Server = Observation['server'];

/** Reads it from the folder of a run that completed. `graph`: of the target's stack; undefined: nothing is known of its inside. */
export async function readEvidence(
  folder: string,
  report: Report,
  graph: StackGraph | undefined,
): Promise<TrialEvidence> {
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
    refusals: [...refusalsOf(server), ...(report.run.target.kind === 'local' ? [] : clientThrottles(client.totals))],
    functions: graph ? functionUses(server, graph) : [],
    queues: graph ? queueUses(server, graph, clock) : [],
    roundTripP99Ms: report.latency.find(({ id }) => id === 'roundTrip')?.steady?.p99?.ms ?? null,
    machineWaitShare: report.run.target.kind === 'local' ? machineWaitShare(server) : null,
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

function functionUses(server: Server, { apis, eventSources, functions }: StackGraph): FunctionUse[] {
  const answering = new Set(
    apis
      .filter(({ kind }) => kind === 'webSocket')
      .flatMap(({ routes }) => routes.filter(({ key }) => key !== '$connect' && key !== '$disconnect'))
      .flatMap(({ integration }) => (integration?.kind === 'function' ? [integration.id] : [])),
  );
  const emptying = new Set(eventSources.map((source) => source.function));
  return functions.map(({ id }) => ({
    id,
    serves: answering.has(id) ? 'message' : emptying.has(id) ? 'queue' : 'other',
    maxConcurrency: numberOf(maxOfSeries(server, `lambda.${id}.concurrentExecutions.max`)),
    meanMs: numberOf(weightedMean(server, `lambda.${id}.duration.avg`, `lambda.${id}.invocations.sum`)),
    p99Ms: numberOf(maxOfSeries(server, `lambda.${id}.duration.p99.window`)),
  }));
}

const queueUses = (server: Server, { eventSources }: StackGraph, clock: Observation['clock']): QueueUse[] =>
  eventSources.flatMap(({ from, function: emptiedBy, maximumConcurrency: pollerConcurrency }) =>
    from.kind !== 'queue'
      ? []
      : [
          {
            ...{ id: from.id, function: emptiedBy, pollerConcurrency },
            oldestAgeSeconds: numberOf(maxOfSeries(server, `sqs.${from.id}.oldestAgeSeconds.max`)),
            growing: isGrowing(server, from.id, clock),
          },
        ],
  );

/** Whether the queue held at least half as much again in the last third of the steady state as in the first, and over ten messages. */
function isGrowing(server: Server, queue: string, clock: Observation['clock']): boolean | null {
  const series = findSeries(server, `sqs.${queue}.visible.max`);
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

function machineWaitShare(server: Server): number | null {
  const waits = numberOf(sumOfSeries(server, 'local.environmentWaits.sum'));
  const invocations = resourceIds(server, 'lambda', 'invocations.sum')
    .map((id) => numberOf(sumOfSeries(server, `lambda.${id}.invocations.sum`)) ?? 0)
    .reduce((sum, each) => sum + each, 0);
  return waits === null || invocations === 0 ? null : waits / invocations;
}
