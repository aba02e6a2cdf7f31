import type { MetricStore } from '../cloudwatch/store/metric-store.ts';
import type { LambdaService } from '../lambda/lambda-service.ts';
import type { SqsClient } from '../sqs/sqs-client.ts';
import type { StackModel } from '../template/model.ts';
import { StreamClient } from './stream-client.ts';
import { StreamPoller } from './stream-poller.ts';

export interface StreamPollers {
  stop: () => Promise<void>;
}

/** A poller for each stream that feeds a function. @throws one sentence for a table or queue that is not in the stack. */
export function startStreamPollers(
  stack: StackModel,
  service: { lambda: LambdaService; sqs: SqsClient; sqsUrl: string; dynamodbUrl: string; store: MetricStore },
): StreamPollers {
  const streams = new StreamClient(service.dynamodbUrl, stack.region);
  const pollers = stack.streamSources.map((source) => {
    if (!stack.tables.some(({ stream }) => stream?.arn === source.streamArn))
      throw new Error(`The event source ${source.logicalId} names a stream that no table of the stack has.`);
    const queue = stack.queues.find(({ arn }) => arn === source.onFailureArn);
    if (source.onFailureArn !== null && !queue)
      throw new Error(`The event source ${source.logicalId} names a queue for failures that is not in the stack.`);
    const QueueUrl = `${service.sqsUrl}/${stack.accountId}/${queue?.queueName}`;
    return new StreamPoller({
      source,
      streams,
      lambda: service.lambda,
      metrics: service.store,
      ...(queue && { onGivenUp: (message) => service.sqs.call('SendMessage', { QueueUrl, MessageBody: message }) }),
      onError: (error) => console.error(`Event source ${source.logicalId}:`, error),
    });
  });
  return {
    async stop() {
      await Promise.all(pollers.map((poller) => poller.stop()));
      streams.close();
    },
  };
}
