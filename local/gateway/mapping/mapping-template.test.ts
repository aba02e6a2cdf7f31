import { describe, expect, test } from 'vitest';
import { renderTemplate } from './mapping-template.ts';
import { parameterValue, requestParameters } from './parameter-expressions.ts';

const source = {
  body: JSON.stringify({ text: 'it\'s "so"', tags: ['a', 'b'], user: { id: 7, name: '' }, count: 0 }),
  path: { id: '42' },
  query: { q: 'a b' },
  headers: { 'X-Mark': 'm' },
  context: { connectionId: 'c=', identity: { sourceIp: '127.0.0.1' }, authorizer: { principalId: 'u-1' } },
  stageVariables: { table: 'T' },
};
const rendered = (template: string) => renderTemplate(template, source).text;

test.each<[template: string, text: string]>([
  ["$input.json('$.user')", '{"id":7,"name":""}'],
  ["$input.path('$.user.id') $input.path('$.count')", '7 0'],
  ["$input.params('id') $input.params('q') $input.params('x-mark') $input.params('none').", '42 a b m .'],
  ['$context.connectionId $context.identity.sourceIp $context.authorizer.principalId', 'c= 127.0.0.1 u-1'],
  ['[$context.nothing.deeper][$nothing]', '[][]'],
  ['$!{stageVariables.table}', 'T'],
  // The way that the developer guide has for JSON.
  [`"$util.escapeJavaScript($input.path('$.text')).replaceAll("\\\\'","'")"`, '"it\'s \\"so\\""'],
  [
    "Action=SendMessage&MessageBody=$util.urlEncode($input.path('$.text'))",
    "Action=SendMessage&MessageBody=it's+%22so%22",
  ],
  ["$util.base64Decode($util.base64Encode($input.params('q')))", 'a b'],
  ["#set($u = $util.parseJson($input.json('$.user')))$u.id", '7'],
  ["#foreach($tag in $input.path('$.tags'))$tag#if($foreach.hasNext),#end#end", 'a,b'],
  ["#if($input.path('$.user.name').isEmpty())none#{else}some#end", 'none'],
  ["#if($input.path('$.tags').size() == 2 && $input.path('$.text').length() > 3)yes#end", 'yes'],
  ["#if($input.path('$.missing') == '')gone#end", 'gone'],
])('%s', (template, text) => {
  expect(rendered(template)).toBe(text);
});

test('a template may set the status, headers and the query', () => {
  const template = `#set($context.responseOverride.status = 418)#set($context.responseOverride.header.x-a = "1")#set($context.requestOverride.querystring.q = "2")`;
  expect(renderTemplate(template, source).overrides).toEqual({
    status: 418,
    headers: { 'x-a': '1' },
    query: { q: '2' },
  });
});

describe('parameters', () => {
  test.each<[expression: string, value: string | undefined]>([
    ["'constant'", 'constant'],
    ['method.request.path.id', '42'],
    ['method.request.querystring.q', 'a b'],
    ['route.request.header.x-mark', 'm'],
    ['method.request.body', source.body],
    ['integration.response.body.user.id', '7'],
    ['context.authorizer.principalId', 'u-1'],
    ['stageVariables.table', 'T'],
    ['method.request.header.none', undefined],
  ])('%s', (expression, value) => {
    expect(parameterValue(expression, source)).toBe(value);
  });

  test('go where they are to, and what is not understood is named', () => {
    const made = requestParameters(
      {
        'integration.request.header.x': "'1'",
        'integration.request.querystring.y': 'context.connectionId',
        'integration.request.path.z': 'method.request.header.none',
      },
      source,
    );
    expect(made).toEqual({ headers: { x: '1' }, query: { y: 'c=' }, path: {} });
    expect(() => parameterValue('somewhere.else', source)).toThrow('somewhere.else is not supported');
  });
});
