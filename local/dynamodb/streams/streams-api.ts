/** The DynamoDB Streams API: streams, shards, iterators, records. Source: DynamoDB Streams API reference, read November 2026. */
import type { Json, Outcome } from '../dynalite-store.ts';
import { sequenceText, type TableStream } from './table-stream.ts';

/** GetRecords returns at most this many (API reference). */
const maxRecords = 1_000;

/** How long a call that may wait does so for a record. */
const longPollMs = 1_000;

type Action = (streams: readonly TableStream[], input: Json, mayWait: boolean) => Outcome | Promise<Outcome>;

const actions: Readonly<Record<string, Action>> = {
  ListStreams: (streams, input) => {
    const chosen = streams.filter(({ tableName }) => input.TableName === undefined || tableName === input.TableName);
    return success({
      Streams: chosen.map(({ arn, tableName }) => ({
        StreamArn: arn,
        TableName: tableName,
        StreamLabel: labelOf(arn),
      })),
    });
  },
  DescribeStream: (streams, input) =>
    withStream(streams, input.StreamArn, ({ arn, tableName, view, shardCount }) =>
      success({
        StreamDescription: {
          StreamArn: arn,
          StreamLabel: labelOf(arn),
          StreamStatus: 'ENABLED',
          StreamViewType: view,
          TableName: tableName,
          Shards: Array.from({ length: shardCount }, (_, shard) => ({
            ShardId: shardIdOf(shard),
            SequenceNumberRange: { StartingSequenceNumber: sequenceText(1) },
          })),
        },
      }),
    ),
  GetShardIterator: (streams, input) =>
    withStream(streams, input.StreamArn, (stream) => {
      const shard = shardIn(String(input.ShardId), stream);
      if (shard === null) return missing(`Shard ${String(input.ShardId)} of stream ${stream.arn} does not exist.`);
      const at = Number(input.SequenceNumber);
      const from: Readonly<Record<string, number>> = {
        TRIM_HORIZON: 1,
        LATEST: stream.nextSequence,
        AT_SEQUENCE_NUMBER: at,
        AFTER_SEQUENCE_NUMBER: at + 1,
      };
      const sequence = from[String(input.ShardIteratorType)];
      return sequence === undefined || Number.isNaN(sequence)
        ? refused('com.amazon.coral.validate#ValidationException', 'ShardIteratorType or SequenceNumber is not valid.')
        : success({ ShardIterator: iteratorOf({ arn: stream.arn, shard, sequence }) });
    }),
  GetRecords: async (streams, input, mayWait) => {
    const place = placeIn(input.ShardIterator);
    const stream = streams.find(({ arn }) => arn === place?.arn);
    if (!place || !stream)
      return refused('com.amazonaws.dynamodb.v20120810#ExpiredIteratorException', 'The ShardIterator is not valid.');
    const limit = Math.min(Number(input.Limit ?? maxRecords), maxRecords);
    let found = stream.read(place.shard, place.sequence, limit);
    if (found.records.length === 0 && mayWait) {
      await stream.changed(longPollMs);
      found = stream.read(place.shard, place.sequence, limit);
    }
    return success({ Records: found.records, NextShardIterator: iteratorOf({ ...place, sequence: found.next }) });
  },
};

export const isStreamsOperation = (operation: string): boolean => Object.hasOwn(actions, operation);

/** @param mayWait without a record the call waits for one: the target's own pollers. */
export function answerStreams(
  operation: string,
  input: Json,
  { streams, mayWait }: { streams: readonly TableStream[]; mayWait: boolean },
): Outcome | Promise<Outcome> {
  const act = actions[operation];
  return act ? act(streams, input, mayWait) : refused('com.amazon.coral.service#UnknownOperationException', operation);
}

interface Place {
  arn: string;
  shard: number;
  sequence: number;
}

const iteratorOf = (place: Place): string => Buffer.from(JSON.stringify(place)).toString('base64url');

function placeIn(iterator: unknown): Place | null {
  try {
    const place: unknown = JSON.parse(Buffer.from(String(iterator), 'base64url').toString());
    if (typeof place !== 'object' || place === null) return null;
    const { arn, shard, sequence } = Object.fromEntries(Object.entries(place));
    return { arn: String(arn), shard: Number(shard), sequence: Number(sequence) };
  } catch {
    return null;
  }
}

const shardIdOf = (shard: number): string => `shardId-${String(shard).padStart(20, '0')}-local000`;

function shardIn(shardId: string, { shardCount }: TableStream): number | null {
  const shard = Number(/^shardId-(\d+)-/.exec(shardId)?.[1] ?? Number.NaN);
  return shard < shardCount ? shard : null;
}

const labelOf = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

function withStream(streams: readonly TableStream[], arn: unknown, answer: (stream: TableStream) => Outcome): Outcome {
  const stream = streams.find((one) => one.arn === arn);
  return stream ? answer(stream) : missing(`Requested resource not found: Stream: ${String(arn)} not found`);
}

const success = (body: Json): Outcome => ({ status: 200, body });
const refused = (__type: string, message: string): Outcome => ({ status: 400, body: { __type, message } });
const missing = (message: string): Outcome =>
  refused('com.amazonaws.dynamodb.v20120810#ResourceNotFoundException', message);
