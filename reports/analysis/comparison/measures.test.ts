import { expect, test } from 'vitest';
import { wordsOf } from './measures.ts';

test.each([
  [['functions', 'Say', 'busySeconds', 'message'], 'busy time of Say, per message'],
  [['functions', 'Say', 'p99Seconds'], 'p99 duration of Say'],
  [['functions', 'Say', 'invocations', 'connect'], 'invocations of Say, per connect'],
  [['tables', 'Rows', 'writeUnits', 'webhook'], 'write units of Rows, per webhook'],
  [['queues', 'Inbox', 'webhook'], 'messages of Inbox, per webhook'],
  [['callsPerPush'], 'calls per push'],
])('%j is named as people say it', (path, words) => {
  expect(wordsOf(path)).toBe(words);
});
