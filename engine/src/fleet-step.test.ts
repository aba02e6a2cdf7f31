import { describe, expect, test } from 'vitest';
import { quietLoad } from './core/fleet-spec.ts';
import { parseFleetStep } from './fleet-step.ts';

const target = 'ws://127.0.0.1:3001/prod';
const least = { connections: 10, steadySeconds: 5, tokenSecret: 's' };
const problemOf = (input: unknown, url: string | undefined = target) => {
  const parsed = parseFleetStep(input, url);
  return parsed.kind === 'invalid' ? parsed.problem : 'ok';
};

test('numbers may come as text, as templates leave them; the rest has defaults', () => {
  expect(parseFleetStep({ ...least, connections: '10' }, target)).toEqual({
    kind: 'ok',
    step: {
      fleets: 1,
      webSocketUrl: target,
      webhookUrl: null,
      tokenSecret: 's',
      webhookSecret: '',
      localAddresses: [],
      load: {
        ...quietLoad,
        connections: 10,
        tabsPerUser: 1,
        connectRatePerSecond: 100,
        steadySeconds: 5,
        drainSeconds: 15,
        messageRatePerSecond: 0,
        messageBytes: 128,
        webhookRatePerSecond: 0,
        webhookBytes: 2_048,
        burst: null,
        replayShare: 0,
        offlineOwnerShare: 0,
        timeoutSeconds: 10,
        seed: 1,
      },
    },
  });
});

test('a burst is one when it has a rate and a length', () => {
  const webhooks = { webhookUrl: 'http://127.0.0.1:1/', webhookSecret: 'w' };
  const parsed = parseFleetStep(
    { ...least, ...webhooks, burstStartsAtSeconds: 1, burstLastsSeconds: 2, burstRatePerSecond: 3 },
    target,
  );
  expect(parsed).toMatchObject({
    step: { load: { burst: { startsAtSeconds: 1, lastsSeconds: 2, ratePerSecond: 3 } } },
  });
});

describe('a bad step is one sentence that names the key', () => {
  test.each([
    [{ ...least, conections: 1 }, /^fleet\.conections: unknown key\. Known keys: connections, /],
    [{ ...least, connections: undefined }, /^fleet\.connections: missing\.$/],
    [{ ...least, connections: 1.5 }, /^fleet\.connections: expected a whole number of at least 1, found 1\.5\.$/],
    [{ ...least, connections: 'many' }, /found "many"\.$/],
    [{ ...least, steadySeconds: 0 }, /^fleet\.steadySeconds: expected a number over 0, found 0\.$/],
    [{ ...least, replayShare: 2 }, /^fleet\.replayShare: expected a number of at least 0 and at most 1, found 2\.$/],
    [{ ...least, tokenSecret: '' }, /^fleet\.tokenSecret: missing\./],
    [
      { ...least, webSocketUrl: 'http://x/' },
      /^fleet\.webSocketUrl: expected a URL that begins with ws:\/\/ or wss:\/\/, found/,
    ],
    [{ ...least, webhookRatePerSecond: 1 }, /^fleet\.webhookUrl: missing; expected a URL/],
    [{ ...least, webhookRatePerSecond: 1, webhookUrl: 'http://x/' }, /^fleet\.webhookSecret: missing\./],
    [{ ...least, fleets: 11 }, /^fleet\.fleets: 11 fleets cannot share 10 connection/],
    [{ ...least, connections: 19_001 }, /^fleet\.connections: 19001 are more than the 19000 that one process can open/],
    [{ ...least, localAddresses: [1] }, /^fleet\.localAddresses: expected a list/],
    [null, /^fleet: expected keys/],
  ])('%j', (input, problem) => {
    expect(problemOf(input)).toMatch(problem);
  });
});

test('two local addresses carry 38,000 connections', () => {
  expect(problemOf({ ...least, connections: 38_000, localAddresses: '127.0.0.2, 127.0.0.3' })).toBe('ok');
});
