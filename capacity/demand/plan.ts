/** The usage plan: current and projected usage, as the product's owners state it. One schema for its file, run.json and its type. */
import { z } from 'zod';
import { quotaIds } from '../../aws/quotas/table.ts';

/**
 * Mean over peak of a day's curve, where the plan does not say. One half: a raised cosine, quiet at night and full at midday, has a mean of
 * half its peak. Office hours in one time zone are nearer 0.35, a world-wide product nearer 0.8. An assumption, not a measurement.
 */
const defaultMeanToPeak = 0.5;

const ids: readonly string[] = quotaIds;
/** A code that is not in the table is kept: an account's export has them all. */
const isQuotaKey = (key: string): boolean => /^L-[0-9A-F]{8}$/.test(key) || ids.includes(key.replace(/\..*$/, ''));

const quotasSchema = z.record(z.string(), z.number().nonnegative()).superRefine((quotas, context) => {
  for (const key of Object.keys(quotas).filter((each) => !isQuotaKey(each)))
    context.addIssue({
      code: 'custom',
      path: [key],
      message: 'unknown quota. Give a Service Quotas code (L-…) or an id listed in docs/quota-ids.md',
    });
});

/** Where the plan does not say. Most increases take hours to days, large ones go through AWS's service teams. An assumption. */
const defaultQuotaLeadDays = 14;

/** 0 to 1. */
const share = z.number().min(0).max(1);
const isoDate = z.string().refine(isCalendarDate, 'expected a date written YYYY-MM-DD');

/** From this date on, this share of all users has the feature. The first stage is the one in force at `asOf`. */
const stageSchema = z.strictObject({ stage: z.string().min(1), share, date: isoDate });
export type RolloutStage = z.infer<typeof stageSchema>;

/** Service level objective: a run that breaks one of these has the verdict `sloBroken`. */
export const sloSchema = z.strictObject({
  connectP99Ms: z.number().positive(),
  roundTripP99Ms: z.number().positive(),
  deliveryP99Ms: z.number().positive(),
  /** Share of connects, messages, webhooks and expected pushes, each on its own, that may fail. */
  errorShare: share,
});
export type Slo = z.infer<typeof sloSchema>;

export const planSchema = z.strictObject({
  name: z.string().min(1),
  /** Date for which `users` holds. */
  asOf: isoDate,
  /** Users who have the feature at `asOf`, under the first rollout stage. */
  users: z.int().positive(),
  /** Share of the users who have at least one open connection at the daily peak. */
  peakConcurrency: share.positive(),
  tabsPerUser: z.number().positive(),
  /** Client messages (each answered) per minute and online user. */
  messagesPerUserPerMinute: z.number().nonnegative(),
  /** Webhooks per day and user, online or not. */
  webhooksPerUserPerDay: z.number().nonnegative(),
  /** Webhook rate in a burst, as a multiple of the daily mean rate. */
  webhookBurstFactor: z.number().min(1),
  /** How long a burst lasts. */
  webhookBurstSeconds: z.number().positive(),
  messageBytes: z.int().nonnegative(),
  webhookBytes: z.int().nonnegative(),
  /** Compound growth of users a month, 0.05 = 5%. */
  growthPerMonth: z.number().gt(-1),
  /** Users at the end of each past month, oldest first, the last at `asOf`. Growth is then fitted to them and `growthPerMonth` is not used. */
  growthHistory: z.array(z.number().positive()).min(4).optional(),
  /** Mean of connections and client messages over the day, as a share of the daily peak. */
  meanToPeak: share.positive().default(defaultMeanToPeak),
  /** Days from requesting a quota increase to its grant. */
  quotaLeadDays: z.number().nonnegative().default(defaultQuotaLeadDays),
  rollout: z.array(stageSchema).min(1),
  horizonMonths: z.int().positive(),
  slo: sloSchema,
  /** Quotas of the account that differ from AWS's defaults: id (aws/quotas) or Service Quotas code → value. */
  quotas: quotasSchema.default({}),
});
export type UsagePlan = z.infer<typeof planSchema>;

/** 2026-02-30 has the form of a date, but is not in the calendar. */
function isCalendarDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
