/** A small stack: connections are stored in a table; orders come through an HTTP API and a queue, and are pushed. */
import type { FunctionNode, StackGraph } from './model.ts';

const functionNode = (id: string): FunctionNode => ({
  ...{ id, name: `chat-${id}`, memoryMb: 256, timeoutSeconds: 10, reservedConcurrency: null },
});

export const exampleGraph = (): StackGraph => ({
  stackName: 'chat',
  apis: [
    {
      ...{ id: 'Chat', kind: 'webSocket', apiId: 'abc123', name: null, stages: ['prod'] },
      routes: [
        {
          key: '$connect',
          integration: { kind: 'function', id: 'OnConnect' },
          authorizer: { kind: 'function', id: 'Guard', cachedSeconds: 0 },
        },
        { key: '$disconnect', integration: { kind: 'function', id: 'OnConnect' }, authorizer: null },
        { key: 'send', integration: { kind: 'function', id: 'Send' }, authorizer: null },
      ],
    },
    {
      ...{ id: 'Orders', kind: 'http', apiId: 'def456', name: null, stages: ['$default'] },
      routes: [
        { key: 'POST /orders', integration: { kind: 'queue', id: 'Inbox' }, authorizer: null },
        { key: 'GET /help', integration: { kind: 'url', origin: 'https://example.com' }, authorizer: null },
      ],
    },
  ],
  functions: ['Guard', 'OnConnect', 'Push', 'Send', 'Sweep'].map(functionNode),
  queues: [
    {
      ...{
        id: 'Inbox',
        name: 'chat-inbox',
        url: 'http://sqs/1/chat-inbox',
        isFifo: false,
        visibilityTimeoutSeconds: 30,
      },
      deadLetters: { id: 'Lost', maxReceiveCount: 3 },
    },
    {
      ...{ id: 'Lost', name: 'chat-lost', url: 'http://sqs/1/chat-lost', isFifo: false, visibilityTimeoutSeconds: 30 },
      deadLetters: null,
    },
  ],
  tables: [
    {
      ...{ id: 'Connections', name: 'chat-connections', provisioned: null, hasStream: false },
      indexes: [{ name: 'byUser', kind: 'global' }],
    },
  ],
  eventSources: [
    {
      ...{ id: 'InboxToPush', from: { kind: 'queue', id: 'Inbox' }, function: 'Push' },
      ...{ batchSize: 10, batchWindowSeconds: 0, maximumConcurrency: null },
    },
  ],
  reaches: [
    { from: 'OnConnect', to: 'Connections' },
    { from: 'Push', to: 'Chat' },
    { from: 'Push', to: 'Connections' },
    { from: 'Send', to: 'Chat' },
    { from: 'Send', to: 'Inbox' },
  ],
});
