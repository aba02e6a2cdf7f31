import { expect, test } from 'vitest';
import type { SqsQueue } from './fauxqs-store.ts';
import { FifoThrottle } from './fifo-throttle.ts';

const queueOf = (name: string, attributes: Record<string, string> = {}) =>
  ({ name, attributes, isFifo: () => name.endsWith('.fifo') }) as unknown as SqsQueue;
const throttle = () => new FifoThrottle({ sqsFifoRequests: 3, sqsFifoHighThroughput: 5 });
const refused = (of: FifoThrottle, queue: SqsQueue, actions: readonly string[], nowMs = 0) =>
  actions.map((action) => of.refusing(queue, action, nowMs));

test('an ordinary FIFO queue takes so many requests a second of each action, batches among them', () => {
  const orders = queueOf('orders.fifo');
  const fifo = throttle();
  const sends = ['SendMessage', 'SendMessageBatch', 'SendMessage', 'SendMessage'];
  expect(refused(fifo, orders, sends)).toEqual([null, null, null, 'sqsFifoRequests']);
  expect(refused(fifo, orders, ['ReceiveMessage', 'DeleteMessageBatch', 'GetQueueAttributes'])).toEqual([
    null,
    null,
    null,
  ]);
  expect(refused(fifo, queueOf('other.fifo'), ['SendMessage'])).toEqual([null]);
  // A third of a second later there is one more.
  expect(refused(fifo, orders, ['SendMessage', 'SendMessage'], 334)).toEqual([null, 'sqsFifoRequests']);
});

test('one with high throughput takes its own number', () => {
  const fast = queueOf('fast.fifo', { FifoThroughputLimit: 'perMessageGroupId' });
  const sends = Array.from({ length: 6 }, () => 'SendMessage');
  expect(refused(throttle(), fast, sends).filter((quota) => quota !== null)).toEqual(['sqsFifoHighThroughput']);
});

test('a standard queue takes all of them', () => {
  const sends = Array.from({ length: 50 }, () => 'SendMessage');
  expect(refused(throttle(), queueOf('q'), sends).filter((quota) => quota !== null)).toEqual([]);
});
