/** Messages of the queue that are to be received again sooner than after its visibility timeout. */
import { putOffSeconds } from '../domain/put-off.ts';
import type { SqsCall } from './aws/operations.ts';

/** A message as Lambda hands it to the function. */
interface HeldMessage {
  messageId: string;
  receiptHandle: string;
  attributes: { ApproximateReceiveCount: string };
}

/** Entries of one call. SQS API reference, ChangeMessageVisibilityBatch, read November 2026. */
const entriesPerCall = 10;

export class MessageVisibility {
  readonly #call: SqsCall;
  readonly #queueUrl: string;
  readonly #random: () => number;

  constructor({ call, queueUrl, random }: { call: SqsCall; queueUrl: string; random: () => number }) {
    this.#call = call;
    this.#queueUrl = queueUrl;
    this.#random = random;
  }

  /** Never rejects. What could not be changed waits for the visibility timeout, as it would have anyway: a sentence for each, for the log. */
  async putOff(messages: readonly HeldMessage[]): Promise<string[]> {
    const entries = messages.flatMap(({ messageId, receiptHandle, attributes }) => {
      const seconds = putOffSeconds(Number(attributes.ApproximateReceiveCount), this.#random);
      return seconds === null ? [] : [{ messageId, ReceiptHandle: receiptHandle, VisibilityTimeout: seconds }];
    });
    const calls: Promise<string[]>[] = [];
    for (let from = 0; from < entries.length; from += entriesPerCall)
      calls.push(this.#change(entries.slice(from, from + entriesPerCall)));
    return (await Promise.all(calls)).flat();
  }

  async #change(
    entries: readonly { messageId: string; ReceiptHandle: string; VisibilityTimeout: number }[],
  ): Promise<string[]> {
    const told = (messageId: string, reason: string) =>
      `Message ${messageId}: It could not be put off, and waits for the visibility timeout: ${reason}`;
    try {
      const { Failed = [] } = await this.#call('ChangeMessageVisibilityBatch', {
        QueueUrl: this.#queueUrl,
        Entries: entries.map(({ messageId: _, ...entry }, index) => ({ Id: String(index), ...entry })),
      });
      return Failed.map(({ Id, Code, Message }) =>
        told(entries[Number(Id)]?.messageId ?? '', `${Code} ${Message ?? ''}`),
      );
    } catch (error) {
      return entries.map(({ messageId }) => told(messageId, String(error)));
    }
  }
}
