import { type PollerScaling, provisionedScaling } from '../../aws/poller-scaling.ts';
import type { MetricStore } from '../cloudwatch/store/metric-store.ts';
import type { LambdaService } from '../lambda/lambda-service.ts';
import type { Limits } from '../quota/limits.ts';
import { scaleCount } from '../quota/resolve-limits.ts';
import type { EventSourceModel, StackModel } from '../template/model.ts';
import { EventSourceMetrics } from './event-source-metrics.ts';
import { EventSourcePoller } from './event-source-poller.ts';
import type { SqsClient } from './sqs-client.ts';

/** Of Lambda's own pollers, or of those that are provisioned; scaled with all other concurrencies. */
function scalingOf({ provisionedPollers }: EventSourceModel, limits: Limits): PollerScaling {
  if (provisionedPollers === null) return limits;
  const scaling = provisionedScaling(provisionedPollers);
  const { quotaScale } = limits;
  return {
    pollerInitialConcurrency: scaleCount(scaling.pollerInitialConcurrency, quotaScale),
    pollerGrowthPerMinute: scaling.pollerGrowthPerMinute * quotaScale,
    pollerMaxConcurrency: scaleCount(scaling.pollerMaxConcurrency, quotaScale),
    pollerIdleConcurrency: scaleCount(scaling.pollerIdleConcurrency, quotaScale),
  };
}

/** A poller for each event source of the stack. @throws one sentence for a queue that is not in the stack. */
export function startPollers(
  stack: StackModel,
  service: { lambda: LambdaService; sqs: SqsClient; sqsUrl: string; limits: Limits; store: MetricStore },
): EventSourcePoller[] {
  return stack.eventSources.map((source) => {
    const queue = stack.queues.find(({ arn }) => arn === source.queueArn);
    if (!queue) throw new Error(`The event source ${source.logicalId} names a queue that is not in the stack.`);
    return new EventSourcePoller({
      source,
      queueUrl: `${service.sqsUrl}/${stack.accountId}/${queue.queueName}`,
      region: stack.region,
      // SQS's default is 30 s.
      visibilityTimeoutMs: Number(queue.attributes.VisibilityTimeout ?? 30) * 1_000,
      scaling: scalingOf(source, service.limits),
      sqs: service.sqs,
      lambda: service.lambda,
      metrics:
        source.countedAs === undefined ? null : new EventSourceMetrics(service.store, source.countedAs, Date.now),
      onError: (error) => console.error(`Event source ${source.logicalId}:`, error),
    });
  });
}
