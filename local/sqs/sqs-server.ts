/** SQS in this process: fauxqs with AWS's limits, both of its protocols, and metrics. Of its own HTTP server only what is no call of SQS is left. */
import { buildApp } from 'fauxqs';
import { layBefore } from '../process/compose.ts';
import { refuseForeign } from '../process/foreign-requests.ts';
import { listenError, localHost } from '../process/listen.ts';
import type { MetricBatch, SqsConfiguration } from '../process/messages.ts';
import { noteDeadLetters } from './dead-letter-source.ts';
import { loadActions } from './fauxqs-actions.ts';
import { createStore, type SqsStore } from './fauxqs-store.ts';
import { setUpFifoQueue } from './fifo-queue.ts';
import { jsonLayer } from './json-protocol.ts';
import { queryLayer } from './query-protocol.ts';
import { queueContentsLayer } from './queue-contents.ts';
import { QueueMetrics } from './queue-metrics.ts';
import { RequestChecks } from './request-checks.ts';
import { refuseUnsigned } from './signed-requests.ts';
import { type SqsInterposition, SqsService } from './sqs-service.ts';
import { setUpStandardQueue } from './standard-queue.ts';

type Stores = NonNullable<NonNullable<Parameters<typeof buildApp>[0]>['stores']>;

export interface SqsServer {
  url: string;
  /** Metrics gathered since the last call. */
  drainMetrics: (timestampMs: number) => MetricBatch[];
  stop: () => Promise<void>;
}
export interface SqsServerSettings extends Pick<SqsConfiguration, 'port' | 'region' | 'queues' | 'limits'> {
  interpose?: (store: SqsStore) => SqsInterposition;
}

/** Listens once it settles. @throws one sentence if the port is in use. */
export async function startSqsServer({
  port,
  region,
  queues,
  limits,
  interpose,
}: SqsServerSettings): Promise<SqsServer> {
  const store = await createStore((queue) => {
    setUpStandardQueue(queue, { inFlightLimit: limits.sqsInFlightMessages });
    setUpFifoQueue(queue);
    noteDeadLetters(queue);
  });
  // The cast: fauxqs creates the stores that it is not given, although its types require all three.
  const app = buildApp({ logger: false, defaultRegion: region, stores: { sqsStore: store } as Stores });
  const metrics = new QueueMetrics();
  const checks = new RequestChecks(store, limits, (quota, queueName) => metrics.refused(quota, queueName));
  const interposition = interpose?.(store) ?? null;
  const service = new SqsService({ store, actions: await loadActions(), checks, metrics, interposition });
  layBefore(app.server, [
    refuseForeign('tools'),
    queueContentsLayer(store),
    ...(interposition ? [interposition.layer] : []),
    refuseUnsigned,
    jsonLayer(service),
    queryLayer(service),
  ]);
  app.server.keepAliveTimeout = 75_000;
  await app.listen({ port, host: localHost }).catch((error) => {
    throw listenError(error, port, 'sqs');
  });
  const address = app.server.address();
  const url = `http://${localHost}:${typeof address === 'object' ? address?.port : port}`;
  for (const { queueName, arn, attributes } of queues) {
    store.createQueue(queueName, `${url}/${arn.split(':')[4]}/${queueName}`, arn, attributes);
  }
  return { url, drainMetrics: (timestampMs) => metrics.drain(store, timestampMs), stop: () => app.close() };
}
