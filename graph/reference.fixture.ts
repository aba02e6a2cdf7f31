/** The graph of the reference stack, as far as tests need it; names are those of metrics/target.fixture.ts. */
import type { FunctionNode, Queue, Route, StackGraph } from './model.ts';

const functionNode = (id: string): FunctionNode => ({
  ...{ id, name: `fn-${id}`, memoryMb: 512, timeoutSeconds: 10, reservedConcurrency: null },
});
const route = (key: string, id: string, authorizer: Route['authorizer'] = null): Route => ({
  ...{ key, integration: { kind: 'function', id }, authorizer },
});

/** `sqs`: base URL of its queues. */
export function referenceGraph({
  sqs = 'http://sqs',
  maximumConcurrency = null,
}: {
  sqs?: string;
  maximumConcurrency?: number | null;
} = {}): StackGraph {
  const queueNode = (id: string, name: string, deadLetters: Queue['deadLetters']): Queue => ({
    ...{ id, name, url: `${sqs}/000000000000/${name}`, isFifo: false, visibilityTimeoutSeconds: 60, deadLetters },
  });
  return {
    stackName: 'stack',
    apis: [
      {
        ...{ id: 'webhook', kind: 'http', apiId: 'http1', name: null, stages: ['$default'] },
        routes: [route('POST /webhooks', 'ingest')],
      },
      {
        ...{ id: 'websocket', kind: 'webSocket', apiId: 'ws1', name: null, stages: ['prod'] },
        routes: [
          route('$connect', 'connect', { kind: 'function', id: 'authorize', cachedSeconds: 0 }),
          route('$disconnect', 'disconnect'),
          route('ping', 'message'),
        ],
      },
    ],
    functions: ['authorize', 'connect', 'deliver', 'disconnect', 'ingest', 'message'].map(functionNode),
    queues: [
      queueNode('deadLetter', 'events-dlq', null),
      queueNode('queue', 'events', { id: 'deadLetter', maxReceiveCount: 5 }),
    ],
    tables: [{ id: 'table', name: 'table', provisioned: null, indexes: [], hasStream: false }],
    eventSources: [
      {
        ...{ id: 'queueToDeliver', from: { kind: 'queue', id: 'queue' }, function: 'deliver' },
        ...{ batchSize: 10, batchWindowSeconds: 0, maximumConcurrency },
      },
    ],
    reaches: [
      ...['connect', 'disconnect', 'message', 'deliver'].map((from) => ({ from, to: 'table' })),
      ...['message', 'deliver'].map((from) => ({ from, to: 'websocket' })),
      { from: 'ingest', to: 'queue' },
    ],
  };
}
