/** What the values of a usage plan must not be to each other. What each may be by itself is in its schema (plan.ts). */

import type { UsagePlan } from './plan.ts';
import { mostMonths, mostUsers } from './plan-bounds.ts';

export interface UsageProblem {
  path: (string | number)[];
  /** What was expected, without the name of the value. */
  message: string;
}

/** Empty: the plan can be calculated. */
export const usageProblems = (plan: UsagePlan): UsageProblem[] => [
  ...rolloutProblems(plan),
  ...dayProblems(plan),
  ...growthProblems(plan),
  ...partProblems(plan),
  ...(plan.loginShare !== undefined && plan.loginWindowSeconds === undefined
    ? [{ path: ['loginShare'], message: 'expected loginWindowSeconds beside it' }]
    : []),
];

function rolloutProblems({ rollout, asOf }: UsagePlan): UsageProblem[] {
  const problems: UsageProblem[] = [];
  const [first, second] = rollout;
  if (first && first.date > asOf)
    problems.push({
      path: ['rollout', 0, 'date'],
      message: `expected the first stage to be in force at asOf (${asOf}), so on or before it`,
    });
  if (first?.share === 0)
    problems.push({
      path: ['rollout', 0, 'share'],
      message: 'expected a share above 0, because users are counted under it',
    });
  if (second && second.date <= asOf)
    problems.push({
      path: ['rollout', 1, 'date'],
      message: `expected a date after asOf (${asOf}), because the first stage is in force then`,
    });
  for (const [n, { date }] of rollout.entries()) {
    const before = rollout[n - 1]?.date;
    if (before !== undefined && date <= before)
      problems.push({
        path: ['rollout', n, 'date'],
        message: `expected a date after that of the stage before (${before})`,
      });
  }
  return problems;
}

/** Compound growth over years is more than anybody means. */
function growthProblems(plan: UsagePlan): UsageProblem[] {
  const { users, growthPerMonth, growthHistory, horizonMonths, rollout } = plan;
  // Each of these is a problem of its own.
  if (users > mostUsers || horizonMonths > mostMonths) return [];
  const shares = rollout.map(({ share }) => share);
  const grown = users * (1 + growthPerMonth) ** horizonMonths * (Math.max(...shares) / (shares[0] || 1));
  if (growthHistory !== undefined || growthPerMonth <= 0 || grown <= mostUsers) return [];
  return [
    {
      path: ['growthPerMonth'],
      message: `expected less growth, or a shorter horizonMonths: ${growthPerMonth} a month for ${horizonMonths} months gives ${grown.toExponential(1)} users, more than there are people`,
    },
  ];
}

/** A channel, a user, a tenant: none is larger than all of them together. Channels keep their sizes, so today's connections are what they are held against. */
function partProblems(plan: UsagePlan): UsageProblem[] {
  const { users, peakConcurrency, tabsPerUser, webhooksPerUserPerDay, channels = [], largest } = plan;
  const connections = whole(users * peakConcurrency * tabsPerUser);
  const webhooks = whole(users * webhooksPerUserPerDay);
  const subscribers = (path: UsageProblem['path'], given: number | undefined) =>
    given === undefined || given <= connections
      ? []
      : [
          {
            path,
            message: `expected at most ${connections} subscribers, as many as there are connections at the peak (users × peakConcurrency × tabsPerUser)`,
          },
        ];
  const { userConnections = 0, userWebhooksPerDay = 0, channelSubscribers } = largest ?? {};
  return [
    ...channels.flatMap(({ size }, n) =>
      typeof size === 'number'
        ? subscribers(['channels', n, 'size'], size)
        : subscribers(['channels', n, 'size', 'largest'], size.largest),
    ),
    ...subscribers(['largest', 'channelSubscribers'], channelSubscribers),
    ...(userConnections > connections
      ? [
          {
            path: ['largest', 'userConnections'],
            message: `expected at most ${connections}, all connections at the peak (users × peakConcurrency × tabsPerUser)`,
          },
        ]
      : []),
    ...(userWebhooksPerDay > webhooks
      ? [
          {
            path: ['largest', 'userWebhooksPerDay'],
            message: `expected at most ${webhooks}, the webhooks of all users (users × webhooksPerUserPerDay)`,
          },
        ]
      : []),
  ];
}

/** A part of one is one; 1,000 × 0.3 is 300, however it is computed. */
const whole = (product: number): number => Math.ceil(product - 1e-6);

/** A day is described once. */
function dayProblems({ hourlyLoad, peakHours, meanToPeak }: UsagePlan): UsageProblem[] {
  const given = Object.entries({ hourlyLoad, peakHours, meanToPeak }).filter(([, value]) => value !== undefined);
  return [
    ...(peakHours && peakHours.from % 24 === peakHours.to % 24
      ? [{ path: ['peakHours', 'to'], message: 'expected another hour than from' }]
      : []),
    ...given.slice(1).map(([name]) => ({
      path: [name],
      message: `expected one of hourlyLoad, peakHours and meanToPeak, and ${given[0]?.[0]} is given`,
    })),
  ];
}
