// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the syntax of the templates and mappings under test
import { describe, expect, test } from 'vitest';
import { parseRouteSelection, selectRouteKey } from './route-selection.ts';

const select = (expression: string, body: string) => selectRouteKey(parseRouteSelection(expression), body);

describe('route selection', () => {
  test.each([
    ['$request.body.action', '{"action":"ping"}', 'ping'],
    ['$request.body.a.b', '{"a":{"b":"deep"}}', 'deep'],
    ['${request.body.action}-${request.body.bad}', '{"action":"join"}', 'join-'],
    ['${request.body.a}/${request.body.b}', '{"a":"x","b":2}', 'x/2'],
    ['v1-${request.body.a}', '{"a":"x"}', 'v1-x'],
    ['\\$default', '{}', '$default'],
    ['$request.body.action', '{"action":["a","b"]}', '[a, b]'],
    ['$request.body.action', '{"action":null}', ''],
    ['$request.body.action', '{"action":true}', 'true'],
    ['$request.body.action', '{}', ''],
    ['$request.body.toString', '{}', ''],
  ])('%s of %s is %j', (expression, body, key) => {
    expect(select(expression, body)).toBe(key);
  });

  test.each(['hello', '"text"', '5', 'null', ''])('a body that is not a JSON object (%j) selects nothing', (body) => {
    expect(select('$request.body.action', body)).toBeNull();
  });

  test('an expression over anything other than the body is refused', () => {
    expect(() => parseRouteSelection('$request.header.x')).toThrow('is not supported at "$request.header.x"');
  });
});
