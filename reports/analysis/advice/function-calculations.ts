/** How reservations, memory and ready environments of functions were calculated. */
import type {
  LittleFacts,
  MemoryFacts,
  ProvisionedConcurrencyFacts,
  ReservationFacts,
} from '../../../capacity/recommendations/facts.ts';
import { figure, percent, whole } from './figures.ts';

export function reservationCalculation(facts: ReservationFacts): string {
  const { because, reservable, utilisation, value } = facts;
  const little = littleOf(facts);
  const busiest = `All functions together need ${whole(facts.total)} of the account’s ${whole(facts.account)} at their busiest moments`;
  const first =
    value > reservable
      ? ` More than the ${whole(reservable)} that may be reserved under the concurrency quota in force: raise that quota first.`
      : '';
  switch (because) {
    case 'cappedByQueue':
      return `${little}. Its maximum concurrency caps it, and messages wait in its queue, so it needs no reservation. If one is set, make it at least the maximum concurrency, or the queue’s batches are throttled.`;
    case 'roomEnough':
      return `${little}. ${busiest}, under ${percent(utilisation)}: a reservation would only be a ceiling. If other applications share the account, reserve ${whole(value)}.`;
    case 'raiseFirst':
      return `${little}. ${busiest}; of these ${whole(reservable)} may be reserved: raise the account’s concurrency first.`;
    case 'queue':
      return `${little}; a reservation is also a ceiling: below the maximum concurrency, the queue’s batches are throttled.${first}`;
    case 'guarded':
      return `${little}, at least ${facts.smallest}. ${busiest}; a refused connect or webhook is not queued, so no other burst may take its share.${first}`;
  }
}

function littleOf({ little: { mean, moment, date }, during, byRate }: ReservationFacts): string {
  const when = {
    storm: `while all clients reconnect as fast as the quota of new connections admits, on ${date}`,
    burst: `in the burst on ${date}`,
  }[during];
  const law = byRate === null ? '' : `, and ${whole(byRate)} for its invocations/s at 10/s each`;
  return `Little’s law: ${figure(mean)} executions ${when}, L + 3√L = ${whole(moment)}${law}`;
}

/** Of a queue's function. */
export const littleOfBatches = ({ mean, moment, date }: LittleFacts, emptiedBy: string): string =>
  `Little’s law: batches/s × duration of ${emptiedBy} = ${figure(mean)} in the burst on ${date}, L + 3√L = ${whole(moment)}`;

export const memoryCalculation = ({ mostMb }: MemoryFacts): string =>
  `A function may have ${whole(mostMb)} MB in this account; beyond it deployment fails. AWS raises a new account’s with use.`;

const durationsFrom = {
  aws: 'Measured on AWS',
  local: 'Measured on the local target, whose cold starts are a model',
  assumed: 'Durations are assumed: no run was made',
} as const;

export const provisionedConcurrencyCalculation = ({
  function: id,
  slo,
  step,
  unused,
}: ProvisionedConcurrencyFacts): string =>
  [
    slo === null ? '' : connectSentence(id, slo),
    step === null ? '' : stepSentence(step),
    unused === undefined ? '' : unusedSentence(id, unused),
  ]
    .filter(Boolean)
    .join(' ');

function unusedSentence(
  id: string,
  { mean, moment, date, savingUsdPerMonth, leastSavingUsd }: NonNullable<ProvisionedConcurrencyFacts['unused']>,
): string {
  const little = `Little’s law gives ${figure(mean)} executions of ${id} at the busiest moment on ${date}, L + 3√L = ${whole(moment)}: more are never used at once`;
  const saving = `$${figure(savingUsdPerMonth)} a month`;
  if (savingUsdPerMonth === 0) return `${little}, and no more are kept. What is kept saves cold starts.`;
  return savingUsdPerMonth < leastSavingUsd
    ? `${little}. To keep fewer would save ${saving}, which is under $${whole(leastSavingUsd)}.`
    : `${little}. To keep no more saves ${saving}.`;
}

function connectSentence(
  id: string,
  { p99Seconds, sloSeconds, needed, from }: NonNullable<ProvisionedConcurrencyFacts['slo']>,
) {
  const answer =
    needed === null
      ? 'none is needed'
      : `Little’s law gives ${figure(needed.mean)} executions in the steady load, L + 3√L = ${needed.moment}`;
  return `p99 of ${id} is ${figure(p99Seconds)} s, including cold starts, against an SLO of ${sloSeconds} s: ${answer}. ${durationsFrom[from]}.`;
}

function stepSentence(step: NonNullable<ProvisionedConcurrencyFacts['step']>): string {
  const { date, environments, ready, utilisation, usdPerMonth } = step;
  return `In the burst of ${date} its concurrency steps by more than the ${whole(environments)} environments that Lambda starts within 10 s; ${whole(ready)} that are ready leave ${percent(utilisation)} of that. They cost $${whole(usdPerMonth)} a month. A burst that is spread over a longer time needs fewer.`;
}
