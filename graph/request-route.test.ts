import { expect, test } from 'vitest';
import { routeOfPost } from './request-route.ts';

const routes = ['POST /hooks', 'POST /hooks/{source}', 'ANY /{proxy+}', 'GET /hooks/mail'].map((key) => ({
  ...{ key, integration: null, authorizer: null },
}));

test.each([
  ['https://a.example/prod/hooks', 'prod', 'POST /hooks'],
  ['https://a.example/prod/hooks/mail?x=1', 'prod', 'POST /hooks/{source}'],
  ['https://a.example/production', 'prod', 'ANY /{proxy+}'],
  ['https://a.example/hooks', '$default', 'POST /hooks'],
  ['https://a.example/prod/hooks', '$default', 'ANY /{proxy+}'],
  ['https://own.example/hooks', 'prod', 'POST /hooks'],
  ['https://a.example/prod', 'prod', null],
  ['https://a.example/hooks', null, null],
])('a post to %s at the stage %s takes %s', (url, stage, route) => {
  expect(routeOfPost({ routes }, url, stage)).toBe(route);
});
