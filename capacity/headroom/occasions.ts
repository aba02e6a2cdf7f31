/** What of a plan comes together: logins, the wave two hours later, everybody after an outage, broadcasts, channels. Each against the quota it meets. */
import { carriedRatePerSecond } from '../../aws/token-bucket.ts';
import type { ConnectBurst } from '../demand/arrivals.ts';
import type { Load } from '../demand/load.ts';
import type { QuotaInForce } from './quota.ts';

export interface Occasion {
  kind: Exclude<ConnectBurst['cause'], 'run'> | 'broadcast' | 'channels';
  /** Of channels, as the plan names them; null otherwise. */
  name: string | null;
  /** New connections, or @connections calls, a second. */
  ratePerSecond: number;
  /** Null: for as long as the peak does. */
  lastsSeconds: number | null;
  quotaId: string;
  /** What the quota carries for so long, with a full bucket. */
  limit: number;
  /** ratePerSecond / limit. */
  utilisation: number;
  /** How long the whole of it takes at the quota's own rate, with nothing beside it; null: it has no end. */
  secondsAtQuota: number | null;
  /** Channels: publishes of this long are pushed as one, and what they would be pushed apart. Null otherwise. */
  collected: { seconds: number; uncollectedPerSecond: number } | null;
}

/** The occasions of a load, in the order of a day. Those whose quota is not given are left out. */
export function occasionsOf(load: Load, limits: readonly QuotaInForce[]): Occasion[] {
  const limitOf = (id: string) => limits.find((quota) => quota.id === id);
  const [connections, calls] = [limitOf('newConnections'), limitOf('accountThrottle')];
  return [
    ...(load.connectBursts ?? []).flatMap(({ cause, ...burst }) =>
      connections && cause !== 'run' ? [against(connections, { kind: cause, name: null, ...burst })] : [],
    ),
    ...(load.fanOut?.broadcast && calls
      ? [
          against(calls, {
            kind: 'broadcast',
            name: null,
            ratePerSecond: load.fanOut.broadcast.pushes,
            lastsSeconds: load.fanOut.broadcast.lastsSeconds,
          }),
        ]
      : []),
    ...(load.fanOut?.kinds ?? []).flatMap(({ name, rates, collectSeconds, uncollectedPushes }) =>
      calls
        ? [
            {
              ...against(calls, { kind: 'channels', name, ratePerSecond: rates.pushes, lastsSeconds: null }),
              collected:
                collectSeconds > 0 ? { seconds: collectSeconds, uncollectedPerSecond: uncollectedPushes } : null,
            },
          ]
        : [],
    ),
  ];
}

function against(
  { id, limit, limitBurst }: QuotaInForce,
  occasion: Pick<Occasion, 'kind' | 'name' | 'ratePerSecond' | 'lastsSeconds'>,
): Occasion {
  const { ratePerSecond, lastsSeconds } = occasion;
  const carried =
    lastsSeconds === null || limitBurst === null
      ? limit
      : carriedRatePerSecond({ ratePerSecond: limit, burst: limitBurst }, lastsSeconds);
  return {
    ...occasion,
    quotaId: id,
    limit: carried,
    utilisation: ratePerSecond / carried,
    secondsAtQuota: lastsSeconds === null || limit === 0 ? null : (ratePerSecond * lastsSeconds) / limit,
    collected: null,
  };
}
