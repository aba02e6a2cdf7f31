/** The engine as Artillery calls it, with real threads and sockets but without Artillery, which takes seconds to start. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LoadlineEngine } from '../src/artillery/artillery-engine.ts';
import { type FakeTarget, type Faults, startFakeTarget, tokenSecret, webhookSecret } from './fake-target.ts';

interface ArtilleryGlobal {
  artillery?: { suggestedExitCode?: number };
}
const world: ArtilleryGlobal = globalThis as ArtilleryGlobal;
let target: FakeTarget;
beforeEach(() => {
  world.artillery = {};
});
afterEach(async () => {
  delete world.artillery;
  await target.stop();
});

/** Simultaneous virtual users, each with this step: how each ends, and the counters of all together. */
async function runUsers(users: number, step: object, faults: Faults = {}) {
  target = await startFakeTarget(faults);
  const { webSocketUrl, webhookUrl } = target;
  const engine = new LoadlineEngine({ config: { target: webSocketUrl } }, null, { template: (value) => value });
  const counters: Record<string, number> = {};
  const emit = (event: string, name?: string, value = 0) => {
    if (event === 'counter' && name !== undefined) counters[name] = (counters[name] ?? 0) + value;
  };
  const fleet = { timeoutSeconds: 30, drainSeconds: 30, tokenSecret, webhookSecret, webhookUrl, ...step };
  const scenario = engine.createScenario({ flow: [{ fleet }] }, { emit });
  const errors = await Promise.all(
    Array.from({ length: users }, () => new Promise<Error | null>((resolve) => scenario({ vars: {} }, resolve))),
  );
  return { errors, counters, exitCode: world.artillery?.suggestedExitCode };
}

test('a step with connections starts its fleets, and their counts are added up', async () => {
  const { errors, counters, exitCode } = await runUsers(1, {
    ...{ connections: 10, connectRatePerSecond: 1_000, fleets: 2, steadySeconds: 0.5 },
    ...{ messageRatePerSecond: 40, webhookRatePerSecond: 20 },
  });
  expect(errors).toEqual([null]);
  expect(exitCode).toBeUndefined();
  expect(counters).toMatchObject({
    'loadline.connectsOpened': 10,
    'loadline.messagesAnswered': 20,
    'loadline.webhooksAccepted': 10,
    'loadline.closesRequested': 10,
    'loadline.messagesTimedOut': 0,
  });
  const roundTrips = Object.entries(counters).filter(([name]) => name.startsWith('loadline.roundTripMicros.b.'));
  expect(roundTrips.reduce((sum, [, count]) => sum + count, 0)).toBe(20);
});

test('a step without connections is one connection of its virtual user; a refused one fails alone', async () => {
  const { errors, counters, exitCode } = await runUsers(
    5,
    { steadySeconds: 1.5, messageRatePerSecond: 4 },
    { upgrade: (n) => (n === 4 ? 403 : 101) },
  );
  expect(errors.filter((error) => error === null)).toHaveLength(4);
  expect(errors.find((error) => error !== null)?.message).toContain('1 of 1 failed, the last with HTTP 403');
  // A failure of this virtual user alone, as long as others connected.
  expect(exitCode).toBeUndefined();
  expect(counters).toMatchObject({ 'loadline.connectsOpened': 4, 'loadline.messagesAnswered': 24 });
});

test('a target that refuses every connect ends Artillery with exit code 4 and one sentence', async () => {
  const step = { connections: 20, connectRatePerSecond: 1_000, steadySeconds: 3_600, fleets: 1 };
  const { errors, exitCode } = await runUsers(1, step, { upgrade: () => 401 });
  expect(errors[0]?.message).toMatch(
    /^No connection to ws:\S+ could be opened: 20 of 20 failed, the last with HTTP 401\. The target does not accept/,
  );
  expect(exitCode).toBe(4);
});
