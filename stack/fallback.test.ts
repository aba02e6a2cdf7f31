import { expect, test } from 'vitest';
import { parseSettings } from './settings/settings.ts';
import { templateOf } from './template.fixture.ts';

test('without the setting there is no API for clients, and nobody keeps events', () => {
  const template = templateOf();
  expect(template.findOutputs('FallbackUrl')).toEqual({});
  expect(JSON.stringify(template.findResources('AWS::Lambda::Function'))).not.toContain('RECENT_EVENTS_SECONDS');
});

test('with it, a function serves two routes to pages of the origins, and deliver may keep events', () => {
  const template = templateOf({ fallback: { origins: ['https://app.example.com'], recentSeconds: 600 } });
  expect(Object.keys(template.findOutputs('FallbackUrl'))).toEqual(['FallbackUrl']);
  template.hasResourceProperties('AWS::ApiGatewayV2::Api', {
    CorsConfiguration: {
      AllowOrigins: ['https://app.example.com'],
      AllowMethods: ['GET'],
      AllowHeaders: ['authorization', 'x-after'],
    },
  });
  const routes = Object.values(template.findResources('AWS::ApiGatewayV2::Route')).map(
    ({ Properties }) => Properties.RouteKey,
  );
  expect(routes).toEqual(expect.arrayContaining(['GET /config', 'GET /events']));
  const keeping = Object.entries(template.findResources('AWS::Lambda::Function')).filter(
    ([, { Properties }]) => Properties.Environment?.Variables?.RECENT_EVENTS_SECONDS === '600',
  );
  expect(keeping.map(([id]) => id).toSorted()).toEqual(['deliver', 'fallback']);
});

test.each([{ store: 'postgres' }, { compute: 'server' }] as const)('%j has none', (other) => {
  expect(() => parseSettings({ ...other, fallback: {} })).toThrow('needs the store dynamodb and compute lambda');
});
