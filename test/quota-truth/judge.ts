/**
 * Whether a token bucket admitted its quota, judged from one open-loop offer. Pure.
 *
 * Steady rate: between two refusals the bucket is empty at both ends, so the accepted requests equal the refill: accepted / time = quota.
 * First refusal: with λ requests/s over a bucket of burst b and rate r it comes after b / (λ − r) seconds. λ is the actual rate
 * until then, by the sender's own times; an offer that was not on schedule is not a measurement.
 */
import type { Attempt } from './open-loop.ts';

export interface Quota {
  ratePerSecond: number;
  burst: number;
}

export type Judgement =
  | {
      kind: 'measured';
      /** Accepted requests/s over the steady window. */
      acceptedPerSecond: number;
      steadySeconds: number;
      firstRefusalSeconds: number;
      /** b / (λ − r) with λ as sent. */
      expectedFirstRefusalSeconds: number;
    }
  /** The generator or the machine was too slow: inconclusive, another trial may succeed. */
  | { kind: 'invalid'; reason: string }
  /** Conclusive: another trial would give the same result. */
  | { kind: 'wrong'; reason: string };

/** Maximum deviation of the actual from the planned rate until the first refusal: it has to be about twice the quota. */
const rateTolerance = 0.1;
/** A slower answer says too little about when it was decided. */
const decidedWithinMs = 25;

export function judge(attempts: readonly Attempt[], quota: Quota, offeredPerSecond: number): Judgement {
  const bySent = attempts.toSorted((a, b) => a.sentAtMs - b.sentAtMs);
  const firstIndex = bySent.findIndex(({ outcome }) => outcome === 'refused');
  const first = bySent[firstIndex];
  const start = bySent[0];
  if (first === undefined || start === undefined) {
    return { kind: 'wrong', reason: `${attempts.length} requests at ${offeredPerSecond}/s, and none was refused` };
  }
  const lateMs = Math.max(...bySent.map(({ sentAtMs, dueAtMs }) => sentAtMs - dueAtMs));
  // The bucket must not overflow while nothing is sent.
  const mostLateMs = (quota.burst / quota.ratePerSecond) * 500;
  if (lateMs > mostLateMs) return { kind: 'invalid', reason: `a request was sent ${Math.round(lateMs)} ms late` };
  const firstRefusalSeconds = (first.sentAtMs - start.sentAtMs) / 1_000;
  const sentPerSecond = firstIndex / firstRefusalSeconds;
  if (Math.abs(sentPerSecond / offeredPerSecond - 1) > rateTolerance) {
    return {
      kind: 'invalid',
      reason: `${sentPerSecond.toFixed(1)} requests/s were sent until the first refusal, not ${offeredPerSecond}`,
    };
  }
  const prompt = bySent.filter(
    ({ outcome, sentAtMs, doneAtMs }) => outcome === 'refused' && doneAtMs - sentAtMs <= decidedWithinMs,
  );
  const [from, to] = [prompt[0], prompt.at(-1)];
  const steadySeconds = from && to ? (to.sentAtMs - from.sentAtMs) / 1_000 : 0;
  if (from === undefined || to === undefined || steadySeconds < 1) {
    return { kind: 'invalid', reason: `too few refusals within ${decidedWithinMs} ms to measure the rate` };
  }
  const accepted = bySent.filter(
    ({ outcome, sentAtMs }) => outcome === 'accepted' && sentAtMs > from.sentAtMs && sentAtMs <= to.sentAtMs,
  ).length;
  return {
    kind: 'measured',
    acceptedPerSecond: accepted / steadySeconds,
    steadySeconds,
    firstRefusalSeconds,
    expectedFirstRefusalSeconds: quota.burst / (sentPerSecond - quota.ratePerSecond),
  };
}

/** Why a measurement does not match the quota; null if it does: rate within 1%, first refusal within 5%. */
export function deviation(measured: Extract<Judgement, { kind: 'measured' }>, quota: Quota): string | null {
  const { acceptedPerSecond, steadySeconds, firstRefusalSeconds, expectedFirstRefusalSeconds } = measured;
  if (Math.abs(acceptedPerSecond / quota.ratePerSecond - 1) > 0.01) {
    return `${acceptedPerSecond.toFixed(2)}/s were accepted over ${steadySeconds.toFixed(2)} s, but the quota is ${quota.ratePerSecond}/s`;
  }
  if (Math.abs(firstRefusalSeconds / expectedFirstRefusalSeconds - 1) > 0.05) {
    return `the first refusal came after ${firstRefusalSeconds.toFixed(3)} s, but burst / (λ − rate) is ${expectedFirstRefusalSeconds.toFixed(3)} s`;
  }
  return null;
}
