// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
import { describe, expect, test } from 'vitest';
import { newDevice } from '../connections/device.ts';
import type { AnswerMatch, PushMatch } from '../fleet/fleet-spec.ts';
import {
  answerReader,
  messagePlaceholders,
  payloadWriter,
  pushReader,
  unknownPlaceholders,
} from './custom-protocol.ts';
import { parseJsonPath, valueAt } from './json-path.ts';

const feed = [{ name: 'ada' }, { name: 'grace' }];
const devices = [0, 1, 2].map((index) => newDevice({ id: `u${index}`, index, devices: [] }, index));
const [first] = devices;
if (!first) throw new Error('a device');

test('a message is its template with id, user, sequence and the row of its connection, in turn', () => {
  const message = '{"id":"${id}","n":${sequence},"user":"${user}","name":"${feed.name}","cost":"$5"}';
  const payload = payloadWriter({ message, answer: { kind: 'next' }, feed }, {});
  expect(devices.map((device, n) => JSON.parse(payload(n + 35, device, 0).toString()))).toEqual([
    { id: 'z', n: 35, user: 'u0', name: 'ada', cost: '$5' },
    { id: '10', n: 36, user: 'u1', name: 'grace', cost: '$5' },
    { id: '11', n: 37, user: 'u2', name: 'ada', cost: '$5' },
  ]);
});

test('unknown placeholders are named', () => {
  expect(unknownPlaceholders('${id} ${feed.name} ${feed.age} ${x}', messagePlaceholders, feed)).toEqual([
    'feed.age',
    'x',
  ]);
});

describe('an answer is recognised', () => {
  const read = (answer: AnswerMatch, text: string) => answerReader({ message: '', answer, feed: [] }, {})(text, first);
  test('by a JSON path', () => {
    const answer = { kind: 'jsonPath', path: '$.data[0].id' } as const;
    expect(read(answer, '{"data":[{"id":"a1"}]}')).toEqual({ kind: 'answer', id: 'a1' });
    expect(read(answer, '{"data":[{"id":7}]}')).toEqual({ kind: 'answer', id: '7' });
    expect(read(answer, '{"data":[]}')).toEqual({ kind: 'other', type: 'unmatched' });
    expect(read(answer, 'hello')).toEqual({ kind: 'other', type: 'not JSON' });
  });
  test('by a regular expression, with or without a group', () => {
    expect(read({ kind: 'regexp', source: '^ack (\\w+)$' }, 'ack z1')).toEqual({ kind: 'answer', id: 'z1' });
    expect(read({ kind: 'regexp', source: '^ack' }, 'ack z1')).toEqual({ kind: 'answer', id: null });
    expect(read({ kind: 'regexp', source: '^ack' }, 'news')).toEqual({ kind: 'other', type: 'unmatched' });
  });
  test('as the next message', () => {
    expect(read({ kind: 'next' }, 'anything')).toEqual({ kind: 'answer', id: null });
  });
});

describe('a push is recognised', () => {
  const read = (push: PushMatch, text: string) => {
    const ids: string[] = [];
    const delivers = pushReader(push, 'e-1f-')(text, (id) => ids.push(id));
    expect(delivers).toBe(ids.length > 0);
    return ids;
  };
  test.each<[PushMatch, string, string[]]>([
    [{ kind: 'anywhere' }, '{"a":"e-1f-f0-1","b":"note e-1f-f0-2.","c":"e-1f-f0-1"}', ['e-1f-f0-1', 'e-1f-f0-2']],
    // Of another run, and none at all.
    [{ kind: 'anywhere' }, 'e-2f-f0-1', []],
    [{ kind: 'jsonPath', path: '$.id' }, '{"id":"e-1f-f0-1","last":"e-1f-f0-0"}', ['e-1f-f0-1']],
    [{ kind: 'jsonPath', path: '$.id' }, '{"id":"note/e-1f-f0-1"}', ['e-1f-f0-1']],
    [{ kind: 'jsonPath', path: '$.ids' }, '{"ids":["e-1f-f0-1",7,"e-1f-f0-2","x"]}', ['e-1f-f0-1', 'e-1f-f0-2']],
    [{ kind: 'jsonPath', path: '$.id' }, 'e-1f-f0-1 is no JSON', []],
    [{ kind: 'jsonPath', path: '$.id' }, '{"other":"e-1f-f0-1"}', []],
    [{ kind: 'regexp', source: 'for=(\\S+)' }, 'a for=e-1f-f0-1 b=e-1f-f0-3 for=e-1f-f0-2', ['e-1f-f0-1', 'e-1f-f0-2']],
  ])('%j in %s: %j', (push, text, ids) => {
    expect(read(push, text)).toEqual(ids);
  });
});

test('hooks replace both', () => {
  const hooks = {
    buildMessage: ({ id, user }: { id: string; user: string }) => `${user}:${id}`,
    readFrame: (text: string) => ({ kind: 'answer', id: text.slice(1) }) as const,
  };
  const protocol = { message: '', answer: { kind: 'next' }, feed: [] } as const;
  expect(payloadWriter({ ...protocol, feed: [] }, hooks)(40, first, 0).toString()).toBe('u0:14');
  expect(answerReader({ ...protocol, feed: [] }, hooks)('>14', first)).toEqual({ kind: 'answer', id: '14' });
});

test('a path selects one value or none', () => {
  const value = { a: [{ 'b-c': 1 }], 'd e': 2 };
  expect(
    ['$', '$.a[0].b-c', "$['d e']", '$.a[1].x', '$.toString'].map((path) =>
      valueAt(value, parseJsonPath(path) ?? ['?']),
    ),
  ).toEqual([value, 1, 2, undefined, undefined]);
  for (const path of ['', 'a', '$a', '$.', '$..a', '$[*]', '$.a[']) expect(parseJsonPath(path)).toBeNull();
});
