/** The few SQS calls that the target itself makes. */
import { AwsJsonClient } from '../process/aws-json-client.ts';

export type SqsAction = 'SendMessage' | 'ReceiveMessage' | 'DeleteMessageBatch' | 'GetQueueAttributes';

export class SqsClient {
  #client: AwsJsonClient;

  constructor(url: string, region: string) {
    this.#client = new AwsJsonClient({ url, service: 'sqs', region });
  }

  /** @throws {AwsJsonError} an error of SQS; other errors if it cannot be reached or the signal aborted. */
  call(action: SqsAction, input: object, signal?: AbortSignal): Promise<Readonly<Record<string, unknown>>> {
    return this.#client.call(action, input, signal);
  }

  close(): void {
    this.#client.close();
  }
}
