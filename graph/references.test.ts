import { describe, expect, test } from 'vitest';
import { exampleGraph } from './example.fixture.ts';
import { integrationOf } from './integrations.ts';
import { inOrder, stackGraphSchema } from './model.ts';
import { reachesOf } from './references.ts';

describe('a function reaches what its environment names', () => {
  test.each([
    ['a table by its name', 'chat-connections', 'Connections'],
    ['a table by its ARN', 'arn:aws:dynamodb:eu-west-1:1:table/chat-connections', 'Connections'],
    [
      'a table by the ARN of its stream',
      'arn:aws:dynamodb:eu-west-1:1:table/chat-connections/stream/2026',
      'Connections',
    ],
    ['a queue by its URL', 'http://sqs/1/chat-inbox', 'Inbox'],
    ['a queue by its ARN', 'arn:aws:sqs:eu-west-1:1:chat-inbox', 'Inbox'],
    ['a function by the ARN of an alias', 'arn:aws:lambda:eu-west-1:1:function:chat-Push:live', 'Push'],
    ['an API by its address', 'https://abc123.execute-api.eu-west-1.amazonaws.com/prod', 'Chat'],
  ])('%s', (_what, value, to) => {
    expect(reachesOf('Send', { X: value }, exampleGraph())).toEqual([{ from: 'Send', to }]);
  });

  test.each([
    ['a name that only begins like one', 'chat-connections-archive'],
    ['a queue of the same name as a table', 'arn:aws:sqs:eu-west-1:1:chat-connections'],
    ['itself', 'chat-Send'],
    ['another API', 'https://abc1234.execute-api.eu-west-1.amazonaws.com/prod'],
  ])('not %s', (_what, value) => {
    expect(reachesOf('Send', { X: value }, exampleGraph())).toEqual([]);
  });

  test('once, however often it is named', () => {
    const environment = { TABLE: 'chat-connections', ALSO: 'arn:aws:dynamodb:eu-west-1:1:table/chat-connections' };
    expect(reachesOf('Send', environment, exampleGraph())).toHaveLength(1);
  });
});

describe('an integration leads to', () => {
  const names = {
    functions: new Map([['chat-Send', 'Send']]),
    queues: new Map([['chat-inbox', 'Inbox']]),
    tables: new Map<string, string>(),
    topics: new Map([['chat-news', 'News']]),
    eventBuses: new Map([['chat-bus', 'Bus']]),
  };
  const lambda = 'arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions';
  test.each([
    [
      { type: 'AWS_PROXY', uri: 'arn:aws:lambda:eu-west-1:1:function:chat-Send' },
      { kind: 'function', id: 'Send' },
    ],
    [
      { type: 'AWS_PROXY', uri: `${lambda}/arn:aws:lambda:eu-west-1:1:function:chat-Send:live/invocations` },
      { kind: 'function', id: 'Send' },
    ],
    [
      { type: 'AWS', uri: `${lambda}/arn:aws:lambda:eu-west-1:1:function:other/invocations` },
      { kind: 'outside', what: 'other' },
    ],
    [
      { type: 'AWS_PROXY', subtype: 'SQS-SendMessage', queueUrl: 'https://sqs.eu-west-1.amazonaws.com/1/chat-inbox' },
      { kind: 'queue', id: 'Inbox' },
    ],
    [
      { type: 'AWS', uri: 'arn:aws:apigateway:eu-west-1:sqs:path/1/chat-inbox' },
      { kind: 'queue', id: 'Inbox' },
    ],
    [
      { type: 'AWS', uri: 'arn:aws:apigateway:eu-west-1:dynamodb:action/PutItem' },
      { kind: 'outside', what: 'dynamodb action/PutItem' },
    ],
    [
      { type: 'AWS_PROXY', subtype: 'StepFunctions-StartExecution' },
      { kind: 'outside', what: 'StepFunctions-StartExecution' },
    ],
    [
      { type: 'AWS_PROXY', subtype: 'EventBridge-PutEvents' },
      { kind: 'eventBus', id: 'default' },
    ],
    [
      {
        type: 'AWS_PROXY',
        subtype: 'EventBridge-PutEvents',
        eventBus: 'arn:aws:events:eu-west-1:1:event-bus/chat-bus',
      },
      { kind: 'eventBus', id: 'Bus' },
    ],
    [
      {
        ...{ type: 'AWS', uri: 'arn:aws:apigateway:eu-west-1:events:action/PutEvents' },
        texts: ['{"Entries": [{"Source": "x", "EventBusName": "chat-bus"}]}'],
      },
      { kind: 'eventBus', id: 'Bus' },
    ],
    [
      {
        ...{ type: 'AWS', uri: 'arn:aws:apigateway:eu-west-1:sns:action/Publish' },
        texts: ["'POST'", 'Action=Publish&TopicArn=arn%3Aaws%3Asns%3Aeu-west-1%3A1%3Achat-news&Message=x'],
      },
      { kind: 'topic', id: 'News' },
    ],
    // The path may hold a secret.
    [
      { type: 'HTTP_PROXY', uri: 'https://example.com/hook/s3cret' },
      { kind: 'url', origin: 'https://example.com' },
    ],
    [{ type: 'MOCK' }, { kind: 'mock' }],
  ])('%j', (described, integration) => {
    expect(integrationOf(described, names)).toEqual(integration);
  });
});

test('graphs of the same stack have one order', () => {
  const graph = exampleGraph();
  const shuffled = {
    ...graph,
    apis: graph.apis.toReversed().map((api) => ({ ...api, routes: api.routes.toReversed() })),
    functions: graph.functions.toReversed(),
    queues: graph.queues.toReversed(),
    reaches: graph.reaches.toReversed(),
  };
  expect(inOrder(shuffled)).toEqual(inOrder(graph));
  expect(stackGraphSchema.parse(shuffled)).toEqual(shuffled);
});
