import { describe, expect, test } from 'vitest';
import { parseFilterPattern } from './filter-pattern.ts';
import { LogStore } from './log-store.ts';
import { answerLogs } from './logs.ts';

const group = '/aws/lambda/f';
function storeOf(lines: readonly string[]) {
  const store = new LogStore(['f', 'g']);
  for (const [index, line] of lines.entries()) store.write('f', `${line}\n`, index * 1_000);
  return { store, region: 'us-east-1', accountId: '0', startedAtMs: 0 };
}
const ask = (context: ReturnType<typeof storeOf>, action: string, input: object) =>
  answerLogs(action, { ...input }, context);

describe('CloudWatch Logs', () => {
  test('a group for each function, from the start', () => {
    expect(ask(storeOf([]), 'DescribeLogGroups', {}).body).toMatchObject({
      logGroups: [{ logGroupName: group }, { logGroupName: '/aws/lambda/g' }],
    });
  });

  test('events by time and term, in pages that go on where the last one ended', () => {
    const context = storeOf(['a 1', 'b 2', 'a 3', 'a 4']);
    const found = { logGroupName: group, startTime: 1_000, filterPattern: 'a', limit: 1 };
    const first = ask(context, 'FilterLogEvents', found).body;
    expect(first).toMatchObject({ events: [{ message: 'a 3', timestamp: 2_000 }], nextToken: expect.any(String) });
    const rest = ask(context, 'FilterLogEvents', { ...found, nextToken: Reflect.get(first, 'nextToken') }).body;
    expect(rest).toMatchObject({ events: [{ message: 'a 4' }] });
    expect(rest).not.toHaveProperty('nextToken');
  });

  test('a page of a stream, and what is written later', () => {
    const context = storeOf(['one']);
    const input = { logGroupName: group, logStreamName: '1970/01/01/[$LATEST]local' };
    const first = ask(context, 'GetLogEvents', input).body;
    expect(first).toMatchObject({ events: [{ message: 'one' }] });
    context.store.write('f', 'two\nthree\n', 5_000);
    const next = ask(context, 'GetLogEvents', { ...input, nextToken: Reflect.get(first, 'nextForwardToken') }).body;
    expect(next).toMatchObject({ events: [{ message: 'two' }, { message: 'three' }] });
  });

  test.each([
    ['PutLogEvents', {}, 'The local target has no Logs action PutLogEvents.'],
    ['FilterLogEvents', { logGroupName: '/other' }, 'The specified log group does not exist.'],
    ['FilterLogEvents', { logGroupName: group, filterPattern: '{ $.x = 1 }' }, 'filters by terms only'],
  ])('%s with %j is refused', (action, input, message) => {
    const answer = ask(storeOf([]), action, input);
    expect(answer.status).toBe(400);
    expect(Reflect.get(answer.body, 'message')).toContain(message);
  });
});

test.each([
  ['', 'anything', true],
  ['ERROR timeout', 'ERROR: a timeout', true],
  ['ERROR timeout', 'ERROR: none', false],
  ['"a b"', 'x a b', true],
  ['"a b"', 'a x b', false],
  ['ERROR -ignored', 'ERROR ignored', false],
  ['?WARN ?ERROR', 'a WARN', true],
  ['?WARN ?ERROR', 'an INFO', false],
])('the pattern %j for %j: %s', (pattern, message, matches) => {
  expect(parseFilterPattern(pattern)?.(message)).toBe(matches);
});
