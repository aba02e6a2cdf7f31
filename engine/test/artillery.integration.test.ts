/** The one run of Artillery itself beside the unit and integration tests: it takes seconds to start. Others are in artillery.e2e.test.ts. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { artilleryRun, countersOf } from './artillery-run.ts';
import { startFakeTarget } from './fake-target.ts';

const scenario = fileURLToPath(new URL('../../scenarios/sync.yml', import.meta.url));

test('Artillery runs the scenario, and its counters are exactly those of the record file', async () => {
  const target = await startFakeTarget();
  onTestFinished(() => target.stop());
  const variables = {
    ...{ fleets: 1, connections: 40, connectRatePerSecond: 400, steadySeconds: 1, drainSeconds: 30 },
    ...{ messageRatePerSecond: 50, webhookRatePerSecond: 10, webhookUrl: target.webhookUrl },
    ...{ burstStartSeconds: 0.5, burstSeconds: 0.5, burstRatePerSecond: 30 },
  };
  const run = await artilleryRun(scenario, ['--target', target.webSocketUrl, '--variables', JSON.stringify(variables)]);
  onTestFinished(run.remove);
  expect(run.code, run.text).toBe(0);
  const totals = countersOf(run.records);
  expect(totals).toMatchObject({
    'loadline.connectsOpened': 40,
    'loadline.closesRequested': 40,
    'loadline.messagesAnswered': 50,
    // Half a second at 10/s and half a second at 30/s.
    'loadline.webhooksAccepted': 20,
  });
  expect(target.seen).toMatchObject({ pings: 50, posts: 20, badSignatures: 0 });
  const { aggregate } = JSON.parse(readFileSync(run.output, 'utf8')) as {
    aggregate: { counters: Record<string, number> };
  };
  const ours = Object.entries(aggregate.counters).filter(([name, n]) => name.startsWith('loadline.') && n > 0);
  expect(Object.fromEntries(ours)).toEqual(totals);
});
