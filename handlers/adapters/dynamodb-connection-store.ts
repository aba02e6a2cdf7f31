/**
 * The connection store in a single table, without scans, transactions or indices:
 *
 *     pk            sk            what
 *     U#<user>      C#<id>        a connection of a user
 *     CH#<channel>  C#<id>        a subscriber of a channel
 *     C#<id>        CH#<channel>  the inverse: what to remove when the connection closes
 *
 * Every row has `expiresAt` (seconds since the epoch). DynamoDB deletes expired rows days late, so reads filter them out.
 */
import {
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  paginateQuery,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { ConnectionStore } from '../domain/connection-store.ts';

interface DynamoDbConnectionStoreOptions {
  client: DynamoDBClient;
  tableName: string;
  ttlSeconds: number;
  /** Milliseconds since the epoch. */
  nowMs: () => number;
}

export class DynamoDbConnectionStore implements ConnectionStore {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;
  readonly #ttlSeconds: number;
  readonly #nowMs: () => number;

  constructor({ client, tableName, ttlSeconds, nowMs }: DynamoDbConnectionStoreOptions) {
    this.#client = client;
    this.#tableName = tableName;
    this.#ttlSeconds = ttlSeconds;
    this.#nowMs = nowMs;
  }

  async addConnection(userId: string, connectionId: string): Promise<void> {
    await this.#put(`U#${userId}`, `C#${connectionId}`);
  }

  connectionsOf(userId: string): Promise<string[]> {
    return this.#sortKeys(`U#${userId}`, 'C#');
  }

  async removeConnection(userId: string, connectionId: string): Promise<void> {
    await this.#delete(`U#${userId}`, `C#${connectionId}`);
  }

  async subscribe(connectionId: string, channel: string): Promise<void> {
    await Promise.all([
      this.#put(`C#${connectionId}`, `CH#${channel}`),
      this.#put(`CH#${channel}`, `C#${connectionId}`),
    ]);
  }

  subscribersOf(channel: string, atMost?: number): Promise<string[]> {
    return this.#sortKeys(`CH#${channel}`, 'C#', atMost);
  }

  async unsubscribe(connectionId: string, channel: string): Promise<void> {
    await Promise.all([
      this.#delete(`CH#${channel}`, `C#${connectionId}`),
      this.#delete(`C#${connectionId}`, `CH#${channel}`),
    ]);
  }

  async unsubscribeAll(connectionId: string): Promise<void> {
    const channels = await this.#sortKeys(`C#${connectionId}`, 'CH#');
    await Promise.all(channels.map((channel) => this.unsubscribe(connectionId, channel)));
  }

  async #put(pk: string, sk: string): Promise<void> {
    const expiresAt = String(this.#nowSeconds() + this.#ttlSeconds);
    await this.#client.send(
      new PutItemCommand({
        TableName: this.#tableName,
        Item: { pk: { S: pk }, sk: { S: sk }, expiresAt: { N: expiresAt } },
      }),
    );
  }

  async #delete(pk: string, sk: string): Promise<void> {
    await this.#client.send(
      new DeleteItemCommand({ TableName: this.#tableName, Key: { pk: { S: pk }, sk: { S: sk } } }),
    );
  }

  /** Sort keys of a partition that begin with `prefix`, without it. No page is read once there are `atMost`. */
  async #sortKeys(pk: string, prefix: string, atMost = Number.POSITIVE_INFINITY): Promise<string[]> {
    const query: QueryCommandInput = {
      TableName: this.#tableName,
      // Consistent: a tab that has just connected must get the next event.
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      FilterExpression: 'expiresAt > :now',
      ProjectionExpression: 'sk',
      ExpressionAttributeValues: {
        ':pk': { S: pk },
        ':prefix': { S: prefix },
        ':now': { N: String(this.#nowSeconds()) },
      },
    };
    const found: string[] = [];
    for await (const page of paginateQuery({ client: this.#client }, query)) {
      for (const row of page.Items ?? []) {
        if (row.sk?.S !== undefined) found.push(row.sk.S.slice(prefix.length));
      }
      if (found.length >= atMost) return found.slice(0, atMost);
    }
    return found;
  }

  #nowSeconds(): number {
    return Math.floor(this.#nowMs() / 1_000);
  }
}
