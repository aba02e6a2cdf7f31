/**
 * The connection store in a single table, without scans, transactions or indices:
 *
 *     pk            sk        what
 *     U#<user>      C#<id>    a connection of a user: listedAt, and doubtedAt after pushes found it gone (ms since the epoch)
 *     CH#<channel>  C#<id>    a subscriber of a channel: doubtedAt
 *     C#<id>        CHANNELS  the inverse: the set of channels of a connection, which is what to remove when it closes
 *
 * Every row has `expiresAt` (seconds since the epoch). DynamoDB deletes expired rows days late, so reads filter them out.
 */
import type { AttributeValue, QueryCommandInput, UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import type { Audience, ConnectionStore, Recipient } from '../domain/connection-store.ts';
import { isConditionFailed } from './aws/aws-error.ts';
import type { DynamoDbCall } from './aws/operations.ts';
import { deleteRows } from './delete-rows.ts';

interface DynamoDbConnectionStoreOptions {
  call: DynamoDbCall;
  tableName: string;
  ttlSeconds: number;
  /** Milliseconds since the epoch. */
  nowMs: () => number;
  /** Milliseconds left for deleting subscriptions. */
  leftMs?: () => number;
}

type Key = { pk: { S: string }; sk: { S: string } };

export class DynamoDbConnectionStore implements ConnectionStore {
  readonly #call: DynamoDbCall;
  readonly #tableName: string;
  readonly #ttlSeconds: number;
  readonly #nowMs: () => number;
  readonly #leftMs: () => number;

  constructor({ call, tableName, ttlSeconds, nowMs, leftMs }: DynamoDbConnectionStoreOptions) {
    this.#call = call;
    this.#tableName = tableName;
    this.#ttlSeconds = ttlSeconds;
    this.#nowMs = nowMs;
    this.#leftMs = leftMs ?? (() => Number.POSITIVE_INFINITY);
  }

  async addConnection(userId: string, connectionId: string): Promise<void> {
    const key = keyIn({ kind: 'user', userId }, connectionId);
    await this.#put({ ...key, listedAt: { N: String(this.#nowMs()) } });
  }

  async recipientsOf(audience: Audience, atMost = Number.POSITIVE_INFINITY): Promise<Recipient[]> {
    const query: QueryCommandInput = {
      TableName: this.#tableName,
      // Consistent: a tab that has just connected must get the next event.
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      FilterExpression: 'expiresAt > :now',
      ProjectionExpression: 'sk, listedAt, doubtedAt',
      ExpressionAttributeValues: {
        ':pk': { S: partitionOf(audience) },
        ':prefix': { S: connectionPrefix },
        ':now': { N: String(this.#nowSeconds()) },
      },
    };
    const found: Recipient[] = [];
    let start: QueryCommandInput['ExclusiveStartKey'];
    do {
      const page = await this.#call('Query', start === undefined ? query : { ...query, ExclusiveStartKey: start });
      for (const row of page.Items ?? []) found.push(recipientOf(row));
      // No page is read once there are enough.
      if (found.length >= atMost) return found.slice(0, atMost);
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
    return found;
  }

  async isListed(audience: Audience, connectionId: string): Promise<boolean> {
    const { Item } = await this.#call('GetItem', {
      TableName: this.#tableName,
      Key: keyIn(audience, connectionId),
      ConsistentRead: true,
      ProjectionExpression: 'expiresAt',
    });
    return Item !== undefined && Number(Item.expiresAt?.N) > this.#nowSeconds();
  }

  async doubt(audience: Audience, connectionId: string): Promise<void> {
    await this.#updateIfStored(keyIn(audience, connectionId), {
      UpdateExpression: 'SET doubtedAt = :now',
      ExpressionAttributeValues: { ':now': { N: String(this.#nowMs()) } },
    });
  }

  async trust(audience: Audience, connectionId: string): Promise<void> {
    await this.#updateIfStored(keyIn(audience, connectionId), { UpdateExpression: 'REMOVE doubtedAt' });
  }

  async unlist(audience: Audience, connectionId: string): Promise<void> {
    await this.#delete(keyIn(audience, connectionId));
    if (audience.kind === 'user') return;
    await this.#updateIfStored(channelsKey(connectionId), {
      UpdateExpression: 'DELETE channels :channel',
      ExpressionAttributeValues: { ':channel': { SS: [audience.channel] } },
    });
  }

  async subscribe(connectionId: string, channel: string, atMost: number): Promise<'subscribed' | 'tooMany'> {
    try {
      // First, because it says whether there may be one more; alone it only costs a delete when the connection closes.
      await this.#call('UpdateItem', {
        TableName: this.#tableName,
        Key: channelsKey(connectionId),
        UpdateExpression: 'ADD channels :one SET expiresAt = :expires',
        ConditionExpression: 'attribute_not_exists(channels) OR contains(channels, :channel) OR size(channels) < :most',
        ExpressionAttributeValues: {
          ':one': { SS: [channel] },
          ':channel': { S: channel },
          ':most': { N: String(atMost) },
          ':expires': { N: this.#expiresAt() },
        },
      });
    } catch (error) {
      if (isConditionFailed(error)) return 'tooMany';
      throw error;
    }
    await this.#put(keyIn({ kind: 'channel', channel }, connectionId));
    return 'subscribed';
  }

  async unsubscribeAll(connectionId: string): Promise<number> {
    const { Item } = await this.#call('GetItem', {
      TableName: this.#tableName,
      Key: channelsKey(connectionId),
      ConsistentRead: true,
    });
    const channels = Item?.channels?.SS ?? [];
    if (channels.length === 0) return 0;
    const left = await deleteRows(
      channels.map((channel) => keyIn({ kind: 'channel', channel }, connectionId)),
      { call: this.#call, tableName: this.#tableName, leftMs: this.#leftMs },
    );
    // The inverse goes last, so that what is left can still be found.
    if (left === 0) await this.#delete(channelsKey(connectionId));
    return left;
  }

  async #put(item: Key & Record<string, AttributeValue>): Promise<void> {
    const Item = { ...item, expiresAt: { N: this.#expiresAt() } };
    await this.#call('PutItem', { TableName: this.#tableName, Item });
  }

  async #delete(key: Key): Promise<void> {
    await this.#call('DeleteItem', { TableName: this.#tableName, Key: key });
  }

  /** An update creates a row that does not exist, and this must not bring back one that was just removed. */
  async #updateIfStored(
    key: Key,
    update: Pick<UpdateItemCommandInput, 'UpdateExpression' | 'ExpressionAttributeValues'>,
  ): Promise<void> {
    const condition = { ConditionExpression: 'attribute_exists(pk)' };
    try {
      await this.#call('UpdateItem', { TableName: this.#tableName, Key: key, ...condition, ...update });
    } catch (error) {
      if (!isConditionFailed(error)) throw error;
    }
  }

  #expiresAt(): string {
    return String(this.#nowSeconds() + this.#ttlSeconds);
  }

  #nowSeconds(): number {
    return Math.floor(this.#nowMs() / 1_000);
  }
}

const connectionPrefix = 'C#';

const partitionOf = (audience: Audience): string =>
  audience.kind === 'user' ? `U#${audience.userId}` : `CH#${audience.channel}`;

const keyIn = (audience: Audience, connectionId: string): Key => ({
  pk: { S: partitionOf(audience) },
  sk: { S: `${connectionPrefix}${connectionId}` },
});

const channelsKey = (connectionId: string): Key => ({
  pk: { S: `${connectionPrefix}${connectionId}` },
  sk: { S: 'CHANNELS' },
});

function recipientOf(row: Record<string, AttributeValue>): Recipient {
  const timeOf = (attribute: AttributeValue | undefined) => (attribute?.N === undefined ? null : Number(attribute.N));
  return {
    connectionId: (row.sk?.S ?? '').slice(connectionPrefix.length),
    listedAtMs: timeOf(row.listedAt),
    doubtedAtMs: timeOf(row.doubtedAt),
  };
}
