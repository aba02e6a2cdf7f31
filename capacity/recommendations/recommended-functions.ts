/** What functions reserve of the account's concurrency, and their memory. */
import { momentaryConcurrency } from '../demand/little.ts';
import { atBusiest, invocationRate } from '../demand/rates.ts';
import { queueOf } from '../headroom/deployed.ts';
import type { DeployedFunction } from '../headroom/deployment.ts';
import type { ReservationFacts } from './facts.ts';
import {
  accountLimit,
  isIdle,
  isNew,
  limitOf,
  mostExecutions,
  neededReservation,
  requestsPerExecution,
} from './needed-concurrency.ts';
import { type Context, type Draft, notKnown, targetUtilisation, urgency } from './recommendation-terms.ts';

/** Functions whose throttling loses something the client or the provider may not send again: connects and webhooks wait for them. */
const isGuarded = ({ awaitedBy }: DeployedFunction): boolean =>
  awaitedBy.includes('connect') || awaitedBy.includes('webhook');
/** A reservation is also a ceiling: a smaller one would throttle two simultaneous clients. Lambda's guide recommends as much for a queue's function. */
const smallestReservation = 5;

/** Executions that the law of 10 requests/s for each asks at a moment's rate: a function that takes under 0.1 s meets it first. */
function byRate(context: Context, id: string): number {
  const rate = atBusiest(context.load, (moment) => invocationRate(moment, context.coefficients, id));
  return rate.kind === 'value' ? Math.ceil(momentaryConcurrency(rate.value / requestsPerExecution(context))) : 0;
}

/**
 * A share of the account's concurrency for what must not be throttled by a burst of the rest, where the account may run short; else none, because a
 * reservation takes from everything else and is a ceiling. What empties a queue needs none: its maximum concurrency caps it, and its queue waits.
 */
export function reservedConcurrency(context: Context): Draft[] {
  const { deployment } = context;
  const all = deployment.functions;
  const account = accountLimit(context);
  const needs = all.map((each) => neededReservation(context, each));
  const total = needs.reduce((sum, need) => sum + (need.kind === 'value' ? need.moment : 0), 0);
  const short = total > targetUtilisation * account && total / targetUtilisation <= mostExecutions(context);
  return all.flatMap((each, i): Draft[] => {
    const isReserved = each.reservedConcurrency !== null;
    if (queueOf(deployment, each.id) === null && !isGuarded(each) && !isReserved) return [];
    if (isIdle(context, context.coefficients.functions[each.id]?.invocations) && !isReserved) return [];
    const need = needs[i];
    if (need?.kind !== 'value')
      return [{ ...reservationOf(context, each), ...notKnown(need?.reason ?? 'It was not measured.') }];
    return [reservation(context, { each, need, total, short })];
  });
}

function reservationOf({ projection }: Context, { id, reservedConcurrency: present }: DeployedFunction) {
  return {
    ...urgency(projection, [`reservedConcurrency.${id}`, `reservedInvocationRate.${id}`]),
    id: `reservedConcurrency.${id}`,
    subject: `reserved concurrency of ${id}`,
    unit: 'executions',
    present,
    setting: `functions.${id}.reservedConcurrency`,
  };
}

interface Need {
  each: DeployedFunction;
  need: { mean: number; moment: number; storm?: boolean };
  /** Of all functions. */
  total: number;
  short: boolean;
}

function reservation(context: Context, { each, need, total, short }: Need): Draft {
  const base = reservationOf(context, each);
  const emptiesQueue = queueOf(context.deployment, each.id) !== null;
  const [account, reservable] = [accountLimit(context), limitOf(context, 'reservableConcurrency')];
  const rate = byRate(context, each.id);
  // Lambda keeps no more ready than is reserved.
  const least = Math.max(smallestReservation, each.provisionedConcurrency);
  const value = Math.max(least, need.moment, rate, base.present ?? 0);
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
  if (base.present === null && emptiesQueue) return { ...kept, facts: facts('cappedByQueue') };
  if (base.present === null && !short) return { ...kept, facts: facts('roomEnough') };
  if (base.present === null && isNew(context) && value > reservable) return { ...kept, facts: facts('raiseFirst') };
  return {
    ...base,
    value,
    kind: base.present === value ? 'keep' : 'set',
    change: { settings: { functions: { [each.id]: { reservedConcurrency: value } } } },
    facts: facts(emptiesQueue ? 'queue' : 'guarded'),
  };
}

/** Memory that the account does not give. */
export function memory(context: Context): Draft[] {
  const { deployment, projection } = context;
  const most = limitOf(context, 'functionMemory');
  const over = deployment.functions.filter(({ memoryMb }) => memoryMb > most);
  if (over.length === 0 || most < smallestMemoryMb) return [];
  return [
    {
      ...urgency(projection, ['functionMemory']),
      id: 'functions.memory',
      subject: `memory of ${over.map(({ id }) => id).join(', ')}`,
      value: most,
      unit: 'MB',
      present: Math.max(...over.map(({ memoryMb }) => memoryMb)),
      setting: over.map(({ id }) => `functions.${id}.memoryMb`).join(', '),
      kind: 'set',
      change: { settings: { functions: Object.fromEntries(over.map(({ id }) => [id, { memoryMb: most }])) } },
      facts: { of: 'memory', mostMb: most },
    },
  ];
}
/** Lambda developer guide, quotas, read 2026-11. */
const smallestMemoryMb = 128;
