/** Calls of the target's own parts to its services, over AWS JSON 1.0: the SDK costs half a millisecond of CPU a call. */
import { setMaxListeners } from 'node:events';
import { Agent, type RequestOptions, request } from 'node:http';
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

const services = {
  sqs: { prefix: 'AmazonSQS', signingName: 'sqs' },
  dynamodb: { prefix: 'DynamoDB_20120810', signingName: 'dynamodb' },
  dynamodbStreams: { prefix: 'DynamoDBStreams_20120810', signingName: 'dynamodb' },
} as const;
type Service = keyof typeof services;

/** Of a call that is the platform's. The form of the signature is checked, the signature is not; SQS takes the region from it. */
export function platformHeaders(service: Service, action: string, region: string): Record<string, string> {
  const { prefix, signingName } = services[service];
  return {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `${prefix}.${action}`,
    'x-amz-date': '20260101T000000Z',
    [platformHeader]: '1',
    authorization: `AWS4-HMAC-SHA256 Credential=LOADLINELOCAL/20260101/${region}/${signingName}/aws4_request, SignedHeaders=host, Signature=0`,
  };
}

export class AwsJsonClient {
  #service: Service;
  #region: string;
  #agent = new Agent({ keepAlive: true, maxSockets: 2_048 });
  /** The URL is parsed once. */
  #to: RequestOptions;
  #headers = new Map<string, Readonly<Record<string, string>>>();

  constructor({ url, service, region }: { url: string; service: Service; region: string }) {
    const { hostname, port, pathname } = new URL(url);
    this.#to = { hostname, port, path: pathname, method: 'POST', agent: this.#agent };
    this.#service = service;
    this.#region = region;
  }

  /** @throws {AwsJsonError} an error of the service; other errors if it cannot be reached or the signal aborted. */
  call(action: string, input: object, signal?: AbortSignal): Promise<Readonly<Record<string, unknown>>> {
    const body = JSON.stringify(input);
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const sent = request({
        ...this.#to,
        headers: { ...this.#headersOf(action), 'content-length': Buffer.byteLength(body) },
      });
      // Node's own option for it watches the whole life of the request and its answer, for several times the cost.
      const onAbort = () => sent.destroy(signal?.reason);
      if (signal) {
        setMaxListeners(0, signal);
        signal.addEventListener('abort', onAbort);
        sent.on('close', () => signal.removeEventListener('abort', onAbort));
      }
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

  #headersOf(action: string): Readonly<Record<string, string>> {
    const known = this.#headers.get(action);
    if (known !== undefined) return known;
    const made = platformHeaders(this.#service, action, this.#region);
    this.#headers.set(action, made);
    return made;
  }

  close(): void {
    this.#agent.destroy();
  }
}
