/** A5: a queue as seen by senders and receivers. */
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import {
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import type { ConformanceCase } from '../conformance-case.ts';
import { maxReceiveCount } from '../stack/settings.ts';
import type { Subject } from '../subject.ts';
import { awaitDeadLetter } from './dead-letters.ts';
import { shortLived } from './frames.ts';

const mebibyte = 1_048_576;

const idle = (subject: Subject) => subject.queueUrl('idle');
const send = (subject: Subject, QueueUrl: string, MessageBody: string, rest: object = {}) =>
  subject.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...rest }));
const sendBatch = (subject: Subject, entries: { Id: string; MessageBody: string }[]) =>
  subject.sqs.send(new SendMessageBatchCommand({ QueueUrl: idle(subject), Entries: entries }));
const setAttribute = (subject: Subject, name: string, value: string) =>
  subject.sqs.send(new SetQueueAttributesCommand({ QueueUrl: idle(subject), Attributes: { [name]: value } }));

async function attributeOf(subject: Subject, url: string, name: string): Promise<string | undefined> {
  const { Attributes } = await subject.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
  );
  return Object.entries(Attributes ?? {}).find(([key]) => key === name)?.[1];
}

/** Sends a message that the consumer always fails, and waits for it in the dead-letter queue. */
async function deadLetter(subject: Subject): Promise<{ key: string; sentAtMs: number; deadSentAtMs: number }> {
  const key = randomUUID();
  const sentAtMs = Date.now();
  await send(subject, subject.description.resources.queueUrl, JSON.stringify({ key, fail: true }));
  const dead = await awaitDeadLetter(subject, key);
  return { key, sentAtMs, deadSentAtMs: dead.sentAtMs };
}

export const queueCases: readonly ConformanceCase[] = [
  {
    row: 'A5.message-size',
    check: async (subject) => {
      await send(subject, idle(subject), 'x'.repeat(mebibyte));
      await assert.rejects(send(subject, idle(subject), 'x'.repeat(mebibyte + 1)), /./);
      const half = 'x'.repeat(mebibyte / 2);
      await assert.rejects(
        sendBatch(subject, [
          { Id: 'a', MessageBody: half },
          { Id: 'b', MessageBody: `${half}x` },
        ]),
        { name: /BatchRequestTooLong/ },
      );
    },
  },
  {
    row: 'A5.batch',
    check: async (subject) => {
      const entries = Array.from({ length: 11 }, (_, index) => ({ Id: `m${index}`, MessageBody: 'x' }));
      await assert.rejects(sendBatch(subject, entries), { name: /TooManyEntriesInBatchRequest/ });
      assert.equal((await sendBatch(subject, entries.slice(0, 10))).Successful?.length, 10);
      await sendBatch(subject, [{ Id: 'i'.repeat(80), MessageBody: 'x' }]);
      await assert.rejects(sendBatch(subject, [{ Id: 'i'.repeat(81), MessageBody: 'x' }]), {
        name: /InvalidBatchEntryId/,
      });
    },
  },
  {
    row: 'A5.characters',
    check: async (subject) => {
      const taken = '\t\n\r ~\u007f\u0085\ud7ff\ue000\ufffd\u{10000}😀\u{1fffe}\u{10ffff}';
      const { MD5OfMessageBody } = await send(subject, idle(subject), taken);
      assert.equal(MD5OfMessageBody, createHash('md5').update(taken).digest('hex'), 'kept as it was sent');
      for (const refused of ['\u0000', '\u0008', '\u000b', '\u001f', '\ufffe', '\uffff']) {
        await assert.rejects(send(subject, idle(subject), `a${refused}b`), { name: /InvalidMessageContents/ });
      }
      const { Successful, Failed } = await sendBatch(subject, [
        { Id: 'taken', MessageBody: taken },
        { Id: 'refused', MessageBody: '\ufffe' },
      ]);
      assert.deepEqual(
        [Successful?.map(({ Id }) => Id), Failed?.map(({ Id, Code }) => [Id, Code])],
        [['taken'], [['refused', 'InvalidMessageContents']]],
      );
    },
  },
  {
    row: 'A5.attributes',
    check: async (subject) => {
      const attributes = (count: number) => ({
        MessageAttributes: Object.fromEntries(
          Array.from({ length: count }, (_, index) => [`a${index}`, { DataType: 'String', StringValue: 'v' }]),
        ),
      });
      await send(subject, idle(subject), 'x', attributes(10));
      await assert.rejects(send(subject, idle(subject), 'x', attributes(11)), /./);
    },
  },
  {
    row: 'A5.retention',
    check: async (subject) => {
      assert.equal(await attributeOf(subject, idle(subject), 'MessageRetentionPeriod'), '345600');
      for (const value of ['59', '1209601']) {
        await assert.rejects(setAttribute(subject, 'MessageRetentionPeriod', value), /./, value);
      }
    },
  },
  {
    row: 'A5.visibility',
    check: async (subject) => {
      const { deadLetterQueueUrl } = subject.description.resources;
      assert.equal(await attributeOf(subject, deadLetterQueueUrl, 'VisibilityTimeout'), '30');
      await assert.rejects(setAttribute(subject, 'VisibilityTimeout', '43201'), /./);
    },
  },
  {
    row: 'A5.delay',
    check: async (subject) => {
      await assert.rejects(send(subject, idle(subject), 'x', { DelaySeconds: 901 }), /./);
      const receive = new ReceiveMessageCommand({ QueueUrl: idle(subject), WaitTimeSeconds: 21 });
      await assert.rejects(subject.sqs.send(receive), /./);
    },
  },
  {
    row: 'A5.in-flight',
    target: shortLived,
    check: async (subject) => {
      const QueueUrl = idle(subject);
      for (let index = 0; index < 5; index++) await send(subject, QueueUrl, String(index));
      const receive = (WaitTimeSeconds: number) =>
        subject.sqs.send(
          new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 1, WaitTimeSeconds, VisibilityTimeout: 60 }),
        );
      for (let index = 0; index < 3; index++) assert.equal((await receive(0)).Messages?.length, 1);
      await assert.rejects(receive(0), { name: 'OverLimit' });
      assert.equal((await receive(1)).Messages?.length ?? 0, 0);
    },
  },
  {
    row: 'A5.max-receive-count',
    check: async (subject) => {
      const { key } = await deadLetter(subject);
      const seen = await subject.observed(key);
      assert.equal(seen.length, maxReceiveCount, 'maxReceiveCount deliveries, then the dead-letter queue');
    },
  },
  {
    row: 'A5.dead-letter-age',
    check: async (subject) => {
      const { sentAtMs, deadSentAtMs } = await deadLetter(subject);
      assert.ok(Math.abs(deadSentAtMs - sentAtMs) < 1_000, `sent ${sentAtMs}, as a dead letter ${deadSentAtMs}`);
    },
  },
];
