// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
import { expect, test } from 'vitest';
import { routeOfMessage } from './message-route.ts';

const routes = ['$connect', '$disconnect', '$default', 'say', 'leave'].map((key) => ({
  ...{ key, integration: null, authorizer: null },
}));

test.each([
  ['{"action":"say","id":"${id}"}', 'say'],
  ['{"id":"${id}","type":"leave"}', 'leave'],
  ['{"action":"shout"}', '$default'],
  ['{"action":"$connect"}', '$default'],
  ['hello', '$default'],
])('%s takes %s', (message, route) => {
  expect(routeOfMessage({ routes }, message)).toBe(route);
});

test('without $default, a message that names no route takes none', () => {
  expect(routeOfMessage({ routes: routes.filter(({ key }) => key !== '$default') }, '{"action":"shout"}')).toBeNull();
});
