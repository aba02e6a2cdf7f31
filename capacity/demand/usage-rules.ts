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
