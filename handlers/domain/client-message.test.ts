import { describe, expect, it } from 'vitest';
import { readClientMessage } from './client-message.ts';

const longest = 'x'.repeat(128);

describe('readClientMessage', () => {
  it.each([
    ['{"action":"ping","id":"a1"}', { action: 'ping', id: 'a1' }],
    ['{"action":"ping","id":"a1","padding":"xxxx"}', { action: 'ping', id: 'a1' }],
    [`{"action":"ping","id":"${longest}"}`, { action: 'ping', id: longest }],
    ['{"action":"subscribe","id":"a","channel":"aZ0._~-"}', { action: 'subscribe', id: 'a', channel: 'aZ0._~-' }],
    [`{"action":"subscribe","id":"a","channel":"${longest}"}`, { action: 'subscribe', id: 'a', channel: longest }],
    [
      '{"action":"publish","id":"a","channel":"c","body":null}',
      { action: 'publish', id: 'a', channel: 'c', bodyJson: 'null' },
    ],
    [
      '{"action":"publish","id":"a","channel":"c","body":{"x":[1]}}',
      { action: 'publish', id: 'a', channel: 'c', bodyJson: '{"x":[1]}' },
    ],
    [
      '{"body": {"b":9007199254740993, "b":-0} ,"id":"a","channel":"c","action":"publish"}',
      { action: 'publish', id: 'a', channel: 'c', bodyJson: '{"b":9007199254740993, "b":-0}' },
    ],
  ])('reads %s', (text, message) => {
    expect(readClientMessage(text)).toEqual(message);
  });

  it.each([
    ['{"action":"dance","id":"a4"}', 'unknownAction', 'a4'],
    ['{"action":"constructor","id":"a4"}', 'unknownAction', 'a4'],
    ['{"action":["ping"],"id":"a4"}', 'unknownAction', 'a4'],
    ['{"id":"a4"}', 'unknownAction', 'a4'],
    ['{}', 'unknownAction', undefined],
    ['{"action":"dance","id":7}', 'unknownAction', undefined],
    ['hello', 'unknownAction', undefined],
    ['"ping"', 'unknownAction', undefined],
    ['null', 'unknownAction', undefined],
    ['[{"action":"ping","id":"a"}]', 'unknownAction', undefined],
    ['', 'unknownAction', undefined],
    [undefined, 'unknownAction', undefined],
    ['{"action":"ping"}', 'badRequest', undefined],
    ['{"action":"ping","id":""}', 'badRequest', undefined],
    ['{"action":"ping","id":5}', 'badRequest', undefined],
    [`{"action":"ping","id":"${longest}x"}`, 'badRequest', undefined],
    ['{"action":"ping","id":"\\ud83d"}', 'badRequest', undefined],
    ['{"action":"ping","id":"a\\n"}', 'badRequest', undefined],
    ['{"action":"subscribe","id":"a5"}', 'badRequest', 'a5'],
    ['{"action":"subscribe","id":"a5","channel":""}', 'badRequest', 'a5'],
    ['{"action":"subscribe","id":"a5","channel":"a b"}', 'badRequest', 'a5'],
    ['{"action":"subscribe","id":"a5","channel":"a#b"}', 'badRequest', 'a5'],
    ['{"action":"subscribe","id":"a5","channel":"a\\n"}', 'badRequest', 'a5'],
    [`{"action":"subscribe","id":"a5","channel":"${longest}x"}`, 'badRequest', 'a5'],
    ['{"action":"publish","id":"a5","channel":"c"}', 'badRequest', 'a5'],
  ])('answers %s with the error %s and the id %s', (text, code, id) => {
    expect(readClientMessage(text)).toEqual({
      action: 'error',
      id,
      code,
      message: expect.stringMatching(/^[A-Z].*\.$/),
    });
  });

  it('reads 256 levels, and answers more with an error, up to the largest message', () => {
    const nested = (levels: number) =>
      readClientMessage(
        `{"action":"publish","id":"a","channel":"c","body":${'['.repeat(levels)}${']'.repeat(levels)}}`,
      );
    // The message is a level of its own.
    expect(nested(255)).toMatchObject({ action: 'publish' });
    for (const levels of [256, 4_500, 65_000]) {
      expect(nested(levels)).toMatchObject({ action: 'error', code: 'badRequest', id: 'a' });
    }
  });
});
