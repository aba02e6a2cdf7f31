/** The day's curve of connections and messages. */
import type { UsagePlan } from './plan.ts';

/**
 * Mean over peak of a day's curve, where the plan does not say. One half: a raised cosine, quiet at night and full at midday, has a mean of
 * half its peak. Office hours in one time zone are nearer 0.35, a world-wide product nearer 0.8. An assumption, not a measurement.
 */
const defaultMeanToPeak = 0.5;

const hoursPerDay = 24;

/** Load of each hour as a share of the day's peak, 0 to 1; null where the plan has only a mean, or nothing. */
export function dayCurve({ hourlyLoad, peakHours }: Pick<UsagePlan, 'hourlyLoad' | 'peakHours'>): number[] | null {
  if (hourlyLoad) {
    const peak = Math.max(...hourlyLoad);
    return hourlyLoad.map((load) => load / peak);
  }
  if (!peakHours) return null;
  const { from, to, restShare } = peakHours;
  const inPeak = (hour: number) => (from < to ? hour >= from && hour < to : hour >= from || hour < to);
  return Array.from({ length: hoursPerDay }, (_, hour) => (inPeak(hour) ? 1 : restShare));
}

/** Mean of the day over its peak: of its curve, else as stated, else assumed. */
export function meanToPeakOf(plan: Pick<UsagePlan, 'hourlyLoad' | 'peakHours' | 'meanToPeak'>): number {
  const curve = dayCurve(plan);
  if (curve === null) return plan.meanToPeak ?? defaultMeanToPeak;
  return curve.reduce((sum, share) => sum + share, 0) / curve.length;
}

/**
 * Webhooks that follow the day's curve c: those of each hour over the mean, c / mean(c); and the share of owners online that they meet over that of
 * the peak, Σ c² / Σ c. Nothing without a curve.
 */
export function webhooksOverDay(plan: Pick<UsagePlan, 'hourlyLoad' | 'peakHours'>) {
  const curve = dayCurve(plan);
  if (curve === null) return {};
  const sum = curve.reduce((total, share) => total + share, 0);
  return {
    webhooksByHour: curve.map((share) => (share * curve.length) / sum),
    onlineAtWebhooks: curve.reduce((total, share) => total + share ** 2, 0) / sum,
  };
}
