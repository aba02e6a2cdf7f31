/** What functions reserve of the account's concurrency, and their memory. */
import { type Role, roles } from '../demand/coefficients.ts';
import { momentaryConcurrency } from '../demand/little.ts';
import { atBusiest, invocationRate } from '../demand/rates.ts';
import { rolesOf } from '../headroom/lambda-quotas.ts';
import {
  accountLimit,
  isNew,
  limitOf,
  mostExecutions,
  neededReservation,
  requestsPerExecution,
} from './needed-concurrency.ts';
import {
  type Context,
  type Draft,
  figure,
  percent,
  targetUtilisation,
  urgency,
  whole,
} from './recommendation-terms.ts';

/** Functions whose throttling loses something the client or the provider may not send again. */
const guarded: readonly Role[] = ['authorize', 'connect', 'ingest'];
/** A reservation is also a ceiling: a smaller one would throttle two simultaneous clients. Lambda's guide recommends as much for a queue's function. */
const smallestReservation = 5;

/** Executions that the law of 10 requests/s for each asks at a moment's rate: a function that takes under 0.1 s meets it first. */
function byRate(context: Context, role: Role): number {
  const rate = atBusiest(context.load, (moment) => invocationRate(moment, context.coefficients, role));
  return rate.kind === 'value' ? Math.ceil(momentaryConcurrency(rate.value / requestsPerExecution(context))) : 0;
}

/**
 * A share of the account's concurrency for what must not be throttled by a burst of the rest, where the account may run short; else none, because a
 * reservation takes from everything else and is a ceiling. Deliver needs none: its maximum concurrency caps it, and its queue waits.
 */
export function reservedConcurrency(context: Context): Draft[] {
  const { deployment } = context;
  const all = rolesOf(deployment);
  const account = accountLimit(context);
  const needs = all.map((role) => neededReservation(context, role));
  const total = needs.reduce((sum, need) => sum + (need.kind === 'value' ? need.moment : 0), 0);
  const short = total > targetUtilisation * account && total / targetUtilisation <= mostExecutions(context);
  return all.flatMap((role, i): Draft[] => {
    const isReserved = deployment.reservedConcurrency[role] !== undefined;
    if (role !== 'deliver' && !guarded.includes(role) && !isReserved) return [];
    const need = needs[i];
    if (need?.kind !== 'value')
      return [
        {
          ...reservationOf(context, role),
          value: null,
          kind: 'unknown',
          calculation: need?.reason ?? 'It was not measured.',
        },
      ];
    return [reservation(context, { role, need, total, short })];
  });
}

function reservationOf({ deployment, projection }: Context, role: Role) {
  return {
    ...urgency(projection, [`reservedConcurrency.${role}`, `reservedInvocationRate.${role}`]),
    id: `reservedConcurrency.${role}`,
    subject: `reserved concurrency of ${role}`,
    unit: 'executions',
    present: deployment.reservedConcurrency[role] ?? null,
    setting: `functions.${role}.reservedConcurrency`,
  };
}

interface Need {
  role: Role;
  need: { mean: number; moment: number; storm?: boolean };
  /** Of all functions. */
  total: number;
  short: boolean;
}

function reservation(context: Context, { role, need, total, short }: Need): Draft {
  const { date } = context;
  const base = reservationOf(context, role);
  const [account, reservable] = [accountLimit(context), limitOf(context, 'reservableConcurrency')];
  const rate = byRate(context, role);
  const value = Math.max(smallestReservation, need.moment, rate, base.present ?? 0);
  const when = need.storm
    ? `while all clients reconnect as fast as the quota of new connections admits, on ${date}`
    : `in the burst on ${date}`;
  const law = rate > need.moment ? `, and ${whole(rate)} for its invocations/s at 10/s each` : '';
  const little = `Little’s law: ${figure(need.mean)} executions ${when}, L + 3√L = ${whole(need.moment)}${law}`;
  const busiest = `All functions together need ${whole(total)} of the account’s ${whole(account)} at their busiest moments`;
  const kept = { ...base, value: null, kind: 'keep' } as const;
  if (base.present === null && role === 'deliver')
    return {
      ...kept,
      calculation: `${little}. Its maximum concurrency caps it, and webhooks wait in the queue, so it needs no reservation. If one is set, make it at least the maximum concurrency, or the queue’s batches are throttled.`,
    };
  if (base.present === null && !short)
    return {
      ...kept,
      calculation: `${little}. ${busiest}, under ${percent(targetUtilisation)}: a reservation would only be a ceiling. If other applications share the account, reserve ${whole(value)}.`,
    };
  if (base.present === null && isNew(context) && value > reservable)
    return {
      ...kept,
      calculation: `${little}. ${busiest}; of these ${whole(reservable)} may be reserved: raise the account’s concurrency first.`,
    };
  const first =
    value > reservable
      ? ` More than the ${whole(reservable)} that may be reserved under the concurrency quota in force: raise that quota first.`
      : '';
  const why =
    role === 'deliver'
      ? '; a reservation is also a ceiling: below the maximum concurrency, the queue’s batches are throttled.'
      : `, at least ${smallestReservation}. ${busiest}; a refused connect or webhook is not queued, so no other burst may take its share.`;
  return {
    ...base,
    value,
    kind: base.present === value ? 'keep' : 'set',
    change: { settings: { reservedConcurrency: { [role]: value } } },
    calculation: `${little}${why}${first}`,
  };
}

/** Memory that the account does not give. */
export function memory(context: Context): Draft[] {
  const { deployment, projection } = context;
  const most = limitOf(context, 'functionMemory');
  const over = rolesOf(deployment).filter((role) => deployment.memoryMb[role] > most);
  if (over.length === 0 || most < smallestMemoryMb) return [];
  const memoryMb = Object.fromEntries(roles.map((role) => [role, Math.min(deployment.memoryMb[role], most)]));
  return [
    {
      ...urgency(projection, ['functionMemory']),
      id: 'functions.memory',
      subject: `memory of ${over.join(', ')}`,
      value: most,
      unit: 'MB',
      present: Math.max(...over.map((role) => deployment.memoryMb[role])),
      setting: over.map((role) => `functions.${role}.memoryMb`).join(', '),
      kind: 'set',
      change: { settings: { memoryMb: { ...deployment.memoryMb, ...memoryMb } } },
      calculation: `A function may have ${whole(most)} MB in this account; beyond it deployment fails. AWS raises a new account’s with use.`,
    },
  ];
}
/** Lambda developer guide, quotas, read 2026-11. */
const smallestMemoryMb = 128;
