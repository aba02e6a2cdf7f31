/** Event sources of functions: queues, and the streams of tables. Pure. */
import { uuidOf } from '../../template/identities.ts';
import { type PropertyReader, propertiesOf } from '../../template/properties.ts';
import { isObject, type Json } from '../../template/template-error.ts';
import type { EventSourceModel, StreamSourceModel } from './model.ts';
import type { TemplateResource } from './resources.ts';

export type AnyEventSource =
  | { kind: 'queue'; source: EventSourceModel }
  | { kind: 'stream'; source: StreamSourceModel };

/** @param functionOf the function that a name or ARN means. @returns none if it is disabled. */
export function eventSourceOf(
  resource: TemplateResource,
  functionOf: (read: PropertyReader, property: string) => string,
): AnyEventSource[] {
  const read = propertiesOf(resource);
  if (read.flag('Enabled') === false) return [];
  const functionName = functionOf(read, 'FunctionName');
  const arn = read.neededText('EventSourceArn');
  const common = {
    logicalId: resource.logicalId,
    functionName,
    batchWindowMs: (read.number('MaximumBatchingWindowInSeconds') ?? 0) * 1_000,
    reportsBatchItemFailures: read.texts('FunctionResponseTypes').includes('ReportBatchItemFailures'),
    filters: filtersOf(read),
  };
  if (/^arn:aws:dynamodb:.*\/stream\//.test(arn))
    return [{ kind: 'stream', source: { ...common, ...streamParts(read, arn) } }];
  if (!arn.startsWith('arn:aws:sqs:'))
    throw read.error('EventSourceArn', `${arn} is not supported: SQS queues and DynamoDB streams only`);
  const scaling = read.json('ScalingConfig');
  const maximum = isObject(scaling) ? scaling.MaximumConcurrency : undefined;
  const metrics = read.json('MetricsConfig');
  const countsEvents = isObject(metrics) && Array.isArray(metrics.Metrics) && metrics.Metrics.includes('EventCount');
  const source = {
    ...common,
    queueArn: arn,
    batchSize: read.number('BatchSize') ?? 10,
    maximumConcurrency: maximum === undefined ? null : Number(maximum),
    provisionedPollers: provisionedPollersOf(read),
    ...(countsEvents && { countedAs: uuidOf(resource.logicalId) }),
  };
  return [{ kind: 'queue', source }];
}

/** Defaults of the Lambda developer guide, "Configuring scaling behavior for SQS event source mappings", read November 2026. */
function provisionedPollersOf(read: PropertyReader): EventSourceModel['provisionedPollers'] {
  const given = read.json('ProvisionedPollerConfig');
  if (!isObject(given)) return null;
  const minimum = Number(given.MinimumPollers ?? 2);
  const maximum = Number(given.MaximumPollers ?? 200);
  if (!(minimum >= 1 && minimum <= maximum))
    throw read.error('ProvisionedPollerConfig', 'needs MinimumPollers that are at most its MaximumPollers');
  if (read.json('ScalingConfig') !== undefined)
    throw read.error('ProvisionedPollerConfig', 'and ScalingConfig exclude each other');
  return { minimum, maximum };
}

/** Defaults of the Lambda API reference, CreateEventSourceMapping, read November 2026. */
function streamParts(read: PropertyReader, streamArn: string) {
  const position = read.neededText('StartingPosition');
  if (position !== 'TRIM_HORIZON' && position !== 'LATEST')
    throw read.error('StartingPosition', `${position} is not supported: TRIM_HORIZON and LATEST only`);
  // -1: without limit.
  const limited = (value: number | undefined) => (value === undefined || value < 0 ? null : value);
  const ageSeconds = limited(read.number('MaximumRecordAgeInSeconds'));
  return {
    streamArn,
    batchSize: read.number('BatchSize') ?? 100,
    startingPosition: position,
    parallelizationFactor: read.number('ParallelizationFactor') ?? 1,
    maximumRetries: limited(read.number('MaximumRetryAttempts')),
    maximumAgeMs: ageSeconds === null ? null : ageSeconds * 1_000,
    bisects: read.flag('BisectBatchOnFunctionError') ?? false,
    onFailureArn: onFailureOf(read),
  } as const;
}

function onFailureOf(read: PropertyReader): string | null {
  const destinations = read.json('DestinationConfig');
  const onFailure =
    isObject(destinations) && isObject(destinations.OnFailure) ? destinations.OnFailure.Destination : undefined;
  if (onFailure === undefined) return null;
  const arn = String(onFailure);
  if (!arn.startsWith('arn:aws:sqs:'))
    throw read.error('DestinationConfig', `${arn} is not supported: SQS queues only`);
  return arn;
}

/** Patterns of which one has to match. */
function filtersOf(read: PropertyReader): Json[] {
  const criteria = read.json('FilterCriteria');
  const filters = isObject(criteria) && Array.isArray(criteria.Filters) ? criteria.Filters : [];
  return filters.map((filter) => {
    const pattern = isObject(filter) ? filter.Pattern : undefined;
    try {
      return JSON.parse(String(pattern)) as Json;
    } catch {
      throw read.error('FilterCriteria', `has a pattern that is not JSON: ${String(pattern)}`);
    }
  });
}
