/** fauxqs's store of queues, which its package does not export: needed to create queues before listening and to read depths. */
import type { buildApp } from 'fauxqs';

type Stores = NonNullable<NonNullable<Parameters<typeof buildApp>[0]>['stores']>;
export type SqsStore = Stores['sqsStore'];
export type SqsQueue = ReturnType<SqsStore['createQueue']>;
export type StoredMessage = SqsQueue['messages'][number];

/** @param onQueue is called with every queue created, by any caller. */
export async function createStore(onQueue: (queue: SqsQueue) => void = () => undefined): Promise<SqsStore> {
  const url = new URL('./sqs/sqsStore.js', import.meta.resolve('fauxqs'));
  const loaded: unknown = await import(url.href);
  const Store: unknown = typeof loaded === 'object' && loaded !== null ? Reflect.get(loaded, 'SqsStore') : undefined;
  if (typeof Store !== 'function')
    throw new Error('This version of fauxqs stores its queues differently. Install fauxqs 2.4.1.');
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
