/** The account's concurrency, which all of its functions share. */
import { quotaFact } from '../../aws/quotas/table.ts';
import { momentaryConcurrency } from '../demand/little.ts';
import { reservedOf } from '../headroom/deployed.ts';
import type { AccountConcurrencyFacts } from './facts.ts';
import { accountLimit, isNew, limitOf, mostExecutions, requestsPerExecution } from './needed-concurrency.ts';
import {
  type Context,
  certaintyOf,
  type Draft,
  mayRunOut,
  restated,
  targetUtilisation,
  twoFigures,
  urgency,
} from './recommendation-terms.ts';

/** What a stack asks of the account's concurrency: of functions without a reservation, in executions by Little's law or by their requests/s, and what is reserved. */
function askedOf(context: Context, { deployment, limits }: Context['now']) {
  const { load, coefficients } = context;
  const demandOf = (id: string) => {
    const demand = limits.find((each) => each.id === id)?.demand(load, coefficients, deployment);
    return demand?.kind === 'value' ? demand.value : 0;
  };
  const executions = demandOf('accountConcurrency');
  const byRate = demandOf('accountInvocationRate') / requestsPerExecution(context);
  const reserved = reservedOf(deployment);
  const overReserved = demandOf('reservableConcurrency') > limitOf({ limits }, 'reservableConcurrency');
  return { unreserved: Math.max(executions, byRate), byRate, isRate: byRate > executions, reserved, overReserved };
}

/**
 * The account's concurrency: for the executions (or for their 10 requests/s each, if that is more), with room; and for what is to be reserved of it, which has
 * its room already. A new account's comes before everything.
 */
export function accountConcurrency(context: Context): Draft[] {
  const { limits, projection, date, plan } = context;
  const quota = limits.find(({ id }) => id === 'accountConcurrency');
  if (!quota) return [];
  const present = accountLimit(context);
  const precondition = isNew(context);
  const perExecution = requestsPerExecution(context);
  const [now, then] = [askedOf(context, context.now), askedOf(context, context)];
  const floor = plan.quotas.unreservedConcurrencyFloor ?? quotaFact('unreservedConcurrencyFloor').default;
  const withReserved = Math.max(
    momentaryConcurrency(then.unreserved) + then.reserved,
    then.reserved > 0 ? then.reserved + floor : 0,
  );
  const rows = ['accountConcurrency', 'accountInvocationRate', 'reservableConcurrency'];
  // What runs out at the early end of the uncertainty needs the whole limit by then.
  const mayNeed = rows.some((id) => mayRunOut(context, id)) ? present - now.reserved : 0;
  const roomy = Math.max(now.unreserved, mayNeed) / targetUtilisation + now.reserved;
  const tight =
    now.unreserved > targetUtilisation * (present - now.reserved) ||
    now.byRate * perExecution > targetUtilisation * limitOf(context.now, 'accountInvocationRate');
  if (!tight && mayNeed === 0 && withReserved <= present && !then.overReserved && !precondition) return [];
  const most = mostExecutions(context);
  const least = Math.max(then.unreserved + then.reserved, then.reserved > 0 ? then.reserved + floor : 0);
  if (least > most) return [];
  const value = Math.min(most, Math.max(twoFigures(Math.max(roomy, withReserved)), precondition ? quota.default : 0));
  if (value <= present) return [];
  const by: AccountConcurrencyFacts['by'] =
    roomy >= withReserved
      ? {
          kind: 'room',
          executions: Math.max(now.unreserved, mayNeed),
          reserved: now.reserved,
          utilisation: targetUtilisation,
          value: twoFigures(roomy),
        }
      : {
          kind: 'reserved',
          executions: then.unreserved,
          moment: Math.ceil(momentaryConcurrency(then.unreserved)),
          reserved: then.reserved,
          floor,
          value: twoFigures(withReserved),
        };
  return [
    {
      ...urgency(projection, rows),
      id: 'quota.accountConcurrency',
      subject: quota.name,
      value,
      unit: quota.unit,
      present,
      code: quota.code,
      precondition,
      kind: 'ask',
      change: {
        quotas: {
          accountConcurrency: value,
          ...restated(context, {
            accountInvocationRate: (value - then.reserved) * perExecution,
            reservableConcurrency: value - floor,
          }),
        },
      },
      facts: {
        of: 'accountConcurrency',
        ...{ date, by, present },
        rate: now.isRate ? { requestsPerSecond: now.byRate * perExecution, perExecution } : null,
        newAccount: precondition ? { default: quota.default } : null,
        certainty: certaintyOf(context, rows),
        demandSentence: quota.sentence,
      },
    },
  ];
}
