/** Connections that are opened together: a login window, its return two hours later, and everybody after an outage. */
import type { UsagePlan } from './plan.ts';

export interface ConnectBurst {
  /** `stage`: all who are in the stage, when it is switched on again. `run`: the ramp of a run. */
  cause: 'login' | 'rotation' | 'recovery' | 'stage' | 'run';
  /** New connections a second, and for how long. */
  ratePerSecond: number;
  lastsSeconds: number;
}

interface Steady {
  users: number;
  peakConnections: number;
  /** New connections a second that keep the peak's connections open. */
  connectRatePerSecond: number;
  /** Probability that a connection lasts its full lifetime. */
  survivingShare: number;
  lifetimeSeconds: number;
}

/** Connections opened within the plan's login window; 0 without one. */
export function loginConnections(plan: UsagePlan, users: number): number {
  if (plan.loginWindowSeconds === undefined) return 0;
  return users * (plan.loginShare ?? plan.peakConcurrency) * plan.tabsPerUser;
}

/**
 * The plan's bursts of connects.
 * - Login: those who come, over the window. Whoever was there before rotates beside them.
 * - Rotation: connections opened together reach their maximum lifetime together, and the window comes again every 2 h: a wave. Its share is
 *   that of connections which last so long. A window longer than the lifetime has no wave.
 * - Recovery: all connections of the peak, evenly over the objective.
 * - Stage: all connections of the peak, evenly over the interval in which clients read the stage.
 */
export function connectBurstsOf(plan: UsagePlan, steady: Steady): ConnectBurst[] {
  const { users, peakConnections, connectRatePerSecond, survivingShare, lifetimeSeconds } = steady;
  const { loginWindowSeconds: window, recoveryObjectiveSeconds: objective } = plan;
  const arriving = loginConnections(plan, users);
  const rest = connectRatePerSecond * Math.max(0, 1 - arriving / Math.max(peakConnections, 1e-9));
  const bursts: ConnectBurst[] = [];
  if (window !== undefined) {
    bursts.push({ cause: 'login', ratePerSecond: arriving / window + rest, lastsSeconds: window });
    if (window < lifetimeSeconds && survivingShare > 0)
      bursts.push({
        cause: 'rotation',
        ratePerSecond: (Math.min(arriving, peakConnections) / window) * survivingShare + rest,
        lastsSeconds: window,
      });
  }
  if (objective !== undefined)
    bursts.push({ cause: 'recovery', ratePerSecond: peakConnections / objective, lastsSeconds: objective });
  if (plan.syncClient !== undefined) {
    const { stageSeconds } = plan.syncClient;
    bursts.push({ cause: 'stage', ratePerSecond: peakConnections / stageSeconds, lastsSeconds: stageSeconds });
  }
  return bursts.filter(({ ratePerSecond }) => ratePerSecond > connectRatePerSecond);
}

/**
 * The burst that asks most of a token bucket: λ / (r + b / T) is largest where λ / (1 + (b / r) / T) is, whatever r. `bucketSeconds`: b / r. The first
 * of several that ask the same.
 */
export function heaviestBurst<Burst extends { ratePerSecond: number; lastsSeconds: number }>(
  bursts: readonly Burst[],
  bucketSeconds: number,
): Burst | null {
  const weight = ({ ratePerSecond, lastsSeconds }: Burst) => ratePerSecond / (1 + bucketSeconds / lastsSeconds);
  return bursts.reduce<Burst | null>((a, b) => (a === null || weight(b) > weight(a) ? b : a), null);
}
