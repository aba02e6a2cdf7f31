/** The process that serves SQS: fauxqs in memory, with the stack's queues. */
import { buildApp } from 'fauxqs';
import { startInterference } from '../interference/interference.ts';
import { interfereWithQueues } from '../interference/queue-interference.ts';
import { runChild } from '../process/child.ts';
import { explain, localHost } from '../process/listen.ts';
import type { ServiceReady, SqsConfiguration } from '../process/messages.ts';
import { createStore } from './fauxqs-store.ts';
import { QueueMetrics } from './queue-metrics.ts';

type Stores = NonNullable<NonNullable<Parameters<typeof buildApp>[0]>['stores']>;

runChild<SqsConfiguration, ServiceReady>(async ({ port, region, queues, interference: chosen }, report) => {
  const store = await createStore();
  // The cast: fauxqs makes the stores that it is not given, though its types ask for all three.
  const app = buildApp({ logger: false, defaultRegion: region, stores: { sqsStore: store } as Stores });
  const metrics = new QueueMetrics();
  app.addHook('preSerialization', async (request, reply, output) => {
    const action =
      String(request.headers['x-amz-target'] ?? '')
        .split('.')
        .at(-1) ?? '';
    if (reply.statusCode === 200 && typeof output === 'object' && output !== null) {
      metrics.observe(action, request.body as Record<string, unknown>, { ...output });
    }
    return output;
  });
  const interference = startInterference(chosen, 'sqs');
  interfereWithQueues(app, store, interference);
  app.server.keepAliveTimeout = 75_000;
  await app.listen({ port, host: localHost }).catch((error) => {
    throw explain(error, port, 'ports.sqs');
  });
  const address = app.server.address();
  const url = `http://${localHost}:${typeof address === 'object' ? address?.port : port}`;
  for (const { queueName, arn, attributes } of queues) {
    store.createQueue(queueName, `${url}/${arn.split(':')[4]}/${queueName}`, arn, attributes);
  }
  const timer = setInterval(() => {
    const batches = [...metrics.drain(store, Date.now()), ...interference.drain(Date.now())];
    report({ kind: 'metrics', batches });
  }, 1_000);
  return {
    ready: { url },
    onFaults: (faults) => interference.setFaults(faults),
    async stop() {
      clearInterval(timer);
      interference.close();
      await app.close();
    },
  };
});
