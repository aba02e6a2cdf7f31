import { describe, expect, it } from 'vitest';
import type { SqsCall } from './aws/operations.ts';
import { MessageVisibility } from './message-visibility.ts';

interface Entry {
  Id: string;
  ReceiptHandle: string;
  VisibilityTimeout: number;
}

const held = (messageId: string, receipts: number) => ({
  ...{ messageId, receiptHandle: `handle of ${messageId}` },
  attributes: { ApproximateReceiveCount: String(receipts) },
});

/** A queue that answers so, and the entries of each call. */
function queueThat(answer: () => Promise<object>) {
  const calls: (string | number | undefined)[][][] = [];
  const call = async (operation: string, input: { QueueUrl: string; Entries: Entry[] }) => {
    expect([operation, input.QueueUrl]).toEqual(['ChangeMessageVisibilityBatch', 'the queue']);
    calls.push(input.Entries.map(({ Id, ReceiptHandle, VisibilityTimeout }) => [Id, ReceiptHandle, VisibilityTimeout]));
    return await answer();
  };
  return {
    calls,
    visibility: new MessageVisibility({ call: call as unknown as SqsCall, queueUrl: 'the queue', random: () => 0 }),
  };
}

describe('messages that are put off', () => {
  it('become visible again sooner the fewer receipts they have had, and not at all sooner after three', async () => {
    const { calls, visibility } = queueThat(async () => ({}));
    expect(await visibility.putOff([held('a', 1), held('b', 3), held('c', 4)])).toEqual([]);
    expect(calls).toEqual([
      [
        ['0', 'handle of a', 4],
        ['1', 'handle of b', 16],
      ],
    ]);
  });

  it('go out ten in a call, and no call without any', async () => {
    const { calls, visibility } = queueThat(async () => ({}));
    await visibility.putOff(Array.from({ length: 23 }, (_, n) => held(`m${n}`, 1)));
    expect(calls.map((entries) => entries.length)).toEqual([10, 10, 3]);
    await visibility.putOff([]);
    await visibility.putOff([held('late', 5)]);
    expect(calls).toHaveLength(3);
  });

  it('wait for the visibility timeout when the call fails, as a whole or for one of them', async () => {
    const failing = queueThat(() => Promise.reject(new Error('throttled')));
    expect(await failing.visibility.putOff([held('a', 1), held('b', 2)])).toEqual([
      'Message a: It could not be put off, and waits for the visibility timeout: Error: throttled',
      'Message b: It could not be put off, and waits for the visibility timeout: Error: throttled',
    ]);
    const partly = queueThat(async () => ({
      Failed: [{ Id: '1', Code: 'ReceiptHandleIsInvalid', SenderFault: true }],
    }));
    expect(await partly.visibility.putOff([held('a', 1), held('b', 1)])).toEqual([
      'Message b: It could not be put off, and waits for the visibility timeout: ReceiptHandleIsInvalid ',
    ]);
  });
});
