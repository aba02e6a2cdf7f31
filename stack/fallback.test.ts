import { expect, test } from 'vitest';
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
      AllowHeaders: ['authorization', 'x-after', 'x-wait', 'x-seen'],
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

test('over PostgreSQL its function is in the network of the database, and another one sets the stage', () => {
  const template = templateOf({ store: 'postgres', fallback: {} });
  expect(Object.keys(template.findOutputs('RolloutFunctionName'))).toEqual(['RolloutFunctionName']);
  const { fallback, rollout, deliver } = template.findResources('AWS::Lambda::Function');
  for (const each of [fallback, rollout]) expect(each?.Properties.VpcConfig).toBeDefined();
  expect(fallback?.Properties.Environment.Variables).toMatchObject({
    ...{ RECENT_EVENTS_SECONDS: '3600', DATABASE_USER: 'loadline', DATABASE_NAME: 'loadline' },
  });
  expect(deliver?.Properties.Environment.Variables.RECENT_EVENTS_SECONDS).toBe('3600');
  expect(rollout?.Properties.Environment.Variables.DATABASE_USER).toBe('loadline_upkeep');
  const without = templateOf({ store: 'postgres' });
  expect(Object.keys(without.findResources('AWS::Lambda::Function'))).not.toContain('rollout');
  expect(without.findOutputs('RolloutFunctionName')).toEqual({});
});

test.each([
  [{}, undefined, 10],
  [{ holdSeconds: 5 }, '5', 10],
  // And the time for an answer.
  [{ holdSeconds: 25 }, '25', 29],
] as const)('a function with %j holds reads for %s s, and has %i s in all', (fallback, holds, timeout) => {
  const { fallback: served } = templateOf({ fallback }).findResources('AWS::Lambda::Function');
  const { Timeout, Environment } = served?.Properties ?? {};
  expect([Environment?.Variables.HOLD_SECONDS, Timeout]).toEqual([holds, timeout]);
});

test('of a service the tasks serve it, and hold reads for 20 s', () => {
  const template = templateOf({ compute: 'server', fallback: { origins: ['https://app.example.com'] } });
  expect(Object.keys(template.findOutputs('FallbackUrl'))).toEqual(['FallbackUrl']);
  const [{ Properties }] = Object.values(template.findResources('AWS::ECS::TaskDefinition')) as [
    { Properties: { ContainerDefinitions: { Environment: { Name: string; Value: unknown }[] }[] } },
  ];
  const variables = Object.fromEntries(
    Properties.ContainerDefinitions.flatMap(({ Environment }) => Environment.map(({ Name, Value }) => [Name, Value])),
  );
  expect(variables).toMatchObject({
    ...{ RECENT_EVENTS_SECONDS: '3600', HOLD_SECONDS: '20', FALLBACK_ORIGINS: 'https://app.example.com' },
  });
  expect(JSON.stringify(templateOf({ compute: 'server' }).toJSON())).not.toContain('RECENT_EVENTS_SECONDS');
});
