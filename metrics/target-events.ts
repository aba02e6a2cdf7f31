/**
 * What the target says of events that the client missed a push of, id by id: whether one lies in the queue, among the dead letters, or is finished by the
 * stack. Sums cannot say it: a stack counts every copy that it handles.
 *
 * The order of the reads matters. A message goes from the queue to the dead letters, or is finished and then deleted; in this order one that moves
 * meanwhile is seen twice, never nowhere.
 */
import { setTimeout } from 'node:timers/promises';
import {
  BatchGetItemCommand,
  type BatchGetItemCommandOutput,
  type DynamoDBClient,
  type KeysAndAttributes,
} from '@aws-sdk/client-dynamodb';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { deadLetterQueues } from '../graph/causes.ts';
import type { Queue } from '../graph/model.ts';
import type { TargetEvents } from '../record/observation.ts';
import { type MeasuredTarget, queueMessagesPath } from '../record/target.ts';
import { dynamoDbClient, lambdaClient, sqsClient } from './aws-connection.ts';

/** Never rejects but for an abort: what could not be asked is null, with the reason. Nothing is asked when there are no ids. */
export async function readTargetEvents(
  target: MeasuredTarget,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<TargetEvents> {
  if (ids.length === 0) return { inQueue: [], deadLettered: [], finished: [], reasons: [], clockStepMs: 0 };
  const reasons: string[] = [];
  const ask = async <Answer>(what: string, read: () => Promise<Answer>): Promise<Answer | null> => {
    try {
      return await read();
    } catch (error) {
      signal.throwIfAborted();
      reasons.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    }
  };
  const wanted = new Set(ids);
  const areDeadLetters = deadLetterQueues(target.graph);
  const waiting = target.graph.queues.filter(({ id }) => !areDeadLetters.has(id));
  const dead = target.graph.queues.filter(({ id }) => areDeadLetters.has(id));
  const inQueue = await ask('the queue', () => inEach(waiting, (queue) => listedIn(target, queue, wanted, signal)));
  const deadLettered = await ask('the dead-letter queue', () =>
    inEach(dead, (queue) =>
      target.kind === 'local' ? listedIn(target, queue, wanted, signal) : received(target, queue, wanted, signal),
    ),
  );
  const finished = await ask('the table of claimed events', () => finishedOf(target, ids, signal));
  return { inQueue, deadLettered, finished, reasons, clockStepMs: clockStepMs() };
}

/** One queue after the other, so that one that moves on meanwhile is seen in the next. */
async function inEach(queues: readonly Queue[], read: (queue: Queue) => Promise<string[]>): Promise<string[]> {
  const found = new Set<string>();
  for (const queue of queues) for (const id of await read(queue)) found.add(id);
  return [...found];
}

export const eventsNotAsked = (reason: string): TargetEvents => ({
  inQueue: null,
  deadLettered: null,
  finished: null,
  reasons: [reason],
  clockStepMs: 0,
});

/** Since this process began, which was before the load. */
const clockStepMs = (): number => Math.round(Date.now() - (performance.timeOrigin + performance.now()));

/** Characters of an event id (engine/src/core/webhooks/webhooks.ts): no other character of a message's body can be part of one. */
const possibleIds = /[\w.~-]+/g;

/** The wanted ids that occur in a message's body, whatever its format. */
export const idsIn = (body: string, wanted: ReadonlySet<string>): string[] =>
  [...body.matchAll(possibleIds)].map(([text]) => text).filter((text) => wanted.has(text));

/** The local target lists a queue's messages without receiving them. */
async function listedIn(
  { kind, endpoints }: MeasuredTarget,
  queue: Queue,
  wanted: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<string[]> {
  if (kind === 'aws' || endpoints?.sqs === undefined)
    throw new Error('SQS does not show the messages of a queue without receiving them');
  const response = await fetch(new URL(queueMessagesPath(queue.name), endpoints.sqs), { signal });
  if (!response.ok || response.body === null) throw new Error(`the target answered ${response.status}`);
  const found = new Set<string>();
  let rest = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) for (const id of idsIn(line, wanted)) found.add(id);
  }
  return [...found];
}

/**
 * Dead letters are received and left: the queue has no redrive of its own, so a receive costs them nothing, and they are visible again after this.
 * Long enough to read them all without meeting one twice.
 */
const deadLetterVisibilitySeconds = 120;
const maxReceives = 1_000;
/** A receive looks at some of SQS's servers only; three in a row that find nothing have seen them all, as far as that can be known. */
const lastEmptyReceives = 3;

async function received(
  target: MeasuredTarget,
  queue: Queue,
  wanted: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<string[]> {
  if (!target.resources) throw new Error('dead letters of a stack of your own are not received');
  const client: SQSClient = sqsClient(target);
  const found = new Set<string>();
  try {
    for (let receives = 0, empty = 0; empty < lastEmptyReceives; receives++) {
      if (receives === maxReceives) throw new Error(`it holds more than ${maxReceives * 10} messages`);
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: queue.url,
          MaxNumberOfMessages: 10,
          VisibilityTimeout: deadLetterVisibilitySeconds,
          WaitTimeSeconds: 1,
        }),
        { abortSignal: signal },
      );
      empty = Messages.length === 0 ? empty + 1 : 0;
      for (const { Body = '' } of Messages) for (const id of idsIn(Body, wanted)) found.add(id);
    }
    return [...found];
  } finally {
    client.destroy();
  }
}

/** BatchGetItem takes at most this many keys. Source: DynamoDB API reference, read 2026-11. */
const keysPerCall = 100;
const callsAtOnce = 4;
/** Of a batch: the last one comes after 0.1 + 0.2 + … + 6.4 s = 13 s, in which a throttled table has refilled. */
const maxAttempts = 8;
const firstBackOffMs = 100;

type Finished = NonNullable<TargetEvents['finished']>[number];

/** Those whose claim is done: the layout of the rows is that of handlers/adapters/dynamodb-event-claims.ts. */
async function finishedOf(target: MeasuredTarget, ids: readonly string[], signal: AbortSignal): Promise<Finished[]> {
  const { tableName = '', finishedFunctionName } = target.resources ?? {};
  if (finishedFunctionName !== undefined) return finishedByFunction(target, finishedFunctionName, ids, signal);
  if (tableName === '') throw new Error('a stack of your own does not say which events it has finished');
  const client = dynamoDbClient(target);
  const batches = Array.from({ length: Math.ceil(ids.length / keysPerCall) }, (_, n) =>
    ids.slice(n * keysPerCall, (n + 1) * keysPerCall),
  );
  try {
    const found: Finished[] = [];
    for (let first = 0; first < batches.length; first += callsAtOnce) {
      const some = batches.slice(first, first + callsAtOnce);
      const results = await Promise.all(some.map((batch) => finishedOfBatch(client, tableName, batch, signal)));
      found.push(...results.flat());
    }
    return found;
  } finally {
    client.destroy();
  }
}

/** Of an invocation: ids of 500 characters stay below a hundredth of what it may hold. */
const idsPerInvocation = 1_000;
const answerSchema = z.object({
  finished: z.array(z.object({ id: z.string(), atMs: z.number().nullable() })),
});

/** The store in PostgreSQL is reached by functions only: one of them answers. */
async function finishedByFunction(
  target: MeasuredTarget,
  functionName: string,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<Finished[]> {
  const client = lambdaClient(target);
  try {
    const found: Finished[] = [];
    for (let first = 0; first < ids.length; first += idsPerInvocation) {
      const Payload = JSON.stringify({ eventIds: ids.slice(first, first + idsPerInvocation) });
      const answer = await client.send(new InvokeCommand({ FunctionName: functionName, Payload }), {
        abortSignal: signal,
      });
      const text = Buffer.from(answer.Payload ?? []).toString();
      if (answer.FunctionError !== undefined) throw new Error(`${functionName} failed: ${text.slice(0, 200)}`);
      found.push(...answerSchema.parse(JSON.parse(text)).finished);
    }
    return found;
  } finally {
    client.destroy();
  }
}

async function finishedOfBatch(
  client: DynamoDBClient,
  tableName: string,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<Finished[]> {
  const found: Finished[] = [];
  let asked: KeysAndAttributes = {
    Keys: ids.map((id) => ({ pk: { S: `E#${id}` }, sk: { S: 'E' } })),
    ConsistentRead: true,
    ProjectionExpression: 'pk, phase, doneAt',
  };
  for (let attempt = 1; ; attempt++) {
    const answer: BatchGetItemCommandOutput = await client.send(
      new BatchGetItemCommand({ RequestItems: { [tableName]: asked } }),
      { abortSignal: signal },
    );
    for (const { pk, phase, doneAt } of answer.Responses?.[tableName] ?? [])
      if (phase?.S === 'done' && pk?.S !== undefined)
        found.push({ id: pk.S.slice('E#'.length), atMs: doneAt?.N === undefined ? null : Number(doneAt.N) });
    const left = answer.UnprocessedKeys?.[tableName];
    if (left === undefined) return found;
    if (attempt === maxAttempts) throw new Error('it was throttled on every attempt');
    asked = left;
    await setTimeout(firstBackOffMs * 2 ** (attempt - 1), undefined, { signal });
  }
}
