/** Multiple loss ratio search: what repeated trials at one load say about it. */

export interface LossTrial {
  durationSeconds: number;
  /** Share of the offered load that was lost, 0 to 1. */
  lossRatio: number;
}

export interface LossGoal {
  /** f: a trial this long is a full one; a shorter one counts only where it lost more than a share e of it would explain. */
  finalTrialSeconds: number;
  /** S: full trials add up to this much before a load is judged. */
  durationSumSeconds: number;
  /** l: a trial that lost more is a high-loss trial. */
  lossRatio: number;
  /** e: share of the time that may be high-loss, 0 to under 1. */
  exceedRatio: number;
}

/**
 * Whether a load is a lower bound of the capacity, an upper bound, or not judged yet. With FL, FH the seconds of full low-loss and high-loss
 * trials and SL, SH those of short ones: EH = FH + max(0, SH − SL·e/(1−e)), W = max(FL + EH, S), Q = W·e;
 * lower bound if W − FL ≤ Q, upper bound if EH > Q. draft-ietf-bmwg-mlrsearch-15, 2025, appendix on load classification.
 * Holds for trials at one and the same load. Where rounding makes a duration inexact, the bounds are met to a billionth. A loss that is not a
 * number is high. Without trials, or with a goal whose exceed ratio is not in [0, 1), nothing is decided.
 */
export function classifyLoad(trials: readonly LossTrial[], goal: LossGoal): 'lowerBound' | 'upperBound' | 'undecided' {
  if (trials.length === 0 || !(goal.exceedRatio >= 0 && goal.exceedRatio < 1)) return 'undecided';
  const { fullLow, effectiveHigh } = durationsOf(trials, goal);
  const whole = Math.max(fullLow + effectiveHigh, goal.durationSumSeconds);
  const quantile = whole * goal.exceedRatio;
  const rounding = 1e-9 * whole;
  if (whole - fullLow <= quantile + rounding) return 'lowerBound';
  if (effectiveHigh > quantile + rounding) return 'upperBound';
  return 'undecided';
}

/**
 * Throughput that the worst of the load's full trials allow, in the unit of `load`: they are taken by ascending loss until (1 − e) of
 * max(S, their seconds) is filled, and the load less the last one's loss is the answer; 0 when they do not fill it.
 * draft-ietf-bmwg-mlrsearch-15, 2025, appendix on conditional throughput. Short trials do not count;
 * a loss that is not a number counts as everything lost.
 */
export function conditionalThroughput(trials: readonly LossTrial[], goal: LossGoal, load: number): number {
  const full = trials
    .filter(({ durationSeconds }) => durationSeconds >= goal.finalTrialSeconds)
    .map(({ durationSeconds, lossRatio }) => ({ durationSeconds, lossRatio: lossRatio >= 0 ? lossRatio : 1 }))
    .toSorted((a, b) => a.lossRatio - b.lossRatio);
  const seconds = full.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
  const whole = Math.max(goal.durationSumSeconds, seconds);
  const enough = 1e-9 * whole;
  let remaining = whole * (1 - goal.exceedRatio);
  let loss = 0;
  for (const trial of full) {
    if (remaining <= enough) break;
    loss = trial.lossRatio;
    remaining -= trial.durationSeconds;
  }
  return load * (1 - (remaining > enough ? 1 : loss));
}

/** FL, and EH: what high-loss trials count for, short ones after the share that low-loss short ones excuse. */
function durationsOf(trials: readonly LossTrial[], goal: LossGoal): { fullLow: number; effectiveHigh: number } {
  const sum = (full: boolean, high: boolean) =>
    trials
      .filter(({ durationSeconds }) => durationSeconds >= goal.finalTrialSeconds === full)
      .filter(({ lossRatio }) => !(lossRatio <= goal.lossRatio) === high)
      .reduce((seconds, { durationSeconds }) => seconds + durationSeconds, 0);
  const excused = (sum(false, false) * goal.exceedRatio) / (1 - goal.exceedRatio);
  return { fullLow: sum(true, false), effectiveHigh: sum(true, true) + Math.max(0, sum(false, true) - excused) };
}
