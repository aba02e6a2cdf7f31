/**
 * The local target with the reference stack, as `loadline local` starts it, with quotas that are never reached. Reports over IPC its description and the
 * WebSocket addresses of the number of users in its argument, and ends with its parent.
 */
import { startLocalTarget } from '../../run/target/local-target.ts';
import { parseSettings } from '../../stack/settings/settings.ts';
import { bareSettings, usersOf } from './bench-users.ts';

const unlimited = { ratePerSecond: 1_000_000, burst: 1_000_000 };

const local = await startLocalTarget({
  settings: parseSettings(bareSettings),
  limits: {
    accountThrottle: unlimited,
    newConnections: unlimited,
    invocationsPerSecondPerConcurrency: 1_000_000,
    dynamodbOnDemandWrite: unlimited,
    dynamodbOnDemandRead: unlimited,
    dynamodbTableWrite: unlimited,
    dynamodbTableRead: unlimited,
    dynamodbPartitions: 'none',
  },
});
const { target } = local;
const users = await usersOf(target, Number(process.argv[2] ?? 1));
process.send?.({ ...target, users });
process.on('disconnect', () => void local.stop().then(() => process.exit(0)));
