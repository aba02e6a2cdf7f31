/** SQS in this process: fauxqs with AWS's limits, both of its protocols, and metrics. */
import { buildApp } from 'fauxqs';
import { type Layer, layBefore } from '../process/compose.ts';
import { refuseForeign } from '../process/foreign-requests.ts';
import { listenError, localHost } from '../process/listen.ts';
import type { MetricBatch, SqsConfiguration } from '../process/messages.ts';
import { addDeadLetterSource, noteDeadLetters } from './dead-letter-source.ts';
import { createStore, type SqsStore } from './fauxqs-store.ts';
import { setUpFifoQueue } from './fifo-queue.ts';
import { queryLayer } from './query-protocol.ts';
import { queueContentsLayer } from './queue-contents.ts';
import { QueueMetrics } from './queue-metrics.ts';
import { entriesOf, RequestChecks } from './request-checks.ts';
import { refuseUnsigned } from './signed-requests.ts';
import { putBack, setUpStandardQueue } from './standard-queue.ts';

type Stores = NonNullable<NonNullable<Parameters<typeof buildApp>[0]>['stores']>;
type App = ReturnType<typeof buildApp>;

export interface SqsServer {
  url: string;
  /** Metrics gathered since the last call. */
  drainMetrics: (timestampMs: number) => MetricBatch[];
  stop: () => Promise<void>;
}
export interface SqsServerSettings extends Pick<SqsConfiguration, 'port' | 'region' | 'queues' | 'limits'> {
  /** The last change to the app before it listens: faults between its clients and its queues. Its layer comes first. */
  interpose?: (app: App, store: SqsStore) => Layer;
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
  const actionOf = (target: unknown) => String(target ?? '').replace(/^.*\./, '');
  app.addHook('preHandler', async (request, reply) => {
    const { body } = request;
    if (typeof body !== 'object' || body === null) return;
    const action = actionOf(request.headers['x-amz-target']);
    // What has become visible again is not in flight any more, whether or not anybody has looked since.
    if (action.startsWith('ChangeMessageVisibility'))
      store.getQueue(String(Reflect.get(body, 'QueueUrl')))?.processTimers();
    const refusal = checks.refusal(action, body as Record<string, unknown>, Date.now());
    if (refusal === null) return;
    reply.code(refusal.status);
    reply.header('content-type', 'application/x-amz-json-1.0');
    reply.header('x-amzn-query-error', `${refusal.queryCode};Sender`);
    return reply.send({ __type: `com.amazonaws.sqs#${refusal.code}`, message: refusal.message });
  });
  app.addHook('preSerialization', async (request, reply, output) => {
    if (reply.statusCode !== 200 || typeof output !== 'object' || output === null) return output;
    const action = actionOf(request.headers['x-amz-target']);
    const input = request.body as Record<string, unknown>;
    if (action === 'ReceiveMessage' && request.raw.socket.destroyed) {
      const queue = store.getQueue(String(input.QueueUrl));
      for (const { ReceiptHandle } of entriesOf({ Entries: Reflect.get(output, 'Messages') })) {
        if (queue) putBack(queue, String(ReceiptHandle));
      }
      return output;
    }
    const queue = action === 'ReceiveMessage' ? store.getQueue(String(input.QueueUrl)) : undefined;
    if (queue) addDeadLetterSource(queue, input, output);
    metrics.observe(action, input, { ...output });
    return output;
  });
  const outermost = interpose?.(app, store);
  layBefore(app.server, [
    refuseForeign('tools'),
    queueContentsLayer(store),
    ...(outermost ? [outermost] : []),
    refuseUnsigned,
    queryLayer(app),
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
