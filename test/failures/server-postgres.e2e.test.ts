/**
 * A service of tasks over PostgreSQL while its parts fail, one run after the other on one target: what was accepted arrives, nobody is told that it did and has
 * nothing, and the report names what happened.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalTarget, startLocalTarget } from '../../run/target/local-target.ts';
import { parseSettings } from '../../stack/settings/settings.ts';
import { expectBalanced, expectNamed, expectRestarts, expectStorm } from './expectations.ts';
import { burstOfWebhooks, runWith } from './judged-run.ts';

let local: LocalTarget;
beforeAll(async () => {
  const server = {
    closeOverSeconds: 1,
    deregistrationDelaySeconds: 0,
    deliverTimeoutSeconds: 2,
    databaseConnections: 3,
  };
  local = await startLocalTarget({
    // Of 13, three are PostgreSQL's and two of upkeep: those of two tasks, and two more.
    settings: parseSettings({
      compute: 'server',
      store: 'postgres',
      database: { proxy: false, maxConnections: 13 },
      server,
    }),
    seed: 5,
  });
});
afterAll(() => local?.stop());

test('a task and the database are killed by force', async () => {
  const run = await runWith(local, {}, [
    { kind: 'taskStop', name: 'a kill', startSeconds: 0.5 },
    { kind: 'failover', way: 'kill', name: 'a crash', startSeconds: 1, durationSeconds: 1 },
  ]);
  expectBalanced(run, 40);
  expectNamed(run, 'a kill', 'a crash');
});

test('the database fails over: statements are tried again for longer, and webhooks do not need it', async () => {
  const fault = { kind: 'failover', name: 'a failover', startSeconds: 0.5, durationSeconds: 2 };
  const load = { churnRatePerSecond: 4, channels: [{ count: 1, subscribers: 5 }], publishRatePerSecond: 5 };
  const run = await runWith(local, { ...load, drainSeconds: 5 }, [fault]);
  expectBalanced(run, 40);
  expectNamed(run, 'a failover');
  const { connectsRefused, publishesErrorFrame, webhooksRejected } = run.observation.client.totals;
  expect({ connectsRefused, publishesErrorFrame, webhooksRejected }).toEqual({
    ...{ connectsRefused: 0, publishesErrorFrame: 0, webhooksRejected: 0 },
  });
});

test('ten times the webhooks, and every connection lost at once', async () => {
  const run = await runWith(local, burstOfWebhooks, [{ kind: 'disconnect', name: 'a storm', startSeconds: 1.5 }]);
  expectBalanced(run, 200);
  expectNamed(run, 'a storm');
  expectStorm(run);
});

// The last: it goes on after its run.
test('the service is deployed: connections are closed with 1012, and come back', async () => {
  const run = await runWith(local, {}, [{ kind: 'taskStop', way: 'deploy', name: 'a deploy', startSeconds: 0.5 }]);
  expectBalanced(run, 40);
  expectNamed(run, 'a deploy');
  expectRestarts(run);
});
