/** What a reader must know about a run's measurements: what is missing, insufficient or refused. */
import { isOfRoute } from '../../../capacity/demand/route-objectives.ts';
import type { Observation } from '../../../record/observation.ts';
import type { RunRecord } from '../../../record/run.ts';
import type { SloRow } from '../judgement/objective.ts';
import { failureOfFunction, functionFailureInWords } from '../judgement/own-failures.ts';
import type { LatencyRow } from '../latency.ts';
import { count, milliseconds, plural } from '../numbers.ts';
import { refusalName, refusalsOf } from '../refusals.ts';
import { maxOfSeries, resourceIds, sumOfSeries } from '../series.ts';
import { listed, type Reason, reasonIf } from './reason.ts';

export function measurementWarnings(
  { client, server }: Observation,
  latency: readonly LatencyRow[],
  { slo, routes }: { slo: readonly SloRow[]; routes: RunRecord['routes'] },
): Reason[] {
  const few = slo.filter(({ tooFewSamples }) => tooFewSamples).map(({ name }) => name);
  const noData = server.series.filter((series) => series.kind === 'noData');
  const failed = noData.filter((series) => series.failed);
  const sent = [...(routes?.message ?? []), ...(routes?.webhook ?? [])].map(({ name }) => name);
  return [
    ...reasonIf(
      few.length > 0,
      'tooFewSamples',
      `Too few samples for a p99 (299 are needed): ${few.join(', ')}.`,
      'Run for longer.',
    ),
    ...reasonIf(
      latency.every(({ steady }) => steady === null),
      'noSteadyState',
      'The run never reached its steady state: there are no steady latencies.',
      'Look at the timeline for where it stopped.',
    ),
    ...slo
      .filter(({ notJudged }) => notJudged?.kind === 'notMeasured')
      .flatMap(({ id, name }) =>
        reasonIf(
          true,
          `unmeasured.${id}`,
          `The objective for ${name} was not judged: nothing was measured.`,
          isOfRoute(id) && sent.length > 0
            ? `The run’s routes are ${listed(sent)}.`
            : 'Use a scenario and rates that exercise it.',
        ),
      ),
    ...reasonIf(
      noData.length > 0,
      'noData',
      `CloudWatch had no data for ${plural(noData.length, 'series', 'series')}${failed.length > 0 ? `, ${count(failed.length)} of which could not be collected` : ''}: ${listed(noData.map(({ key }) => key))}.`,
      'Missing is not zero: figures that need them are marked unknown.',
    ),
    ...reasonIf(
      client.unreadableLines > 0,
      'unreadableLines',
      `${plural(client.unreadableLines, 'line')} of client.ndjson could not be read.`,
      'The numbers of those seconds are missing.',
    ),
    ...machineWarning(server),
    ...standstillWarning(server),
    ...resourceIds(server, 'dynamodb', 'readThrottles.sum').flatMap((id) =>
      ['readThrottles', 'writeThrottles'].flatMap((kind) =>
        throttleWarning(server, `dynamodb.${id}.${kind}.sum`, `DynamoDB ${id}`),
      ),
    ),
    ...resourceIds(server, 'lambda', 'errors.sum').flatMap((id) => [
      ...throttleWarning(server, `lambda.${id}.throttles.sum`, `Lambda ${id}`),
      ...errorWarning(server, id),
    ]),
  ];
}

/** On the local target: invocations that waited for this machine, where AWS would have started an environment for each. */
function machineWarning(server: Observation['server']): Reason[] {
  const waits = total(server, 'local.environmentWaits.sum');
  const millis = sumOfSeries(server, 'local.environmentWaitMillis.sum');
  const mean = millis.kind === 'value' ? `, ${milliseconds(millis.value / waits)} each on average` : '';
  return reasonIf(
    waits > 0,
    'machineWaits',
    `${plural(waits, 'invocation')} waited for one of this machine’s Lambda environments${mean}; AWS would have started one for each.`,
    'This machine limits the measured concurrency maxima: use rate × mean duration instead.',
  );
}

/** On the local target: a process that was stopped, or that its machine gave no time. */
function standstillWarning(server: Observation['server']): Reason[] {
  const longest = maxOfSeries(server, 'local.longestStandstillMillis.max');
  const ms = longest.kind === 'value' ? longest.value : 0;
  return reasonIf(
    ms > 0,
    'standstill',
    `A process of the local target stood still for up to ${milliseconds(ms)}: what was slow then was this machine.`,
    'Run it again with nothing else on this machine.',
  );
}

function throttleWarning(server: Observation['server'], key: string, name: string): Reason[] {
  const throttles = total(server, key);
  return reasonIf(
    throttles > 0,
    `throttled.${key}`,
    `${name} was throttled ${plural(throttles, 'time')}.`,
    'See the headroom table for the quota.',
  );
}

function errorWarning(server: Observation['server'], id: string): Reason[] {
  const errors = total(server, `lambda.${id}.errors.sum`);
  const failure = failureOfFunction(server, id);
  const why = failure === null || failure.kind === 'thrown' ? '' : `: it ${functionFailureInWords(failure)}`;
  return reasonIf(errors > 0, `errors.${id}`, `Lambda ${id} failed ${plural(errors, 'time')}${why}.`, 'Read its log.');
}

/** Throttles are part of the answer: which quota, how often. */
export function refusalWarnings({ server }: Observation): Reason[] {
  return refusalsOf(server).map(({ quota, scope, refusals }) => ({
    code: `refused.${quota}${scope === null ? '' : `.${scope}`}`,
    sentence: `${refusalName({ quota, scope })} refused ${plural(refusals, 'request')}.`,
    next: 'Compare it with the headroom table; on a local target, per-second counts are in logs/decisions.ndjson.',
    quotaId: quota,
  }));
}

/** 0 where there is no data: only what was seen is reported. */
function total(server: Observation['server'], key: string): number {
  const sum = sumOfSeries(server, key);
  return sum.kind === 'value' ? sum.value : 0;
}
