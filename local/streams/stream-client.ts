/** The calls of DynamoDB Streams that the target's pollers make. */
import type { StreamRecord } from '../dynamodb/streams/table-stream.ts';
import { AwsJsonClient } from '../process/aws-json-client.ts';

export interface StreamPage {
  records: readonly StreamRecord[];
  next: string;
}

export class StreamClient {
  #client: AwsJsonClient;

  constructor(url: string, region: string) {
    this.#client = new AwsJsonClient({ url, service: 'dynamodbStreams', region });
  }

  async shards(streamArn: string): Promise<string[]> {
    const { StreamDescription: description } = await this.#client.call('DescribeStream', { StreamArn: streamArn });
    const { Shards } = Object(description);
    return Array.isArray(Shards) ? Shards.map(({ ShardId }) => String(ShardId)) : [];
  }

  async iterator(streamArn: string, shardId: string, type: 'TRIM_HORIZON' | 'LATEST'): Promise<string> {
    const input = { StreamArn: streamArn, ShardId: shardId, ShardIteratorType: type };
    return String((await this.#client.call('GetShardIterator', input)).ShardIterator);
  }

  /** Waits up to a second for a record. */
  async records(iterator: string, limit: number, signal: AbortSignal): Promise<StreamPage> {
    const answer = await this.#client.call('GetRecords', { ShardIterator: iterator, Limit: limit }, signal);
    return { records: answer.Records as readonly StreamRecord[], next: String(answer.NextShardIterator) };
  }

  close(): void {
    this.#client.close();
  }
}
