/** fauxqs's store of queues, which its package does not export: needed to create queues before listening and to read depths. */
import type { buildApp } from 'fauxqs';
import { isSqsText } from './sqs-text.ts';

type Stores = NonNullable<NonNullable<Parameters<typeof buildApp>[0]>['stores']>;
export type SqsStore = Stores['sqsStore'];
export type SqsQueue = ReturnType<SqsStore['createQueue']>;
export type StoredMessage = SqsQueue['messages'][number];

const differentVersion = 'This version of fauxqs stores its queues differently. Install fauxqs 2.4.1.';

/** What a module of fauxqs exports, though its package does not; undefined if it does not. */
export async function unpublished(path: string, name: string): Promise<unknown> {
  const loaded: unknown = await import(new URL(path, import.meta.resolve('fauxqs')).href);
  return typeof loaded === 'object' && loaded !== null ? Reflect.get(loaded, name) : undefined;
}

/**
 * fauxqs tests UTF-16 units rather than characters, so it refuses everything beyond U+FFFF, such as an emoji. Its pattern is a constant
 * that it only calls `test` of: for one message, and for each entry of a batch.
 */
async function correctCharacterCheck(): Promise<void> {
  const pattern = await unpublished('./sqs/sqsTypes.js', 'INVALID_MESSAGE_BODY_CHAR');
  if (!(pattern instanceof RegExp)) throw new Error(differentVersion);
  pattern.test = (text) => !isSqsText(text);
}

/** @param onQueue is called with every queue created, by any caller. */
export async function createStore(onQueue: (queue: SqsQueue) => void = () => undefined): Promise<SqsStore> {
  await correctCharacterCheck();
  const Store = await unpublished('./sqs/sqsStore.js', 'SqsStore');
  if (typeof Store !== 'function') throw new Error(differentVersion);
  const store: SqsStore = Reflect.construct(Store, []);
  // The URL of a queue that a client makes has the host that the client used, rather than one that only some systems resolve.
  store.host = '';
  const create = store.createQueue.bind(store);
  store.createQueue = (...parameters) => {
    const queue = create(...parameters);
    onQueue(queue);
    return queue;
  };
  return store;
}
