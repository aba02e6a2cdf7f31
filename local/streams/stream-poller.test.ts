import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { StreamRecord } from '../dynamodb/streams/table-stream.ts';
import type { InvokeOutcome } from '../lambda/lambda-service.ts';
import type { StreamSourceModel } from '../template/model.ts';
import { StreamPoller } from './stream-poller.ts';

const source: StreamSourceModel = {
  logicalId: 'Source',
  functionName: 'f',
  streamArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/l',
  batchSize: 10,
  batchWindowMs: 0,
  startingPosition: 'TRIM_HORIZON',
  parallelizationFactor: 1,
  maximumRetries: null,
  maximumAgeMs: null,
  bisects: false,
  reportsBatchItemFailures: false,
  onFailureArn: null,
  filters: [],
};
const recordOf = (n: number): StreamRecord => ({
  eventID: String(n),
  eventName: 'INSERT',
  eventVersion: '1.1',
  eventSource: 'aws:dynamodb',
  awsRegion: 'us-east-1',
  dynamodb: {
    ApproximateCreationDateTime: 0,
    Keys: { id: { S: String(n) } },
    SequenceNumber: String(n),
    SizeBytes: 10,
    StreamViewType: 'KEYS_ONLY',
  },
});
const ok = (payload = ''): InvokeOutcome => ({ kind: 'ok', payload });
const failed: InvokeOutcome = { kind: 'functionError', cause: 'thrown', error: { errorType: 'E', errorMessage: 'm' } };

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

/** Runs a poller over one shard with these records. @returns sequence numbers of each invocation, and what was given up. */
async function run(records: number[], outcomes: InvokeOutcome[], settings: Partial<StreamSourceModel> = {}) {
  const invocations: string[][] = [];
  const givenUp: { condition: string; batchSize: number }[] = [];
  let read = false;
  const poller = new StreamPoller({
    source: { ...source, ...settings },
    streams: {
      shards: async () => ['shard'],
      iterator: async () => 'start',
      records: async () => {
        if (read) await new Promise((resolve) => setTimeout(resolve, 1_000));
        const page = read ? [] : records.map(recordOf);
        read = true;
        return { records: page, next: 'next' };
      },
    },
    lambda: {
      invoke: async (_name, event) => {
        const { Records } = JSON.parse(event) as { Records: StreamRecord[] };
        invocations.push(Records.map(({ dynamodb }) => dynamodb.SequenceNumber));
        return outcomes.shift() ?? ok();
      },
    },
    metrics: { put: () => undefined },
    onGivenUp: async (text) => {
      const { requestContext, DDBStreamBatchInfo } = JSON.parse(text);
      givenUp.push({ condition: requestContext.condition, batchSize: DDBStreamBatchInfo.batchSize });
    },
    onError: (error) => {
      throw error;
    },
  });
  await vi.advanceTimersByTimeAsync(120_000);
  const stopped = poller.stop();
  await vi.advanceTimersByTimeAsync(2_000);
  await stopped;
  return { invocations, givenUp };
}

test('a batch that fails is retried as it is, before anything else', async () => {
  const { invocations } = await run([1, 2, 3], [failed, failed]);
  expect(invocations).toEqual([
    ['1', '2', '3'],
    ['1', '2', '3'],
    ['1', '2', '3'],
  ]);
});

test('retries end, and the destination learns of it', async () => {
  const { invocations, givenUp } = await run([1, 2], [failed, failed, failed], { maximumRetries: 1 });
  expect(invocations).toHaveLength(2);
  expect(givenUp).toEqual([{ condition: 'RetryAttemptsExhausted', batchSize: 2 }]);
});

test('a throttled function costs no retry', async () => {
  const throttled: InvokeOutcome = { kind: 'throttled', reason: 'ConcurrentInvocationLimitExceeded' };
  const { invocations, givenUp } = await run([1], [throttled, throttled], { maximumRetries: 0 });
  expect([invocations.length, givenUp]).toEqual([3, []]);
});

test('after a reported failure the batch goes on from the first record that failed', async () => {
  const partly = ok('{"batchItemFailures":[{"itemIdentifier":"3"},{"itemIdentifier":"2"}]}');
  const { invocations } = await run([1, 2, 3], [partly], { reportsBatchItemFailures: true });
  expect(invocations).toEqual([
    ['1', '2', '3'],
    ['2', '3'],
  ]);
});

test('a batch is split in two where it is bisected', async () => {
  const { invocations } = await run([1, 2, 3, 4], [failed], { bisects: true });
  expect(invocations).toEqual([
    ['1', '2', '3', '4'],
    ['1', '2'],
    ['3', '4'],
  ]);
});

test('records that are too old are given up without an invocation', async () => {
  const { givenUp } = await run([1, 2], [failed, failed, failed], { maximumAgeMs: 600 });
  expect(givenUp).toEqual([{ condition: 'MaximumRecordAgeExceeded', batchSize: 2 }]);
});

test('what the filters leave out is not seen', async () => {
  const filters = [{ dynamodb: { Keys: { id: { S: ['2'] } } } }];
  expect((await run([1, 2, 3], [], { filters })).invocations).toEqual([['2']]);
});
