import { expect, test } from 'vitest';
import { exampleProfile } from '../example-profile.fixture.ts';
import { routeMixOf } from './profile-mix.ts';

const cost = { kind: 'value', value: 1, margin: null, units: 10 } as const;
const profile = exampleProfile(['ok'], {
  messageRoute: 'ping',
  figures: [
    {
      ...{ service: 'lambda', resource: 'message', figure: 'invocations', mixed: null },
      costs: { message: cost, 'message $default': cost },
    },
  ],
});
const [hooks, live] = profile.graph.apis;
if (live === undefined || hooks === undefined) throw new Error('two APIs');
const withDefault = {
  ...profile,
  graph: {
    ...profile.graph,
    apis: [hooks, { ...live, routes: [...live.routes, { key: '$default', integration: null, authorizer: null }] }],
  },
};
const mixOf = (step: Record<string, unknown>) => routeMixOf(withDefault, { step, webhookUrl: null });
const ping = '{"action":"ping"}';

test('weights of messages are shares of the routes that they take', () => {
  expect(mixOf({ message: ping, alsoMessages: ['hello', 'hi'], messageMix: [3, 1, 2] })).toEqual({
    message: { ping: 3, $default: 3 },
  });
  expect(mixOf({ message: ping, alsoMessages: ['hello'] })).toEqual({ message: { ping: 1, $default: 1 } });
  // Of a single one, too: it need not be the profile's own.
  expect([mixOf({ message: ping }), mixOf({ message: 'hi' })]).toEqual([
    { message: { ping: 1 } },
    { message: { $default: 1 } },
  ]);
  expect(mixOf({})).toEqual({});
});

test('a route without costs is a sentence', () => {
  const [figure] = profile.figures;
  const without = { ...withDefault, figures: figure ? [{ ...figure, costs: { message: cost } }] : [] };
  expect(() => routeMixOf(without, { step: { message: ping, alsoMessages: ['hello'] }, webhookUrl: null })).toThrow(
    '--profile: it has no costs of the route that --also-message (number 1) takes, only of ping: measure it with loadline profile --also-message, or leave out --profile.',
  );
});
