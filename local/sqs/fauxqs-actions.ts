/** fauxqs's actions without its HTTP framework, which costs more than an action does. */
import type { IncomingMessage } from 'node:http';
import { type SqsStore, unpublished } from './fauxqs-store.ts';

/** Body of a request or an answer, as in AWS JSON. */
export type Json = Record<string, unknown>;
/** Throws a {@link FauxqsError} for what SQS refuses. Of the request only the headers are used. */
export type FauxqsAction = (input: Json, store: SqsStore, request: Pick<IncomingMessage, 'headers'>) => unknown;

export interface FauxqsError extends Error {
  statusCode: number;
  /** `AWS.SimpleQueueService.<code>;<fault>` */
  queryErrorHeader: string;
  toJSON(): Json;
}

const actionNames = [
  ...['CreateQueue', 'DeleteQueue', 'GetQueueUrl', 'ListQueues', 'GetQueueAttributes', 'SetQueueAttributes'],
  ...['PurgeQueue', 'SendMessage', 'SendMessageBatch', 'ReceiveMessage', 'DeleteMessage', 'DeleteMessageBatch'],
  ...['ChangeMessageVisibility', 'ChangeMessageVisibilityBatch', 'TagQueue', 'UntagQueue', 'ListQueueTags'],
];

export async function loadActions(): Promise<ReadonlyMap<string, FauxqsAction>> {
  const load = async (action: string): Promise<[string, FauxqsAction]> => {
    const name = `${action.charAt(0).toLowerCase()}${action.slice(1)}`;
    const found = await unpublished(`./sqs/actions/${name}.js`, name);
    if (typeof found !== 'function') throw new Error(`This version of fauxqs has no ${action}. Install fauxqs 2.4.1.`);
    return [action, (...parameters) => Reflect.apply(found, undefined, parameters)];
  };
  return new Map(await Promise.all(actionNames.map(load)));
}

export const isFauxqsError = (error: unknown): error is FauxqsError =>
  error instanceof Error && error.name === 'SqsError' && 'queryErrorHeader' in error;
