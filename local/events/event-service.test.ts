import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AwsJsonError } from '../process/aws-json-client.ts';
import type { RuleModel, RuleTargetModel } from '../template/events/rule.ts';
import { EventService } from './event-service.ts';
import { answerEvents } from './events-api.ts';

const account = '000000000000';
const place = { region: 'us-east-1', accountId: account };
const arn = `arn:aws:events:us-east-1:${account}:rule/R`;
const target: RuleTargetModel = {
  ...{ id: '1', arn: 'arn:target', to: { kind: 'function', functionName: 'f' }, permitted: true },
  ...{ input: { kind: 'event' }, maximumRetries: 185, maximumAgeMs: 86_400_000, deadLetters: null },
};
const rule: RuleModel = {
  ...{ logicalId: 'R', name: 'R', arn, busName: 'default', isEnabled: true, schedule: null, targets: [target] },
  pattern: { source: ['shop'] },
};
const entry = { Source: 'shop', DetailType: 'Order placed', Detail: '{"id":"o-1"}' };

let sent: Record<string, unknown>[];
let invoked: { functionName: string; payload: string }[];
let published: string[];
let sums: Record<string, number>;
let refused: string[];
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: Date.parse('2026-11-27T10:00:00.250Z') });
  [sent, invoked, published, refused, sums] = [[], [], [], [], {}];
});
afterEach(() => void vi.useRealTimers());

/** `answers`: errors of SQS, call by call; then it accepts. */
function serviceOf(rules: Partial<RuleModel>[], answers: Error[] = [], ratePerSecond = 1_000) {
  const service = new EventService({
    ...{
      ...place,
      buses: [{ logicalId: 'Bus', name: 'shop-bus', arn: 'arn:bus' }],
      sqsUrl: 'http://sqs',
      nowMs: Date.now,
    },
    limits: { eventBridgePutEvents: { ratePerSecond, burst: 10 }, eventBridgeInvocations: { ratePerSecond, burst: 2 } },
    refusals: { count: (quota) => refused.push(quota) },
    rules: rules.map((each) => ({ ...rule, ...each })),
    sqs: {
      call: async (_action, input) => {
        const error = answers.shift();
        if (error !== undefined) throw error;
        sent.push({ ...input });
        return {};
      },
    },
    asynchronous: { accept: (functionName, payload) => invoked.push({ functionName, payload }) > 0 },
    topics: {
      topic: (topicArn) => ({ logicalId: 'T', topicName: 't', arn: topicArn, subscriptions: [] }),
      publish: (_topic, { message }) => String(published.push(message)),
    },
    metrics: {
      put: ({ name, value, dimensions }) => {
        const key = [name, ...Object.entries(dimensions).flat()].join(' ');
        sums[key] = (sums[key] ?? 0) + value;
      },
    },
  });
  const put = (...Entries: object[]) => answerEvents('PutEvents', { Entries }, { ...place, service, nowMs: Date.now });
  return { service, put };
}

const to = (own: Partial<RuleTargetModel>): Partial<RuleModel> => ({ targets: [{ ...target, ...own }] });
const queue = { kind: 'queue', queueName: 'inbox.fifo', messageGroupId: 'orders' } as const;

test('an event goes to the targets of the rules of its bus that it matches', async () => {
  const { put } = serviceOf([
    { targets: [target, { ...target, to: queue, input: { kind: 'path', path: '$.detail' } }] },
    { name: 'Other', pattern: { source: ['other'] } },
    { name: 'Off', isEnabled: false },
    { name: 'Custom', busName: 'shop-bus', ...to({ to: { kind: 'topic', topicArn: 'arn:t' } }) },
  ]);
  const { status, body } = put(entry, {
    ...entry,
    EventBusName: `arn:aws:events:us-east-1:${account}:event-bus/shop-bus`,
  });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(status).toBe(200);
  expect(body).toEqual({
    FailedEntryCount: 0,
    Entries: [{ EventId: expect.any(String) }, { EventId: expect.any(String) }],
  });
  expect(invoked.map(({ functionName, payload }) => [functionName, JSON.parse(payload)])).toEqual([
    [
      'f',
      {
        ...{ version: '0', id: expect.any(String), 'detail-type': 'Order placed', source: 'shop', account },
        ...{ time: '2026-11-27T10:00:00Z', region: 'us-east-1', resources: [], detail: { id: 'o-1' } },
      },
    ],
  ]);
  expect(sent).toEqual([
    { QueueUrl: `http://sqs/${account}/inbox.fifo`, MessageBody: '{"id":"o-1"}', MessageGroupId: 'orders' },
  ]);
  expect(published.map((text) => JSON.parse(text).source)).toEqual(['shop']);
  expect(sums).toMatchObject({
    ...{ 'MatchedEvents EventBusName default': 1, 'MatchedEvents RuleName R': 1, 'Invocations RuleName R': 2 },
    'Invocations EventBusName shop-bus RuleName Custom': 1,
    ...{ PutEventsEntriesCount: 2, InvocationsCreated: 3 },
  });
  expect(sums['MatchedEvents RuleName Other']).toBeUndefined();
});

test('entries are refused one by one, as on AWS', async () => {
  const { put } = serviceOf([{}]);
  const { body } = put(
    ...[entry, { ...entry, Source: '' }, { Source: 'shop', Detail: '{}' }, { Source: 'shop', DetailType: 't' }],
    ...[
      { ...entry, Detail: '[1]' },
      { ...entry, Detail: 'no JSON' },
      { ...entry, Source: 'aws.ec2' },
    ],
    { ...entry, EventBusName: 'nobody-has-it' },
  );
  const invalid = (name: string) => ({
    ErrorCode: 'InvalidArgument',
    ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
  });
  const malformed = { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  expect(body).toEqual({
    FailedEntryCount: 6,
    Entries: [
      { EventId: expect.any(String) },
      ...[invalid('Source'), invalid('DetailType'), invalid('Detail'), malformed, malformed],
      { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' },
      // AWS does not say that there is no such bus.
      { EventId: expect.any(String) },
    ],
  });
  expect(sums.PutEventsFailedEntriesCount).toBe(6);
  await vi.advanceTimersByTimeAsync(0);
  expect(invoked.length).toBe(1);
});

test('a request has 1 to 10 entries, of 1 MB together', () => {
  const { put } = serviceOf([{}]);
  expect(put()).toMatchObject({ status: 400, error: 'ValidationException' });
  expect(put(...Array.from({ length: 11 }, () => entry))).toMatchObject({ status: 400, error: 'ValidationException' });
  const half = { ...entry, Detail: JSON.stringify({ text: 'x'.repeat(524_288) }) };
  expect(put(half)).toMatchObject({ status: 200 });
  expect(put(half, half)).toMatchObject({ status: 400, error: 'ValidationException' });
});

const unavailable = () => new AwsJsonError(503, 'ServiceUnavailable', 'later');
const dead = { queueName: 'dead', permitted: true };

test('what fails is tried again, as often and for as long as its RetryPolicy says', async () => {
  const { put } = serviceOf([to({ to: queue })], [unavailable(), unavailable(), unavailable()]);
  put(entry);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sent.length).toBe(1);
  expect(sums).toMatchObject({ 'Invocations RuleName R': 1 });
  expect(sums['FailedInvocations RuleName R']).toBeUndefined();
});

test.each([
  ['MaximumRetryAttempts', { maximumRetries: 2 }, '2', 3],
  ['MaximumEventAgeInSeconds', { maximumAgeMs: 60_000 }, '5', 6],
])('dead letters say why it was given up: %s', async (exhausted, policy, retries, attempts) => {
  const { put } = serviceOf(
    [to({ ...policy, to: queue, deadLetters: dead })],
    Array.from({ length: attempts }, unavailable),
  );
  put(entry);
  await vi.advanceTimersByTimeAsync(600_000);
  const [letter] = sent;
  expect(JSON.parse(String(letter?.MessageBody))).toMatchObject({ source: 'shop', detail: { id: 'o-1' } });
  expect(letter).toMatchObject({
    QueueUrl: `http://sqs/${account}/dead`,
    MessageAttributes: {
      ...{ RULE_ARN: { StringValue: arn }, TARGET_ARN: { StringValue: 'arn:target' } },
      ...{ EXHAUSTED_RETRY_CONDITION: { StringValue: exhausted }, RETRY_ATTEMPTS: { StringValue: retries } },
    },
  });
  expect(sums).toMatchObject({ 'FailedInvocations RuleName R': 1, 'InvocationsSentToDlq RuleName R': 1 });
});

test('what may not be delivered is not tried again; dead letters that may not be sent are counted', async () => {
  const { put } = serviceOf([to({ permitted: false, deadLetters: dead })]);
  put(entry);
  await vi.advanceTimersByTimeAsync(0);
  expect(sent[0]?.MessageAttributes).toMatchObject({
    ERROR_CODE: { StringValue: 'NO_PERMISSIONS' },
    RETRY_ATTEMPTS: { StringValue: '0' },
  });
  expect(sent[0]?.MessageAttributes).not.toHaveProperty('EXHAUSTED_RETRY_CONDITION');

  const refused = serviceOf([to({ permitted: false, deadLetters: { ...dead, permitted: false } })]);
  refused.put(entry);
  await vi.advanceTimersByTimeAsync(0);
  expect(sent.length).toBe(1);
  expect(sums['InvocationsFailedToBeSentToDlq RuleName R']).toBe(1);
});

test('over its quotas a request is refused, and an invocation comes later', async () => {
  const { put } = serviceOf([{}], [], 1);
  const answers = Array.from({ length: 12 }, () => put(entry));
  expect(answers.map(({ error }) => error ?? null)).toEqual([
    ...Array.from({ length: 10 }, () => null),
    ...['ThrottlingException', 'ThrottlingException'],
  ]);
  await vi.advanceTimersByTimeAsync(0);
  expect(invoked.length).toBe(2);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(invoked.length).toBe(5);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(invoked.length).toBe(10);
  expect(sums).toMatchObject({ 'ThrottledRules RuleName R': 8, PutEventsApproximateThrottledCount: 2 });
  expect(new Set(refused)).toEqual(new Set(['eventBridgePutEvents', 'eventBridgeInvocations']));
});

test('a schedule fires with an event of its own', async () => {
  const { service } = serviceOf([{}]);
  service.fire({ ...rule, pattern: null });
  await vi.advanceTimersByTimeAsync(0);
  expect(JSON.parse(invoked[0]?.payload ?? '')).toMatchObject({
    ...{ 'detail-type': 'Scheduled Event', source: 'aws.events', resources: [arn], time: '2026-11-27T10:00:00Z' },
  });
});

test('tools read buses, rules and targets', () => {
  const { service } = serviceOf([{ ...to({ to: queue, deadLetters: dead }), busName: 'shop-bus' }]);
  const ask = (action: string, input = {}) => answerEvents(action, input, { ...place, service, nowMs: Date.now }).body;
  expect(ask('ListEventBuses')).toEqual({
    EventBuses: [
      { Name: 'default', Arn: `arn:aws:events:us-east-1:${account}:event-bus/default` },
      { Name: 'shop-bus', Arn: 'arn:bus' },
    ],
  });
  const described = {
    Name: 'R',
    Arn: arn,
    EventBusName: 'shop-bus',
    State: 'ENABLED',
    EventPattern: '{"source":["shop"]}',
  };
  expect(ask('DescribeRule', { Name: 'R', EventBusName: 'shop-bus' })).toEqual(described);
  expect(ask('ListRules', { EventBusName: 'shop-bus' })).toEqual({ Rules: [described] });
  expect(ask('ListTargetsByRule', { Rule: 'R', EventBusName: 'shop-bus' })).toEqual({
    Targets: [
      {
        ...{ Id: '1', Arn: 'arn:target', SqsParameters: { MessageGroupId: 'orders' } },
        RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 },
        DeadLetterConfig: { Arn: `arn:aws:sqs:us-east-1:${account}:dead` },
      },
    ],
  });
  expect(answerEvents('DescribeRule', { Name: 'R' }, { ...place, service, nowMs: Date.now })).toMatchObject({
    ...{ status: 400, error: 'ResourceNotFoundException' },
  });
});
