/**
 * Recent events and the stage of the rollout, in the table of the connection store:
 *
 *     pk         sk                   attributes
 *     R#<user>   <ms>#<event id>      frame, expiresAt (s since the epoch); of an id that is too long for a key its SHA-256
 *     STAGE      STAGE                share (number), off (boolean)
 *
 * An event costs one more write, of its size. A read costs at least one unit: it is consistent, because what was kept just before a connection opened would be
 * missed otherwise.
 */
import { createHash } from 'node:crypto';
import type { PushEvent } from '../domain/push-event.ts';
import type { RecentEvents, RecentPage } from '../domain/recent-events.ts';
import { noStage, type RolloutStages } from '../domain/rollout-stage.ts';
import type { DynamoDbCall } from './aws/operations.ts';

const pageLimit = 100;
/** 13 digits until the year 2286: times sort as texts. */
const sortable = (ms: number): string => String(Math.floor(ms)).padStart(13, '0');

/** A sort key has 1,024 bytes at most (developer guide, "Quotas", read November 2026). Before the id it has 13 digits and a sign. */
const longestIdBytes = 1_024 - 14;
const keyOf = (eventId: string): string =>
  Buffer.byteLength(eventId) <= longestIdBytes ? eventId : createHash('sha256').update(eventId).digest('hex');

interface Options {
  call: DynamoDbCall;
  tableName: string;
}

export function dynamoDbRecentEvents({ call, tableName, ttlSeconds }: Options & { ttlSeconds: number }): RecentEvents {
  return {
    async keep({ eventId, owner, frame }: PushEvent, nowMs) {
      await call('PutItem', {
        TableName: tableName,
        Item: {
          pk: { S: `R#${owner}` },
          sk: { S: `${sortable(nowMs)}#${keyOf(eventId)}` },
          frame: { S: frame },
          expiresAt: { N: String(Math.ceil(nowMs / 1_000) + ttlSeconds) },
        },
      });
    },
    async since(userId, fromMs): Promise<RecentPage> {
      const { Items = [], LastEvaluatedKey } = await call('Query', {
        TableName: tableName,
        KeyConditionExpression: 'pk = :user AND sk >= :from',
        ExpressionAttributeValues: { ':user': { S: `R#${userId}` }, ':from': { S: sortable(fromMs) } },
        ConsistentRead: true,
        Limit: pageLimit,
      });
      const kept = Items.flatMap(({ frame, sk }) =>
        frame?.S === undefined ? [] : [{ frame: frame.S, atMs: Number.parseInt(sk?.S ?? '0', 10) }],
      );
      return {
        frames: kept.map(({ frame }) => frame),
        keptAtMs: kept.map(({ atMs }) => atMs),
        continuesAtMs: LastEvaluatedKey === undefined ? null : Number.parseInt(LastEvaluatedKey.sk?.S ?? '0', 10),
      };
    },
  };
}

export const dynamoDbRolloutStages = ({ call, tableName }: Options): RolloutStages => ({
  async read() {
    const key = { S: 'STAGE' };
    const { Item } = await call('GetItem', { TableName: tableName, Key: { pk: key, sk: key } });
    const share = Number(Item?.share?.N);
    return Number.isFinite(share) ? { share, off: Item?.off?.BOOL === true } : noStage;
  },
});
