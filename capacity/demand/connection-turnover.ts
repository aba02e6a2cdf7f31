/**
 * How often a connection is closed by API Gateway and opened again: after its maximum lifetime L, or earlier, after an idle timeout T
 * without a message of the client (pushes are not relied on: a quiet night has none).
 */
import { quotaFact } from '../../aws/quotas/table.ts';

/** Maximum lifetime of a connection, and its idle timeout. */
export const connectionLifetimeSeconds = quotaFact('webSocketLifetime').default;
export const connectionIdleSeconds = quotaFact('webSocketIdle').default;

/** What the clients of one connection do, and the two limits that close it. */
export interface Silence {
  /** Messages a second of one connection, without heartbeats. */
  messageRatePerSecond: number;
  /** `exponential`: people; `regular`: a timer in the client, which is never late. */
  gaps: 'exponential' | 'regular';
  /** A client that has been silent for this long sends a heartbeat; null: it doesn't. */
  heartbeatSeconds: number | null;
  /** When a client comes back whose connection was closed for silence. One that never sends comes back at once, for its pushes. */
  returns: 'withNextMessage' | 'atOnce';
  idleSeconds: number;
  lifetimeSeconds: number;
}

export interface Turnover {
  /** New connections a second that one client causes. */
  connectsPerSecond: number;
  /** Of them, those after the full lifetime. */
  lifetimeEndsPerSecond: number;
  /** Probability that a connection lasts its full lifetime. */
  survivingShare: number;
}

/** Lifetime over timeout up to which the sum is exact in floating point: its terms are at most e^(L/(eT)). AWS's are 12. Beyond: as if without a lifetime. */
const mostTimeouts = 40;

/**
 * With gaps that are exponential with rate μ, the time τ from opening until the first gap of T has, for a connection that opens as its first gap
 * begins, P(τ > t) = Σ (−μ)^k [e^(−kμT) (t − kT)₊^k − e^(−(k+1)μT) (t − (k+1)T)₊^k] / k!
 * (renewal argument; Laplace transform (1 − e)/(s + μe) with e = e^(−(μ+s)T), expanded in e).
 * Mean lifetime D = ∫₀ᴸ P(τ > t) dt; a client opens 1 / (D + P(τ ≤ L) · w) connections a second, w being its wait afterwards: 1/μ until its next
 * message, or 0. For L → ∞ that is μ e^(−μT), messages a second times the share of gaps that are too long.
 */
export function turnoverOf(silence: Silence): Turnover {
  const { messageRatePerSecond: rate, heartbeatSeconds, idleSeconds: idle, lifetimeSeconds: lifetime } = silence;
  const neverIdle = heartbeatSeconds !== null && heartbeatSeconds < idle;
  if (neverIdle || (silence.gaps === 'regular' && rate * idle > 1)) return lifetimeOnly(lifetime);
  const wait = silence.returns === 'atOnce' || rate === 0 ? 0 : 1 / rate;
  // A timer slower than the timeout: closed T after each message, back with the next one.
  if (silence.gaps === 'regular')
    return { connectsPerSecond: 1 / Math.max(idle, wait), lifetimeEndsPerSecond: 0, survivingShare: 0 };
  if (lifetime > idle * mostTimeouts) {
    const mean = Math.min(lifetime, rate === 0 ? idle : Math.expm1(rate * idle) / rate);
    return { connectsPerSecond: 1 / (mean + wait), lifetimeEndsPerSecond: 0, survivingShare: 0 };
  }
  const survivingShare = survival(rate, idle, lifetime);
  const connectsPerSecond = 1 / (meanLifetime(rate, idle, lifetime) + (1 - survivingShare) * wait);
  return { connectsPerSecond, lifetimeEndsPerSecond: connectsPerSecond * survivingShare, survivingShare };
}

/**
 * Heartbeats a second of one connection: one after each silence of h, and again h later. For exponential gaps of rate μ, Σ P(gap > kh) of them a
 * gap: μ / (e^(μh) − 1); a timer sends floor(gap / h) a gap.
 */
export function heartbeatRate({
  messageRatePerSecond: rate,
  gaps,
  heartbeatSeconds,
}: Pick<Silence, 'messageRatePerSecond' | 'gaps' | 'heartbeatSeconds'>): number {
  if (heartbeatSeconds === null) return 0;
  // As good as silent: 1 / rate may be no number.
  if (rate * heartbeatSeconds < Number.EPSILON) return 1 / heartbeatSeconds;
  if (gaps === 'regular') return rate * Math.floor(1 / (rate * heartbeatSeconds));
  return rate / Math.expm1(rate * heartbeatSeconds);
}

const lifetimeOnly = (lifetime: number): Turnover => ({
  connectsPerSecond: 1 / lifetime,
  lifetimeEndsPerSecond: 1 / lifetime,
  survivingShare: 1,
});

/** P(τ > t). */
function survival(rate: number, idle: number, t: number): number {
  return clamp(series(rate, idle, t, 0), 1);
}

/** D = ∫₀ᴸ P(τ > t) dt. */
function meanLifetime(rate: number, idle: number, lifetime: number): number {
  return clamp(series(rate, idle, lifetime, 1), lifetime);
}

const clamp = (value: number, most: number): number => Math.min(most, Math.max(0, value));

/** The sum above, integrated `integrals` times: each power k and its factorial become k + integrals. */
function series(rate: number, idle: number, t: number, integrals: 0 | 1): number {
  let sum = 0;
  for (let k = 0; k * idle <= t; k += 1) {
    const term = (factor: number, left: number) => {
      if (left < 0 || factor === 0) return 0;
      // (μ · left · factor^(1/k))^k / k!, a factor at a time: neither overflows nor underflows.
      let value = 1;
      for (let i = 1; i <= k; i += 1) value *= (rate * left * Math.exp(-rate * idle)) / i;
      return (value * factor * left ** integrals) / (integrals === 1 ? k + 1 : 1);
    };
    const sign = k % 2 === 0 ? 1 : -1;
    sum += sign * (term(1, t - k * idle) - term(Math.exp(-rate * idle), t - (k + 1) * idle));
  }
  return sum;
}
