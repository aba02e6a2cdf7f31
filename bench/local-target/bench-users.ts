/** The reference stack as it is benched: its users, and throttles that are never reached. */
import { signToken } from '../../engine/src/core/connections/token.ts';
import type { TargetDescription } from '../../record/target.ts';

/** As high as the account throttle. */
const quick = { ratePerSecond: 10_000, burst: 5_000 };
export const bareSettings = { webSocketThrottle: quick, webhookThrottle: quick };

export interface BenchUser {
  name: string;
  /** Of its WebSocket, with its token. */
  url: string;
}

export const usersOf = (
  { tokenSecret, webSocketUrl }: Pick<TargetDescription, 'tokenSecret' | 'webSocketUrl'>,
  count: number,
): Promise<BenchUser[]> =>
  Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const name = `u-${index}`;
      const issuedAtSeconds = Math.floor(Date.now() / 1_000);
      const times = { issuedAtSeconds, expiresAtSeconds: issuedAtSeconds + 3_600 };
      const token = await signToken({ user: name, secret: tokenSecret, ...times });
      return { name, url: `${webSocketUrl}?token=${token}` };
    }),
  );
