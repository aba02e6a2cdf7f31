/** The usage plan: current and projected use, as the people who own the product state it. */

/** One stage of a rollout: from this date on, this share of the users has the feature. */
export interface RolloutStage {
  stage: string;
  /** 0 to 1 of all users. */
  share: number;
  /** ISO date (YYYY-MM-DD) on which the stage begins. The first stage is the one in force at `asOf`. */
  date: string;
}

/** Service level objective: a run that breaks one of these has the verdict `sloBroken`. */
export interface Slo {
  connectP99Ms: number;
  roundTripP99Ms: number;
  deliveryP99Ms: number;
  /** Share (0 to 1) of connects, messages, webhooks and expected pushes, each on its own, that may fail. */
  errorShare: number;
}

/**
 * Mean over peak of a day's curve, where the plan does not say. One half: a raised cosine, quiet at night and full at midday, has a mean of
 * half its peak. Office hours in one time zone are nearer 0.35, a world-wide product nearer 0.8. An assumption, not a measurement.
 */
export const defaultMeanToPeak = 0.5;

/** Where the plan does not say. Most increases take hours to days, large ones go through AWS's service teams. An assumption. */
export const defaultQuotaLeadDays = 14;

export interface UsagePlan {
  name: string;
  /** ISO date (YYYY-MM-DD) for which `users` holds. */
  asOf: string;
  /** Users who have the feature at `asOf`, under the first rollout stage. */
  users: number;
  /** Share (0 to 1) of the users who have at least one open connection at the daily peak. */
  peakConcurrency: number;
  tabsPerUser: number;
  /** Client messages (each answered) a minute of a user who is online. */
  messagesPerUserPerMinute: number;
  /** Webhooks a day of every user, online or not. */
  webhooksPerUserPerDay: number;
  /** Webhook rate in a burst over the daily mean rate. */
  webhookBurstFactor: number;
  /** How long a burst lasts. */
  webhookBurstSeconds: number;
  messageBytes: number;
  webhookBytes: number;
  /** Compound growth of users a month, 0.05 = 5%. */
  growthPerMonth: number;
  /**
   * Users at the end of each past month, oldest first, the last one at `asOf`. When given, growth is fitted to it, with an interval, and
   * takes the place of `growthPerMonth`.
   */
  growthHistory?: readonly number[] | undefined;
  /** Mean of connections and client messages over the day, as a share of the daily peak; see {@link defaultMeanToPeak}. */
  meanToPeak?: number | undefined;
  /** Days from asking AWS for a higher quota to having it; see {@link defaultQuotaLeadDays}. */
  quotaLeadDays?: number | undefined;
  rollout: RolloutStage[];
  horizonMonths: number;
  slo: Slo;
  /** Quotas of the account that differ from AWS's defaults: quota code (or Loadline's own id where AWS has no code) → value. */
  quotas: Record<string, number>;
}
