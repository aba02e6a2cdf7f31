/** A service of tasks over DynamoDB while its parts fail, one run after the other on one target: what was accepted arrives, and the report names what happened. */
import { afterAll, beforeAll, test } from 'vitest';
import { type LocalTarget, startLocalTarget } from '../../run/target/local-target.ts';
import { parseSettings } from '../../stack/settings/settings.ts';
import { expectBalanced, expectNamed, expectRestarts, expectStorm, expectUndisturbed } from './expectations.ts';
import { burstOfWebhooks, runWith } from './judged-run.ts';

let local: LocalTarget;
beforeAll(async () => {
  const server = { closeOverSeconds: 1, deregistrationDelaySeconds: 0, deliverTimeoutSeconds: 2 };
  local = await startLocalTarget({ settings: parseSettings({ compute: 'server', server }), seed: 5 });
});
afterAll(() => local?.stop());

test('a task is killed by force while the table fails over', async () => {
  const run = await runWith(local, {}, [
    { kind: 'taskStop', name: 'a kill', startSeconds: 0.5 },
    { kind: 'failover', service: 'dynamodb', name: 'a failover', startSeconds: 1, durationSeconds: 1 },
  ]);
  expectBalanced(run, 40);
  expectNamed(run, 'a kill', 'a failover');
});

test('the table fails over: webhooks do not need it, and no connection is closed', async () => {
  const fault = { kind: 'failover', service: 'dynamodb', name: 'a failover', startSeconds: 0.5, durationSeconds: 2 };
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

// The last: it goes on after its run.
test('the service is deployed: connections are closed with 1012, and come back', async () => {
  const run = await runWith(local, {}, [{ kind: 'taskStop', way: 'deploy', name: 'a deploy', startSeconds: 0.5 }]);
  expectBalanced(run, 40);
  expectNamed(run, 'a deploy');
  expectRestarts(run);
});
