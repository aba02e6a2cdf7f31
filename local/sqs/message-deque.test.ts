import { expect, test } from 'vitest';
import { MessageDeque } from './message-deque.ts';

test('first in, first out, over many more messages than it holds at any time', () => {
  const deque = new MessageDeque<number>();
  let taken = 0;
  for (let sent = 0; sent < 10_000; sent++) {
    deque.push(sent);
    if (sent % 3 > 0) expect(deque.shift()).toBe(taken++);
  }
  expect(deque.length).toBe(3_334);
  expect([...deque]).toEqual(Array.from({ length: 3_334 }, (_, index) => 6_666 + index));
  while (deque.length > 0) expect(deque.shift()).toBe(taken++);
  expect(taken).toBe(10_000);
  expect(deque.shift()).toBeUndefined();
});

test('drops unwanted messages at any position', () => {
  const deque = new MessageDeque<number>();
  for (const message of [0, 1, 2, 3, 4, 5]) deque.push(message);
  deque.shift();
  deque.retain((message) => message % 2 === 0);
  expect([...deque]).toEqual([2, 4]);
  deque.push(6);
  expect(deque.shift()).toBe(2);
  expect(deque.length).toBe(2);
});
