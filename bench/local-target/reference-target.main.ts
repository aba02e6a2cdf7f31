/**
 * The local target with the reference stack, as `loadline local` starts it, with quotas that are never reached. Reports over IPC its description and the
 * WebSocket addresses of the number of users in its argument, and ends with its parent.
 */
import { signToken } from '../../engine/src/core/connections/token.ts';
import { startLocalTarget } from '../../run/target/local-target.ts';
import { parseSettings } from '../../stack/settings.ts';

const unlimited = { ratePerSecond: 1_000_000, burst: 1_000_000 };
/** As high as the account throttle. */
const quick = { ratePerSecond: 10_000, burst: 5_000 };

const local = await startLocalTarget({
  settings: parseSettings({ webSocketThrottle: quick, webhookThrottle: quick }),
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
const users = await Promise.all(
  Array.from({ length: Number(process.argv[2] ?? 1) }, async (_, index) => {
    const name = `u-${index}`;
    const issuedAtSeconds = Math.floor(Date.now() / 1_000);
    const times = { issuedAtSeconds, expiresAtSeconds: issuedAtSeconds + 3_600 };
    const token = await signToken({ user: name, secret: target.tokenSecret, ...times });
    return { name, url: `${target.webSocketUrl}?token=${token}` };
  }),
);
process.send?.({ ...target, users });
process.on('disconnect', () => void local.stop().then(() => process.exit(0)));
