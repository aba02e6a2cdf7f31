/** The usage plan: current and projected usage, as the product's owners state it. One schema for its file, run.json and its type. */
import { z } from 'zod';
import { mostMonths, mostUsers } from './plan-bounds.ts';
import {
  arrivalFields,
  clientFields,
  dayFields,
  fanOutFields,
  handshakeFields,
  serviceFields,
  share,
  silenceFields,
} from './plan-parts.ts';

export type { Channels } from './plan-parts.ts';

/** Where the plan does not say. Most increases take hours to days, large ones go through AWS's service teams. An assumption. */
const defaultQuotaLeadDays = 14;

const isoDate = z
  .string()
  .refine(isCalendarDate, { error: 'expected a date written YYYY-MM-DD', abort: true })
  .refine((date) => /^2[01]/.test(date), { error: 'expected a year from 2000 to 2199', abort: true });

/** From this date on, this share of all users has the feature. The first stage is the one in force at `asOf`. */
const stageSchema = z.strictObject({
  stage: z.string().min(1).describe('Its name.'),
  share: share.describe('Share of all users who have the feature.'),
  date: isoDate.describe('Its first day (YYYY-MM-DD). The first stage is the one in force at `asOf`.'),
});
export type RolloutStage = z.infer<typeof stageSchema>;

const objectiveMs = z.number().positive().max(1e9);

/** Of one route. */
const routeSloSchema = z.strictObject({
  roundTripP99Ms: objectiveMs.exactOptional().describe('p99 from a message of this route to its answer, in ms.'),
  deliveryP99Ms: objectiveMs.exactOptional().describe('p99 from a webhook of this route to its push, in ms.'),
  errorShare: share
    .exactOptional()
    .describe(
      'Share of this route’s messages, or of its webhooks and of their pushes, each on its own, that may fail.',
    ),
});
export type RouteSlo = z.infer<typeof routeSloSchema>;

/** Service level objective: a run that breaks one of these has the verdict `sloBroken`. */
export const sloSchema = z.strictObject({
  connectP99Ms: objectiveMs.describe('p99 of a connect, in ms.'),
  roundTripP99Ms: objectiveMs.describe('p99 from a client’s message to its answer, in ms.'),
  deliveryP99Ms: objectiveMs.describe('p99 from a webhook to its push, in ms.'),
  errorShare: share.describe(
    'Share of connects, messages, webhooks and expected pushes, each on its own, that may fail.',
  ),
  routes: z
    .record(z.string().min(1), routeSloSchema)
    .exactOptional()
    .describe(
      'Objectives of single routes beside those of all, by the name that reports give each: `send`, `POST /hooks`. For a run that sends several messages, or posts to several URLs.',
    ),
});
export type Slo = z.infer<typeof sloSchema>;

/** Bounds keep every result a finite number; nobody's usage is near them. */
const mostRate = 1e6;
const mostBytes = 1e9;

export const planSchema = z.strictObject({
  name: z.string().min(1).describe('Title of the report.'),
  asOf: isoDate.describe('Date (YYYY-MM-DD) for which `users` holds.'),
  users: z
    .int()
    .positive()
    .max(mostUsers)
    .describe('Users who have the feature at `asOf`, under the first stage of the rollout.'),
  peakConcurrency: share.positive().describe('Share of the users with at least one open connection at the daily peak.'),
  tabsPerUser: z.number().positive().max(mostRate).describe('Open connections of a user who is online.'),
  messagesPerUserPerMinute: z
    .number()
    .nonnegative()
    .max(mostRate)
    .describe(
      'Client messages a minute of a user who is online, each answered. Without heartbeats, subscribes and publishes.',
    ),
  messageBytes: z.int().nonnegative().max(mostBytes).describe('Mean bytes of a client message.'),
  ...silenceFields,
  ...arrivalFields,
  ...handshakeFields,
  webhooksPerUserPerDay: z.number().nonnegative().max(mostRate).describe('Webhooks a day for a user, online or not.'),
  webhookBurstFactor: z
    .number()
    .min(1)
    .max(mostRate)
    .describe('Rate of webhooks in a burst, as a multiple of the daily mean.'),
  webhookBurstSeconds: z.number().positive().max(86_400).describe('How long a burst lasts.'),
  webhookBytes: z.int().nonnegative().max(mostBytes).describe('Mean bytes of a webhook’s body.'),
  ...fanOutFields,
  ...dayFields,
  ...clientFields,
  growthPerMonth: z
    .number()
    .gt(-1)
    .max(10)
    .default(0)
    .describe('Compound growth of the users a month: 0.05 = 5%. Default: 0, or what growthHistory says.'),
  growthHistory: z
    .array(z.number().positive().max(mostUsers))
    .min(4, 'expected at least 4 months')
    .optional()
    .describe(
      'Users at the end of each past month, oldest first, the last one at `asOf`: growth is then fitted to them, and `growthPerMonth` is not used.',
    ),
  quotaLeadDays: z
    .number()
    .nonnegative()
    .max(3_650)
    .default(defaultQuotaLeadDays)
    .describe('Days from requesting a quota increase to its grant.'),
  ...serviceFields,
  newTable: z
    .boolean()
    .optional()
    .describe(
      'The DynamoDB table has not carried any load yet. Default: it has carried the plan’s peak, and follows it.',
    ),
  rollout: z.array(stageSchema).min(1).describe('Share of all users who have the feature from a date on.'),
  horizonMonths: z.int().positive().max(mostMonths).describe('Months to look ahead.'),
  slo: sloSchema,
  // Which keys there are is checked where the file is read: an account's own list has more.
  quotas: z
    .record(z.string(), z.number().nonnegative())
    .default({})
    .describe(
      'Quotas of the account that differ from AWS’s defaults: id (docs/reference/quota-ids.md) or Service Quotas code → value, in the unit of docs/reference/quota-ids.md.',
    ),
});
export type UsagePlan = z.infer<typeof planSchema>;

/** 2026-02-30 has the form of a date, but is not in the calendar. */
function isCalendarDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
