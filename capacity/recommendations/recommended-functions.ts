/** What functions reserve of the account's concurrency, and their memory. */
import { type Role, roles, unitOfRole } from '../demand/coefficients.ts';
import { momentaryConcurrency } from '../demand/little.ts';
import { atBusiest, invocationRate } from '../demand/rates.ts';
import { rolesOf } from '../headroom/lambda-quotas.ts';
import type { ReservationFacts } from './facts.ts';
import {
  accountLimit,
  hasWebhooks,
  isNew,
  limitOf,
  mostExecutions,
  neededReservation,
  requestsPerExecution,
} from './needed-concurrency.ts';
import { type Context, type Draft, notKnown, targetUtilisation, urgency } from './recommendation-terms.ts';

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
    if (unitOfRole[role] === 'webhook' && !hasWebhooks(context) && !isReserved) return [];
    const need = needs[i];
    if (need?.kind !== 'value')
      return [{ ...reservationOf(context, role), ...notKnown(need?.reason ?? 'It was not measured.') }];
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
  const base = reservationOf(context, role);
  const [account, reservable] = [accountLimit(context), limitOf(context, 'reservableConcurrency')];
  const rate = byRate(context, role);
  const value = Math.max(smallestReservation, need.moment, rate, base.present ?? 0);
  const facts = (because: ReservationFacts['because']): ReservationFacts => ({
    of: 'reservation',
    little: { mean: need.mean, moment: need.moment, date: context.date },
    during: need.storm ? 'storm' : 'burst',
    byRate: rate > need.moment ? rate : null,
    ...{ total, account, reservable, value, because },
    utilisation: targetUtilisation,
    smallest: smallestReservation,
  });
  const kept = { ...base, value: null, kind: 'keep' } as const;
  if (base.present === null && role === 'deliver') return { ...kept, facts: facts('cappedByQueue') };
  if (base.present === null && !short) return { ...kept, facts: facts('roomEnough') };
  if (base.present === null && isNew(context) && value > reservable) return { ...kept, facts: facts('raiseFirst') };
  return {
    ...base,
    value,
    kind: base.present === value ? 'keep' : 'set',
    change: { settings: { reservedConcurrency: { [role]: value } } },
    facts: facts(role === 'deliver' ? 'queue' : 'guarded'),
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
      facts: { of: 'memory', mostMb: most },
    },
  ];
}
/** Lambda developer guide, quotas, read 2026-11. */
const smallestMemoryMb = 128;
