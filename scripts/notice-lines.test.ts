import { expect, test } from 'vitest';
import type { Notice } from '../local/start.ts';
import { noticeLines } from './notice-lines.ts';

const failed: Extract<Notice, { kind: 'integrationFailed' }> = {
  ...{
    kind: 'integrationFailed' as const,
    api: 'Chat',
    routeKey: 'send',
    integration: 'chat-send',
    requestId: 'R0oX=',
  },
  ...{ status: null, failure: { kind: 'throttled' as const } },
};

test.each<[what: string, notice: Notice, lines: string[]]>([
  [
    'output, line by line',
    { kind: 'output', functionName: 'f', requestId: 'r-1', text: 'one\ntwo\n' },
    ['[f r-1] one', '[f r-1] two'],
  ],
  [
    'output of init',
    { kind: 'output', functionName: 'f', requestId: null, text: 'Error: no\n' },
    ['[f init] Error: no'],
  ],
  [
    'a throttled function',
    failed,
    ['[Chat send R0oX=] "Internal server error" to the client: chat-send was throttled'],
  ],
  [
    'a function that failed',
    {
      ...failed,
      status: 502,
      failure: { kind: 'functionError', errorType: 'TypeError', errorMessage: 'x is\nnot', invocationId: 'i-1' },
    },
    ['[Chat send R0oX=] status 502: chat-send failed with TypeError: x is not (invocation i-1)'],
  ],
  [
    'a late one',
    { ...failed, failure: { kind: 'timeout', afterMs: 29_000 } },
    ['[Chat send R0oX=] "Internal server error" to the client: chat-send did not answer within 29 s'],
  ],
  [
    'no proxy result',
    { ...failed, failure: { kind: 'malformed', answer: '"hi"' } } as const,
    [
      '[Chat send R0oX=] "Internal server error" to the client: chat-send did not answer with an object with a statusCode, but with "hi"',
    ],
  ],
  [
    'changed code',
    { kind: 'reloaded', functionNames: ['a', 'b'] },
    ['The code of a, b has changed: the next event loads it again.'],
  ],
  ['too much', { kind: 'dropped', count: 12 }, ['… and 12 more, too fast to be shown here: --logs keeps all output.']],
])('%s', (_what, notice, lines) => {
  expect(noticeLines(notice)).toEqual(lines);
});
