/** The few SQS calls that the target itself makes, over AWS JSON 1.0: the SDK costs half a millisecond of CPU a call. */
import { Agent, request } from 'node:http';
import { platformHeader } from '../interference/http-interference.ts';

/** An error returned by the service. */
export class AwsJsonError extends Error {
  readonly status: number;
  readonly type: string;

  constructor(status: number, type: string, message: string) {
    super(message);
    this.name = 'AwsJsonError';
    this.status = status;
    this.type = type;
  }
}

export type SqsAction = 'SendMessage' | 'ReceiveMessage' | 'DeleteMessageBatch' | 'GetQueueAttributes';

export class SqsClient {
  #url: string;
  #region: string;
  #agent = new Agent({ keepAlive: true, maxSockets: 2_048 });

  constructor(url: string, region: string) {
    this.#url = url;
    this.#region = region;
  }

  /** @throws {AwsJsonError} an error of SQS; other errors if it cannot be reached or the signal aborted. */
  call(action: SqsAction, input: object, signal?: AbortSignal): Promise<Readonly<Record<string, unknown>>> {
    const body = JSON.stringify(input);
    return new Promise((resolve, reject) => {
      const sent = request(this.#url, {
        method: 'POST',
        agent: this.#agent,
        ...(signal && { signal }),
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': `AmazonSQS.${action}`,
          'content-length': Buffer.byteLength(body),
          [platformHeader]: '1',
          // Not checked; SQS takes the region from it.
          authorization: `AWS4-HMAC-SHA256 Credential=LOADLINELOCAL/20260101/${this.#region}/sqs/aws4_request, SignedHeaders=host, Signature=0`,
        },
      });
      sent.on('error', reject);
      sent.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('error', reject);
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          try {
            const text = Buffer.concat(chunks).toString();
            const answer = text === '' ? {} : JSON.parse(text);
            const status = response.statusCode ?? 0;
            if (status === 200) resolve(answer);
            else reject(new AwsJsonError(status, String(answer.__type), String(answer.message)));
          } catch (error) {
            reject(error);
          }
        });
      });
      sent.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
