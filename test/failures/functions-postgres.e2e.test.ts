/** Functions over PostgreSQL behind a proxy while their parts fail, one run after the other on one target: what was accepted arrives, and the report names what happened. */
import { afterAll, beforeAll, test } from 'vitest';
import { type LocalTarget, startLocalTarget } from '../../run/target/local-target.ts';
import { parseSettings } from '../../stack/settings/settings.ts';
import { expectBalanced, expectNamed, expectStorm, expectUndisturbed } from './expectations.ts';
import { burstOfWebhooks, runWith } from './judged-run.ts';

let local: LocalTarget;
beforeAll(async () => {
  local = await startLocalTarget({
    settings: parseSettings({
      store: 'postgres',
      // What a killed environment had in hand comes again after 18 s.
      functions: { deliver: { timeoutSeconds: 3 } },
      queue: { visibilityTimeoutSeconds: 18, maxReceiveCount: 20 },
    }),
    seed: 5,
  });
  // Cold starts are over: on a busy machine they take longer than a client waits.
  await runWith(local, { steadySeconds: 1 }, []);
});
afterAll(() => local?.stop());

test('environments and the database are killed by force', async () => {
  const run = await runWith(local, {}, [
    { kind: 'crash', name: 'a kill', operation: '*deliver*', when: 'during', startSeconds: 0.5, most: 2 },
    { kind: 'failover', way: 'kill', name: 'a crash', startSeconds: 1, durationSeconds: 1 },
  ]);
  expectBalanced(run, 40);
  expectNamed(run, 'a kill', 'a crash');
});

test('the database fails over: webhooks do not need it, and no connection is closed', async () => {
  const fault = { kind: 'failover', name: 'a failover', startSeconds: 0.5, durationSeconds: 2 };
  const load = { channels: [{ count: 1, subscribers: 5 }], publishRatePerSecond: 5 };
  const run = await runWith(local, load, [fault]);
  expectBalanced(run, 40);
  expectNamed(run, 'a failover');
  expectUndisturbed(run);
});

test('ten times the webhooks, and every connection lost at once', async () => {
  const run = await runWith(local, burstOfWebhooks, [{ kind: 'disconnect', name: 'a storm', startSeconds: 1.5 }]);
  expectBalanced(run, 200);
  expectNamed(run, 'a storm');
  expectStorm(run);
});
