/** The usage plan that `loadline init` writes: what every plan needs, with the arithmetic of its own numbers beside them. Pure. */

export interface PlanAnswers {
  name: string;
  users: number;
  /** Shares, 0 to 1. */
  peakConcurrency: number;
  growthPerMonth: number;
  tabsPerUser: number;
  messagesPerUserPerMinute: number;
  webhooksPerUserPerDay: number;
}

export const defaultAnswers: PlanAnswers = {
  name: 'My product',
  users: 2_000,
  peakConcurrency: 0.4,
  growthPerMonth: 0.1,
  tabsPerUser: 1.25,
  messagesPerUserPerMinute: 6,
  webhooksPerUserPerDay: 216,
};

const secondsOfDay = 86_400;
const burstFactor = 9;

/** `today`: YYYY-MM-DD. */
export function planText(answers: PlanAnswers, today: string): string {
  const { users, peakConcurrency, tabsPerUser, messagesPerUserPerMinute, webhooksPerUserPerDay } = answers;
  const online = users * peakConcurrency;
  const webhooks = (users * webhooksPerUserPerDay) / secondsOfDay;
  return `# Your usage plan. \`loadline plan plan.yml\` says what binds, when, what to do by when and what it costs;
# \`loadline run --plan plan.yml\` loads a stack with it. Units are in the names; shares are 0 to 1.
# Everything else that a plan can say (arrivals, heartbeats, channels, broadcasts, quotas) is in docs/capacity.md.

# In quotes, it may be anything.
name: ${JSON.stringify(answers.name)}

# The date for which \`users\` holds, and the users on that date.
asOf: ${today}
users: ${users}

# Share of users with a tab open at the daily peak, and their open tabs:
# ${figure(users)} × ${peakConcurrency} × ${tabsPerUser} = ${figure(online * tabsPerUser)} connections.
peakConcurrency: ${peakConcurrency}
tabsPerUser: ${tabsPerUser}

# Messages per minute of an online user, each answered:
# ${figure(online)} × ${messagesPerUserPerMinute} / 60 = ${figure((online * messagesPerUserPerMinute) / 60)} messages/s at the peak.
messagesPerUserPerMinute: ${messagesPerUserPerMinute}
messageBytes: 256

# Webhooks per day and user, online or not. 0: there are none.
# ${figure(users)} × ${webhooksPerUserPerDay} / 86,400 = ${figure(webhooks)}/s on average, and ${burstFactor} times that, ${figure(webhooks * burstFactor)}/s, in a burst of 10 s.
webhooksPerUserPerDay: ${webhooksPerUserPerDay}
webhookBurstFactor: ${burstFactor}
webhookBurstSeconds: 10
webhookBytes: 4096

# Compound growth of the users, before any further rollout, and how far ahead to look.
growthPerMonth: ${answers.growthPerMonth}
horizonMonths: 12

# Mean over the day of connections and messages, as a share of their daily peak: billed usage follows the mean.
meanToPeak: 0.5

# Days from requesting a quota increase to its grant.
quotaLeadDays: 14

# Share of all users who have the feature from a date on. The first stage is the one in force at \`asOf\`.
rollout:
  - stage: today
    share: 1
    date: ${today}
# If only some have it today, begin with their share and add the stages to come:
#  - stage: everybody
#    share: 1
#    date: 2027-06-01

# A run that misses one of these fails. p99: 99 of 100 must be faster. errorShare: share of each kind that may fail.
slo:
  connectP99Ms: 2000
  roundTripP99Ms: 500
  deliveryP99Ms: 1500
  errorShare: 0.001

# Quotas of your account that differ from AWS's defaults: id (docs/reference/quota-ids.md) or code → value, for example
#   newConnections: 1000
quotas: {}

# How \`loadline run\` applies it; nothing here is usage.
benchmark:
  connectRatePerSecond: 100
  steadySeconds: 45
  drainSeconds: 12 # longer than timeoutSeconds: what was sent last is to end within it
  timeoutSeconds: 10
  seed: 1
`;
}

const figure = (value: number): string =>
  Number(value.toPrecision(3)).toLocaleString('en-US', { maximumFractionDigits: 3 });
