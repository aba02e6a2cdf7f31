import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { AsynchronousModel, DestinationModel, FunctionModel } from '../../template/model.ts';
import type { EndedInvocation } from '../async-invocations.ts';
import { outcomeSender } from './outcome-sender.ts';

const queue = (queueName: string): DestinationModel => ({
  kind: 'queue',
  arn: `arn:aws:sqs:r:0:${queueName}`,
  queueName,
});
const topic: DestinationModel = { kind: 'topic', arn: 'arn:aws:sns:r:0:news' };
const next: DestinationModel = { kind: 'function', arn: 'arn:aws:lambda:r:0:function:next', functionName: 'next' };

let sent: string[];
let failures: string[];
beforeEach(() => {
  sent = [];
  failures = [];
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
});

function sender(asynchronous: AsynchronousModel, { sqsFails = false } = {}) {
  const model = { functionName: 'f', arn: 'arn:aws:lambda:r:0:function:f', asynchronous } as FunctionModel;
  const told = (to: string, body: string) => {
    const content = JSON.parse(body);
    sent.push(`${to}: ${content.requestContext?.condition ?? body}`);
  };
  return outcomeSender(
    { functions: [model], accountId: '0' },
    {
      ...{ sqsUrl: 'http://sqs', limits: { asyncPayloadBytes: 1_048_576 }, nowMs: () => 0 },
      sqs: {
        call: async (_action, input) => {
          if (sqsFails) throw new Error('refused');
          const { QueueUrl, MessageBody } = Object(input);
          told(QueueUrl, MessageBody);
          return {};
        },
      },
      topics: {
        topic: (arn) => ({ logicalId: 'News', topicName: 'news', arn, subscriptions: [] }),
        publish: ({ arn }, { message }) => {
          told(arn, message);
          return 'id';
        },
      },
      asynchronous: {
        accept: (functionName, payload) => {
          told(functionName, payload);
          return true;
        },
      },
      metrics: { put: ({ name, dimensions }) => failures.push(`${name} ${dimensions.FunctionName}`) },
    },
  );
}
const config = (onSuccess: DestinationModel | null, onFailure: DestinationModel | null) => ({
  ...{ maximumRetries: null, maximumAgeMs: null, onSuccess, onFailure },
});
const good: EndedInvocation = {
  ...{ functionName: 'f', requestId: 'r', payload: '{"a":1}', condition: 'Success', attempts: 1 },
  outcome: { kind: 'ok', payload: 'null' },
};
const bad: EndedInvocation = {
  ...{ ...good, condition: 'RetriesExhausted', attempts: 3 },
  outcome: { kind: 'functionError', cause: 'thrown', error: { errorType: 'Error', errorMessage: 'no' } },
};

test('a success and a failure each have their destination; dead letters get the event as well', async () => {
  const tell = sender({ invokeConfig: config(topic, next), deadLetters: queue('lost') });
  await tell(good);
  await tell(bad);
  expect(sent).toEqual(['arn:aws:sns:r:0:news: Success', 'next: RetriesExhausted', 'http://sqs/0/lost: {"a":1}']);
  expect(failures).toEqual([]);
});

test('nobody is told where nothing is configured', async () => {
  const tell = sender({ invokeConfig: config(null, queue('failed')), deadLetters: null });
  await tell(good);
  await tell({ ...bad, functionName: 'other' });
  expect(sent).toEqual([]);
});

test('what cannot be sent is counted, each by its own metric', async () => {
  const tell = sender({ invokeConfig: config(null, queue('failed')), deadLetters: queue('lost') }, { sqsFails: true });
  await tell(bad);
  expect(failures.toSorted()).toEqual(['DeadLetterErrors f', 'DestinationDeliveryFailures f']);
});

test('a record larger than its destination takes is not sent: 256 KB of a topic', async () => {
  const tell = sender({ invokeConfig: config(topic, null), deadLetters: null });
  await tell({ ...good, payload: JSON.stringify('x'.repeat(262_144)) });
  expect([sent, failures]).toEqual([[], ['DestinationDeliveryFailures f']]);
});
