/** The calls of DynamoDB Streams that the target's pollers make, over AWS JSON 1.0. */
import { Agent, request } from 'node:http';
import type { StreamRecord } from '../dynamodb/streams/table-stream.ts';
import { platformHeader } from '../interference/http-interference.ts';

export interface StreamPage {
  records: readonly StreamRecord[];
  next: string;
}

export class StreamClient {
  #url: string;
  #region: string;
  #agent = new Agent({ keepAlive: true, maxSockets: 1_024 });

  constructor(url: string, region: string) {
    this.#url = url;
    this.#region = region;
  }

  async shards(streamArn: string): Promise<string[]> {
    const { StreamDescription: description } = await this.#call('DescribeStream', { StreamArn: streamArn });
    const { Shards } = Object(description);
    return Array.isArray(Shards) ? Shards.map(({ ShardId }) => String(ShardId)) : [];
  }

  async iterator(streamArn: string, shardId: string, type: 'TRIM_HORIZON' | 'LATEST'): Promise<string> {
    const input = { StreamArn: streamArn, ShardId: shardId, ShardIteratorType: type };
    return String((await this.#call('GetShardIterator', input)).ShardIterator);
  }

  /** Waits up to a second for a record. */
  async records(iterator: string, limit: number, signal: AbortSignal): Promise<StreamPage> {
    const answer = await this.#call('GetRecords', { ShardIterator: iterator, Limit: limit }, signal);
    return { records: answer.Records as readonly StreamRecord[], next: String(answer.NextShardIterator) };
  }

  close(): void {
    this.#agent.destroy();
  }

  #call(action: string, input: object, signal?: AbortSignal): Promise<Readonly<Record<string, unknown>>> {
    const body = JSON.stringify(input);
    return new Promise((resolve, reject) => {
      const sent = request(this.#url, {
        method: 'POST',
        agent: this.#agent,
        ...(signal && { signal }),
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': `DynamoDBStreams_20120810.${action}`,
          'x-amz-date': '20260101T000000Z',
          'content-length': Buffer.byteLength(body),
          [platformHeader]: '1',
          // Not checked.
          authorization: `AWS4-HMAC-SHA256 Credential=LOADLINELOCAL/20260101/${this.#region}/dynamodb/aws4_request, SignedHeaders=host, Signature=0`,
        },
      });
      sent.on('error', reject);
      sent.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('error', reject);
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          try {
            const answer = JSON.parse(Buffer.concat(chunks).toString() || '{}');
            if (response.statusCode === 200) resolve(answer);
            else reject(new Error(`DynamoDB Streams refused ${action}: ${String(answer.message)}`));
          } catch (error) {
            reject(error);
          }
        });
      });
      sent.end(body);
    });
  }
}
