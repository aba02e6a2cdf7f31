/** How a raise of a quota was calculated. */
import type {
  AccountConcurrencyFacts,
  Certainty,
  RaiseFacts,
  RaiseReason,
} from '../../../capacity/recommendations/facts.ts';
import { figure } from './figures.ts';

const certaintyWords: Record<Certainty, string> = {
  exceeded: '',
  perhaps: ', not exceeded within the horizon by the best estimate of growth, but at its upper end',
  notExceeded: ', not exceeded within the horizon',
};

export function raiseCalculation(facts: RaiseFacts, unit: string): string {
  const { needed, date, why, utilisation, value, limit, certainty, demandSentence } = facts;
  return `${figure(needed)} ${unit} on ${date}${reasonWords(why)} / ${utilisation} to leave room = ${figure(value)}; ${figure(limit)} in force${certaintyWords[certainty]}. ${demandSentence}`;
}

function reasonWords(why: RaiseReason | null): string {
  if (why === null) return '';
  if (why.kind === 'burst')
    return ` (burst of ${figure(why.value)} for ${why.lastsSeconds} s, less the bucket’s tokens)`;
  const objective =
    why.from === 'plan' ? 'the plan’s recovery objective' : 'an assumed recovery objective: the plan has none';
  return ` (all ${figure(why.connections)} connections back within ${figure(why.objectiveSeconds)} s, ${objective}, less the bucket’s tokens)`;
}

export function accountConcurrencyCalculation(facts: AccountConcurrencyFacts): string {
  const { by, date, rate, newAccount, present, certainty, demandSentence } = facts;
  const law =
    rate === null
      ? ''
      : ` (${figure(rate.requestsPerSecond)} requests/s, ${figure(rate.perExecution)} for each execution)`;
  const sum = ((): string => {
    const executions = `${figure(by.executions)} executions${law} on ${date}`;
    if (by.kind === 'reserved')
      return `${executions}, L + 3√L = ${figure(by.moment)}, + ${figure(by.reserved)} that are to be reserved, at least ${figure(by.floor)} unreserved = ${figure(by.value)}`;
    const reserved = by.reserved > 0 ? `, + ${figure(by.reserved)} that are reserved` : '';
    return `${executions} / ${by.utilisation} to leave room${reserved} = ${figure(by.value)}`;
  })();
  const isNew =
    newAccount === null
      ? ''
      : `; AWS’s default is ${figure(newAccount.default)}, and it raises a new account’s with use`;
  const memory = newAccount === null ? '' : 'Such an account may have 3,008 MB of memory at most, too. ';
  return `${sum}${isNew}; ${figure(present)} in force${certaintyWords[certainty]}. ${memory}${demandSentence}`;
}
