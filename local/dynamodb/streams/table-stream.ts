/**
 * The stream of a table: each change of an item is a record, in order for each key. Pure except for its own state.
 * Source: DynamoDB developer guide, "Change data capture for DynamoDB Streams"; DynamoDB Streams API reference, read November 2026.
 */
import { createHash } from 'node:crypto';
import type { Item, ItemChange } from '../change-log.ts';
import { itemMaths, type TableDescription } from '../dynalite-store.ts';

export type StreamView = 'KEYS_ONLY' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES';

/** As a stream returns it. */
export interface StreamRecord {
  eventID: string;
  eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  eventVersion: '1.1';
  eventSource: 'aws:dynamodb';
  awsRegion: string;
  dynamodb: {
    /** Seconds since the epoch. */
    ApproximateCreationDateTime: number;
    Keys: Item;
    NewImage?: Item;
    OldImage?: Item;
    SequenceNumber: string;
    SizeBytes: number;
    StreamViewType: StreamView;
  };
  userIdentity?: { type: 'Service'; principalId: 'dynamodb.amazonaws.com' };
}

interface Kept {
  sequence: number;
  atMs: number;
  record: StreamRecord;
}

/** Records are kept for 24 hours (developer guide). */
const retentionMs = 86_400_000;
/** Not AWS's: the memory of this machine. */
const maxRecordsOfShard = 100_000;
const digitsOfSequence = 21;

export class TableStream {
  readonly arn: string;
  readonly tableName: string;
  readonly view: StreamView;
  #shards: Kept[][];
  #nextSequence = 1;
  #region: string;
  #waiting = new Set<() => void>();

  /** @param shards how many there are: on AWS one for each partition of the table. */
  constructor({
    arn,
    tableName,
    view,
    region,
    shards,
  }: { arn: string; tableName: string; view: StreamView; region: string; shards: number }) {
    this.arn = arn;
    this.tableName = tableName;
    this.view = view;
    this.#region = region;
    this.#shards = Array.from({ length: shards }, () => []);
  }

  get shardCount(): number {
    return this.#shards.length;
  }

  /** The sequence number that the next record will have. */
  get nextSequence(): number {
    return this.#nextSequence;
  }

  /** A write that changes nothing has no record. */
  put({ before, after, expired }: ItemChange, table: TableDescription, nowMs: number): void {
    const eventName = before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY';
    const item = after ?? before;
    if (item === undefined || (eventName === 'MODIFY' && JSON.stringify(before) === JSON.stringify(after))) return;
    const Keys: Item = {};
    for (const { AttributeName } of table.KeySchema) {
      const value = item[AttributeName];
      if (value !== undefined) Keys[AttributeName] = value;
    }
    const sequence = this.#nextSequence++;
    const SequenceNumber = sequenceText(sequence);
    const withNew = after !== undefined && (this.view === 'NEW_IMAGE' || this.view === 'NEW_AND_OLD_IMAGES');
    const withOld = before !== undefined && (this.view === 'OLD_IMAGE' || this.view === 'NEW_AND_OLD_IMAGES');
    const images = { ...(withNew && { NewImage: after }), ...(withOld && { OldImage: before }) };
    const sizes = [Keys, images.NewImage, images.OldImage].map((part) =>
      part === undefined ? 0 : itemMaths.itemSize(part),
    );
    const record: StreamRecord = {
      eventID: createHash('md5').update(`${this.arn} ${sequence}`).digest('hex'),
      eventName,
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: this.#region,
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(nowMs / 1_000),
        Keys,
        ...images,
        SequenceNumber,
        SizeBytes: sizes.reduce((sum, size) => sum + size, 0),
        StreamViewType: this.view,
      },
      ...(expired && { userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' } }),
    };
    const shard = this.#shards[this.#shardOf(Keys, table)];
    shard?.push({ sequence, atMs: nowMs, record });
    if (shard) this.#drop(shard, nowMs);
    for (const wake of this.#waiting) wake();
  }

  /** Records of a shard from a sequence number on, oldest first. */
  read(shard: number, fromSequence: number, limit: number): { records: readonly StreamRecord[]; next: number } {
    const kept = this.#shards[shard] ?? [];
    const start = firstFrom(kept, fromSequence);
    const page = kept.slice(start, start + limit);
    const last = page.at(-1);
    // Behind the last of them, or where the reader already was.
    return { records: page.map(({ record }) => record), next: last === undefined ? fromSequence : last.sequence + 1 };
  }

  /** Settles once there is another record, or after the time. */
  changed(limitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const settle = () => {
        clearTimeout(timer);
        this.#waiting.delete(settle);
        resolve();
      };
      const timer = setTimeout(settle, limitMs);
      this.#waiting.add(settle);
    });
  }

  /** Items with the same partition key are in the same shard, and so in order. */
  #shardOf(keys: Item, table: TableDescription): number {
    const hash = keys[table.KeySchema[0]?.AttributeName ?? ''];
    return createHash('md5').update(JSON.stringify(hash)).digest().readUInt32BE(0) % this.#shards.length;
  }

  #drop(shard: Kept[], nowMs: number): void {
    const expired = shard.findIndex(({ atMs }) => atMs >= nowMs - retentionMs);
    const surplus = shard.length - maxRecordsOfShard;
    const count = Math.max(expired, surplus);
    if (count > 0) shard.splice(0, count);
  }
}

export const sequenceText = (sequence: number): string => String(sequence).padStart(digitsOfSequence, '0');

/** Index of the first record that is not before a sequence number. */
function firstFrom(kept: readonly Kept[], sequence: number): number {
  let low = 0;
  let high = kept.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((kept[middle]?.sequence ?? 0) < sequence) low = middle + 1;
    else high = middle;
  }
  return low;
}
