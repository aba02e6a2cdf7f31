// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of CloudFormation's Fn::Sub
import { describe, expect, test } from 'vitest';
import { exampleGraph } from '../../graph/example.fixture.ts';
import type { StackGraph } from '../../graph/model.ts';
import { watchTemplate } from './template.ts';

const topicArn = 'arn:aws:sns:eu-west-1:123456789012:on-call';
const of = (graph: StackGraph, naming: 'names' | 'references' = 'names', topic: string | null = null) =>
  watchTemplate(graph, { naming, topicArn: topic }).template.Resources;
const bodyOf = (resources: ReturnType<typeof of>) =>
  JSON.parse(Object(resources.LoadlineDashboard?.Properties.DashboardBody)['Fn::Sub']);

describe('alarms', () => {
  test('of each resource, what is wrong with it; the authorizer’s refusals are no errors', () => {
    expect(Object.keys(of(exampleGraph())).filter((id) => !/NearTimeout|Throttles$/.test(id))).toEqual([
      ...['LoadlineDashboard', 'ChatExecutionErrors', 'OrdersServerErrors'],
      ...['OnConnectErrors', 'PushErrors', 'SendErrors', 'SweepErrors'],
      ...['InboxOldMessages', 'LostDeadLetters'],
    ]);
    expect(of(exampleGraph())).toMatchObject({ GuardThrottles: {}, ConnectionsbyUserWriteThrottles: {} });
  });

  test('as CloudFormation takes them, at 80% of the stack’s own limits', () => {
    const graph = exampleGraph();
    const functions = graph.functions.map((each) => ({ ...each, reservedConcurrency: 50 }));
    const resources = of({ ...graph, functions }, 'names', topicArn);
    expect(resources.SendNearTimeout?.Properties).toEqual({
      AlarmDescription: 'One invocation of a hundred of Send takes more than 80% of its timeout of 10 s.',
      ...{ Namespace: 'AWS/Lambda', MetricName: 'Duration', Period: 60, ExtendedStatistic: 'p99' },
      Dimensions: [{ Name: 'FunctionName', Value: 'chat-Send' }],
      ...{ EvaluationPeriods: 3, DatapointsToAlarm: 3, Threshold: 8_000 },
      ...{ ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'notBreaching' },
      AlarmActions: [topicArn],
    });
    expect(resources.SendNearReservation?.Properties.Threshold).toBe(40);
    expect(resources).not.toHaveProperty('SendDroppedEvents');
    // Twice the visibility timeout of 30 s.
    expect(resources.InboxOldMessages?.Properties.Threshold).toBe(60);
  });

  test('of asynchronous invocations, where a function says what becomes of them', () => {
    const graph = exampleGraph();
    const nobody = { maximumRetries: 0, maximumAgeSeconds: null, onSuccess: null, onFailure: null, deadLetters: null };
    const functions = graph.functions.map((each) => ({ ...each, asynchronous: nobody }));
    const resources = of({ ...graph, functions });
    expect(resources.SendDroppedEvents?.Properties).toMatchObject({ MetricName: 'AsyncEventsDropped', Threshold: 0 });
    expect(resources).toMatchObject({ SendUndeliveredRecords: {}, SendUndeliveredDeadLetters: {} });
  });
});

test('the dashboard has every resource by its logical id, and limits as lines', () => {
  const { widgets } = bodyOf(of(exampleGraph()));
  const titles: string[] = widgets.map(({ properties }: { properties: { title: string } }) => properties.title);
  expect(titles).toEqual([
    ...['Chat: connects and messages', 'Chat: errors', 'Chat: p99 latency of integrations (ms)'],
    ...['Orders: requests', 'Orders: errors', 'Orders: p99 latency (ms)'],
    ...['Functions: concurrent executions', 'Functions: errors and throttles', 'Functions: p99 duration (ms)'],
    ...['Inbox: messages', 'Inbox: age of the oldest message (s)', 'Dead letters'],
    ...['Tables: units', 'Tables: throttled requests'],
  ]);
  expect(widgets[0].properties.metrics[0]).toEqual([
    ...['AWS/ApiGateway', 'ConnectCount', 'ApiId', 'abc123', 'Stage', 'prod'],
    { stat: 'Sum', label: 'Chat ConnectCount' },
  ]);
  expect(widgets[8].properties.annotations.horizontal[0]).toEqual({ label: 'timeout of Guard', value: 10_000 });
  // In three columns, none over another.
  expect(new Set(widgets.map(({ x, y }: { x: number; y: number }) => `${x} ${y}`)).size).toBe(widgets.length);
});

test('within the stack’s own template resources are referred to; those of nested stacks are left out, by name', () => {
  const graph = exampleGraph();
  const [first, ...functions] = graph.functions;
  if (!first) throw new Error('the example has functions');
  const nested = { ...graph, functions: [{ ...first, id: 'Orders/Guard' }, ...functions] };
  const resources = of(nested, 'references');
  expect(resources.SendThrottles?.Properties.Dimensions).toEqual([
    { Name: 'FunctionName', Value: { 'Fn::Sub': '${Send}' } },
  ]);
  expect(resources.LostDeadLetters?.Properties.Dimensions).toEqual([
    { Name: 'QueueName', Value: { 'Fn::Sub': '${Lost.QueueName}' } },
  ]);
  expect(bodyOf(resources).widgets[0].properties.metrics[0].slice(2, 4)).toEqual(['ApiId', '${Chat}']);
  expect(watchTemplate(nested, { naming: 'references', topicArn: null }).leftOut).toEqual(['Orders/Guard']);
});

test('ids that become one are told apart', () => {
  const graph = exampleGraph();
  const [table] = graph.tables;
  if (!table) throw new Error('the example has a table');
  const resources = of({ ...graph, tables: [table, { ...table, id: 'Connections-', indexes: [] }] });
  expect(Object.keys(resources)).toEqual(
    expect.arrayContaining(['ConnectionsReadThrottles', 'ConnectionsReadThrottles2']),
  );
});
