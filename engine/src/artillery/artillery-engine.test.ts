import { afterEach, beforeEach, expect, test } from 'vitest';
import { LoadlineEngine } from './artillery-engine.ts';

/** The exit code that the engine asks Artillery for. */
interface ArtilleryGlobal {
  artillery?: { suggestedExitCode?: number };
}
const world: ArtilleryGlobal = globalThis as ArtilleryGlobal;
beforeEach(() => {
  world.artillery = {};
});
afterEach(() => {
  delete world.artillery;
});

/** One virtual user: what it ends with, and the events that it emits. */
async function runUser(config: object, flow: unknown) {
  const emitted: unknown[][] = [];
  const helpers = { template: (value: unknown) => value };
  const engine = new LoadlineEngine({ config }, null, helpers);
  const emit = (...event: unknown[]) => emitted.push(event);
  const scenario = engine.createScenario({ flow }, { emit });
  const error = await new Promise<Error | null>((resolve) => scenario({ vars: {} }, resolve));
  return { error: error?.message, exitCode: world.artillery?.suggestedExitCode, emitted };
}

const target = 'ws://127.0.0.1:1';

test.each([
  ['an empty flow', {}, [], 'flow: expected a list with at least one fleet step.'],
  ['another step', {}, [{ think: 1 }], 'flow: the loadline engine has one step, "fleet"; found think.'],
  [
    'a value of the wrong type',
    {},
    [{ fleet: { steadySeconds: 'long' } }],
    'fleet.steadySeconds: expected a number above 0 and at most 604800, found "long".',
  ],
  [
    'an invalid number of workers',
    { engines: { loadline: { workers: 0.5 } } },
    [{ fleet: { steadySeconds: 1 } }],
    'config.engines.loadline.workers: expected a whole number above 0, found 0.5.',
  ],
])('%s ends Artillery with exit code 2 and one sentence', async (_, config, flow, sentence) => {
  const { error, exitCode, emitted } = await runUser({ target, ...config }, flow);
  expect(error).toBe(sentence);
  expect(exitCode).toBe(2);
  expect(emitted).toEqual([['started'], ['error', sentence]]);
});

test('a local address that this machine does not have ends it with exit code 2', async () => {
  const step = { steadySeconds: 1, tokenSecret: 's', localAddresses: '192.0.2.1' };
  const { error, exitCode } = await runUser({ target }, [{ fleet: step }]);
  expect(error).toMatch(/^fleet\.localAddresses: .*192\.0\.2\.1 \(EADDRNOTAVAIL\)/);
  expect(exitCode).toBe(2);
});
