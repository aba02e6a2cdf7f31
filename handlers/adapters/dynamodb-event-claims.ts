/**
 * Event claims in the table of the connection store:
 *
 *     pk            sk   attributes
 *     E#<event id>  E    phase (claimed | done), messageId, leaseUntil (ms since the epoch), pushedTo, expiresAt (s since the epoch),
 *                        doneAt (ms since the epoch; metrics/target-events.ts reads it)
 *
 * An event costs two writes: claim and complete. Only a duplicate costs a read.
 */
import type { Claim, EventClaims } from '../domain/event-claims.ts';
import { isConditionFailed } from './aws/aws-error.ts';
import type { DynamoDbCall } from './aws/operations.ts';

interface DynamoDbEventClaimsOptions {
  call: DynamoDbCall;
  tableName: string;
  /** How long a finished event is remembered. */
  eventTtlSeconds: number;
  /** How long a claim holds: longer than the function can run, shorter than the queue's visibility timeout. */
  leaseMs: number;
  /** Milliseconds since the epoch. */
  nowMs: () => number;
}

export class DynamoDbEventClaims implements EventClaims {
  readonly #call: DynamoDbCall;
  readonly #tableName: string;
  readonly #eventTtlSeconds: number;
  readonly #leaseMs: number;
  readonly #nowMs: () => number;

  constructor({ call, tableName, eventTtlSeconds, leaseMs, nowMs }: DynamoDbEventClaimsOptions) {
    this.#call = call;
    this.#tableName = tableName;
    this.#eventTtlSeconds = eventTtlSeconds;
    this.#leaseMs = leaseMs;
    this.#nowMs = nowMs;
  }

  async claim(eventId: string, messageId: string): Promise<Claim> {
    const nowMs = this.#nowMs();
    try {
      const { Attributes } = await this.#call('UpdateItem', {
        ...this.#at(eventId),
        UpdateExpression: 'SET phase = :claimed, messageId = :message, leaseUntil = :until, expiresAt = :expires',
        ConditionExpression:
          'attribute_not_exists(pk) OR expiresAt <= :nowSeconds OR (phase = :claimed AND leaseUntil <= :now)',
        ExpressionAttributeValues: {
          ':claimed': { S: 'claimed' },
          ':message': { S: messageId },
          ':until': { N: String(nowMs + this.#leaseMs) },
          ':expires': { N: this.#expiresAt(nowMs) },
          ':now': { N: String(nowMs) },
          ':nowSeconds': { N: String(Math.floor(nowMs / 1_000)) },
        },
        ReturnValues: 'ALL_NEW',
      });
      return { kind: 'claimed', pushedTo: new Set(Attributes?.pushedTo?.SS) };
    } catch (error) {
      if (isConditionFailed(error)) return this.#holder(eventId, messageId);
      throw error;
    }
  }

  async complete(eventId: string): Promise<void> {
    const nowMs = this.#nowMs();
    await this.#call('UpdateItem', {
      ...this.#at(eventId),
      UpdateExpression: 'SET phase = :done, doneAt = :now, expiresAt = :expires REMOVE messageId, leaseUntil, pushedTo',
      ExpressionAttributeValues: {
        ':done': { S: 'done' },
        ':now': { N: String(nowMs) },
        ':expires': { N: this.#expiresAt(nowMs) },
      },
    });
  }

  async release(eventId: string, messageId: string, pushedTo: readonly string[]): Promise<void> {
    try {
      await this.#call('UpdateItem', {
        ...this.#at(eventId),
        // DynamoDB has no empty sets.
        UpdateExpression: `SET leaseUntil = :zero${pushedTo.length > 0 ? ', pushedTo = :pushed' : ''}`,
        ConditionExpression: 'phase = :claimed AND messageId = :message',
        ExpressionAttributeValues: {
          ':zero': { N: '0' },
          ':claimed': { S: 'claimed' },
          ':message': { S: messageId },
          ...(pushedTo.length > 0 && { ':pushed': { SS: [...new Set(pushedTo)] } }),
        },
      });
    } catch (error) {
      // The lease has expired and another message has claimed the event.
      if (!isConditionFailed(error)) throw error;
    }
  }

  /** The holder of an event that could not be claimed. */
  async #holder(eventId: string, messageId: string): Promise<Claim> {
    const { Item } = await this.#call('GetItem', { ...this.#at(eventId), ConsistentRead: true });
    if (Item?.phase?.S === 'done') return { kind: 'done' };
    // A row deleted meanwhile holds nothing: the safe answer is the one that leads to another attempt.
    return Item === undefined || Item.messageId?.S === messageId ? { kind: 'heldBySame' } : { kind: 'heldByOther' };
  }

  #at(eventId: string) {
    return { TableName: this.#tableName, Key: { pk: { S: `E#${eventId}` }, sk: { S: 'E' } } };
  }

  #expiresAt(nowMs: number): string {
    return String(Math.floor(nowMs / 1_000) + this.#eventTtlSeconds);
  }
}
