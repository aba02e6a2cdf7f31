import { describe, expect, it } from 'vitest';
import { asWritten, isNestedWithin, memberText } from './json-text.ts';

describe('memberText', () => {
  it.each([
    ['{"body":1}', '1'],
    ['{"body":9007199254740993}', '9007199254740993'],
    ['{"body":1e400}', '1e400'],
    ['{"body":-0}', '-0'],
    ['{"body":1.50,"id":"a"}', '1.50'],
    [' \n{ "id" : "a" ,\t"body" :  { "b" : 1, "a":2 , "b":3 }\r\n } ', '{ "b" : 1, "a":2 , "b":3 }'],
    ['{"body":[[1,{"body":2}],"]"],"z":{"body":3}}', '[[1,{"body":2}],"]"]'],
    ['{"body":"a,}\\"\\\\","x":1}', '"a,}\\"\\\\"'],
    ['{"body":"\\u0041\\ud800"}', '"\\u0041\\ud800"'],
    ['{"body":1,"body":{"x":2}}', '{"x":2}'],
    ['{"bod\\u0079":true}', 'true'],
    ['{"\\"body\\"":1,"x\\\\":"\\\\","body":null}', 'null'],
    ['{"body":{}}', '{}'],
    ['{"id":"body","x":"\\"body\\":1","body":[]}', '[]'],
  ])('of %s is %s', (json, text) => {
    expect(memberText(json, 'body')).toBe(text);
    // It is the same value as the parser's.
    expect(JSON.parse(text)).toEqual(JSON.parse(json).body);
  });

  it.each(['{}', ' { } ', '{"a":1}', '{"a":{"body":1}}', '{"a":"body","b":["body"]}'])('of %s is missing', (json) => {
    expect(memberText(json, 'body')).toBeUndefined();
  });
});

describe('isNestedWithin', () => {
  it('counts arrays and objects together', () => {
    expect(isNestedWithin('[{"a":[1]}]', 3)).toBe(true);
    expect(isNestedWithin('[{"a":[1]}]', 2)).toBe(false);
    expect(isNestedWithin('[[],[],{},{}]', 2)).toBe(true);
    expect(isNestedWithin('1', 0)).toBe(true);
  });

  it('does not count what stands in strings', () => {
    expect(isNestedWithin('["[[[[\\"[[[[","{{\\\\"]', 1)).toBe(true);
    expect(isNestedWithin('["\\\\",[]]', 1)).toBe(false);
  });

  it('survives a megabyte of brackets, closed or not', () => {
    for (const text of [
      '['.repeat(1_048_576),
      `${'['.repeat(524_288)}${']'.repeat(524_288)}`,
      '{"a":'.repeat(200_000),
    ]) {
      expect(isNestedWithin(text, 256)).toBe(false);
    }
  });
});

it('a number is stringified as it was written', () => {
  const numbers = ['9007199254740993', '1e400', '-0', '1.50', '1E+2'];
  expect(JSON.stringify(numbers.map(asWritten))).toBe('[9007199254740993,1e400,-0,1.50,1E+2]');
});
