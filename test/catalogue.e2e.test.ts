import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { artilleryRun } from '../engine/test/artillery-run.ts';
import { type LocalTarget, startLocalTarget } from '../run/target/local-target.ts';
import { parseSettings } from '../stack/settings/settings.ts';

let local: LocalTarget;
beforeAll(async () => {
  local = await startLocalTarget({ settings: parseSettings(), signal: new AbortController().signal });
}, 60_000);
afterAll(() => local.stop());

/** Eight Artilleries at once keep a machine busy: a drain ends when nothing is missing. */
const patience = { drainSeconds: 60, timeoutSeconds: 60, pushTimeoutSeconds: 60 };
const small = { connections: 20, connectRatePerSecond: 20, ...patience };

/** Minimum counts of a plain `artillery run`, without our command. */
test.concurrent.each([
  ['connections', { holdSeconds: 2 }, { connectsOpened: 20 }],
  ['messaging', { steadySeconds: 3, messageRatePerSecond: 20 }, { connectsOpened: 20, messagesAnswered: 30 }],
  [
    'fanout',
    { steadySeconds: 3, channelCount: 4, largestChannel: 8, publishRatePerSecond: 4 },
    { publishesAnswered: 8, fanOutDelivered: 16 },
  ],
  [
    'webhook-burst',
    {
      steadySeconds: 4,
      webhookRatePerSecond: 5,
      burstStartSeconds: 1,
      burstSeconds: 1,
      burstRatePerSecond: 15,
    },
    { webhooksAccepted: 15, eventsDelivered: 10 },
  ],
  [
    'reconnect-storm',
    { stormSeconds: 12, dropAllAtSeconds: 1, reconnectCapSeconds: 2 },
    { connectsOpened: 40, connectionsDropped: 20 },
  ],
  ['soak', { soakSeconds: 3 }, { connectsOpened: 20 }],
  ['churn', { steadySeconds: 3, churnRatePerSecond: 5 }, { connectsOpened: 22 }],
  [
    'sync',
    {
      ...{ steadySeconds: 4, messageRatePerSecond: 20, webhookRatePerSecond: 5 },
      ...{ burstStartSeconds: 1, burstSeconds: 1, burstRatePerSecond: 15 },
    },
    { messagesAnswered: 40, eventsDelivered: 10 },
  ],
] as const)('%s runs with plain `artillery run`', async (name, variables, atLeast) => {
  const { webSocketUrl, webhookUrl, tokenSecret, webhookSecret } = local.target;
  const all = JSON.stringify({ ...small, webhookUrl, ...variables });
  const run = await artilleryRun(
    fileURLToPath(new URL(`../scenarios/${name}.yml`, import.meta.url)),
    ['--target', webSocketUrl, '--variables', all],
    { token: tokenSecret, webhook: webhookSecret ?? '' },
  );
  try {
    expect(run.code, run.text).toBe(0);
    const { aggregate } = JSON.parse(readFileSync(run.output, 'utf8')) as {
      aggregate: { counters: Record<string, number> };
    };
    for (const [counter, least] of Object.entries(atLeast))
      expect(aggregate.counters[`loadline.${counter}`] ?? 0, counter).toBeGreaterThanOrEqual(least);
    expect(aggregate.counters['vusers.failed']).toBe(0);
  } finally {
    run.remove();
  }
});
