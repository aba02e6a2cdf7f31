/** A5: FIFO queues, and what becomes of messages that are given up or visible again. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import type { ConformanceCase } from '../conformance-case.ts';
import type { Subject } from '../subject.ts';
import { eventually } from '../waiting.ts';
import { shortLived } from './frames.ts';

const ordered = (subject: Subject) => subject.queueUrl('ordered.fifo');
const idle = (subject: Subject) => subject.queueUrl('idle');

async function receive({ sqs }: Subject, QueueUrl: string, more: object = {}): Promise<Message[]> {
  const input = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1, ...more };
  const asked = new ReceiveMessageCommand({ ...input, MessageSystemAttributeNames: ['All'] });
  return (await sqs.send(asked)).Messages ?? [];
}

const remove = ({ sqs }: Subject, QueueUrl: string, { ReceiptHandle }: Message) =>
  sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));

const send = (subject: Subject, MessageGroupId: string, MessageBody: string) =>
  subject.sqs.send(new SendMessageCommand({ QueueUrl: ordered(subject), MessageGroupId, MessageBody }));

/** Receives and removes until there are so many of a group; bodies in the order of arrival. */
async function drain(subject: Subject, group: string, count: number): Promise<string[]> {
  const bodies: string[] = [];
  await eventually(subject.patienceMs, async () => {
    for (const message of await receive(subject, ordered(subject))) {
      if (message.Attributes?.MessageGroupId !== group) continue;
      bodies.push(message.Body ?? '');
      await remove(subject, ordered(subject), message);
    }
    assert.ok(bodies.length >= count, `${bodies.length} of ${count} messages`);
  });
  return bodies;
}

export const orderedQueueCases: readonly ConformanceCase[] = [
  {
    row: 'A5.fifo-throughput',
    target: shortLived,
    check: async (subject) => {
      const group = randomUUID();
      const sends = await Promise.allSettled(Array.from({ length: 60 }, (_, n) => send(subject, group, String(n))));
      const refused = sends.flatMap((each) => (each.status === 'rejected' ? [each.reason.name] : []));
      assert.ok(refused.length > 0, 'none of 60 sends was refused');
      assert.deepEqual([...new Set(refused)], ['RequestThrottled']);
    },
  },
  {
    row: 'A5.fifo-order',
    // Whoever receives gets messages of every group.
    alone: true,
    check: async (subject) => {
      const group = randomUUID();
      const bodies = ['1', '2', '3', '4', '5'].map((number) => `${group} ${number}`);
      for (const body of bodies) await send(subject, group, body);
      const ofGroup = ({ Attributes }: Message) => Attributes?.MessageGroupId === group;
      const first = await eventually(subject.patienceMs, async () => {
        const messages = (await receive(subject, ordered(subject), { MaxNumberOfMessages: 2 })).filter(ofGroup);
        assert.ok(messages.length > 0, 'nothing received');
        return messages;
      });
      // While these are in flight, no other of the group is received.
      assert.deepEqual((await receive(subject, ordered(subject))).filter(ofGroup), []);
      for (const message of first) await remove(subject, ordered(subject), message);
      const rest = await drain(subject, group, bodies.length - first.length);
      assert.deepEqual([...first.map(({ Body }) => Body), ...rest], bodies);
    },
  },
  {
    row: 'A5.fifo-deduplication',
    alone: true,
    check: async (subject) => {
      const group = randomUUID();
      for (const body of ['same', 'same', 'other']) await send(subject, group, `${group} ${body}`);
      assert.deepEqual(await drain(subject, group, 2), [`${group} same`, `${group} other`]);
    },
  },
  {
    row: 'A5.dead-letter-source',
    check: async (subject) => {
      const key = randomUUID();
      const { queueUrl, queueName, deadLetterQueueUrl } = subject.description.resources;
      const MessageBody = JSON.stringify({ key, fail: true });
      await subject.sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }));
      const letter = await eventually(subject.onAws ? 120_000 : 25_000, async () => {
        const found = (await receive(subject, deadLetterQueueUrl, { VisibilityTimeout: 1 })).find(({ Body }) =>
          Body?.includes(key),
        );
        assert.ok(found, 'no dead letter yet');
        return found;
      });
      assert.match(letter.Attributes?.DeadLetterQueueSourceArn ?? '', new RegExp(`:${queueName}$`));
      await remove(subject, deadLetterQueueUrl, letter);
    },
  },
  {
    row: 'A5.visibility-over',
    check: async (subject) => {
      const MessageBody = randomUUID();
      await subject.sqs.send(new SendMessageCommand({ QueueUrl: idle(subject), MessageBody }));
      const own = async (more: object = {}) =>
        (await receive(subject, idle(subject), more)).find(({ Body }) => Body === MessageBody);
      const message = await eventually(subject.patienceMs, async () => {
        const found = await own({ VisibilityTimeout: 1 });
        assert.ok(found, 'not received');
        return found;
      });
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      const { ReceiptHandle } = message;
      const change = { QueueUrl: idle(subject), ReceiptHandle, VisibilityTimeout: 600 };
      await assert.rejects(subject.sqs.send(new ChangeMessageVisibilityCommand(change)), {
        name: 'MessageNotInflight',
      });
      const again = await eventually(subject.patienceMs, async () => {
        const found = await own();
        assert.ok(found, 'not visible again');
        return found;
      });
      await remove(subject, idle(subject), again);
    },
  },
];
