/** What a recommendation asks its reader to do, in a sentence. */
import type { SafeStageFacts } from '../../../capacity/recommendations/facts.ts';
import type { Recommendation } from '../../../capacity/recommendations/recommendation-terms.ts';
import { percent, shown, whole } from './figures.ts';
import { redesignAction } from './rollout-calculations.ts';

export const actionOf = (recommendation: Recommendation): string =>
  ownAction(recommendation) ?? usualAction(recommendation);

/** Of those that are said better than by what is set to which value. */
function ownAction({ facts, kind, value, unit, subject, code, present }: Recommendation): string | null {
  switch (facts.of) {
    case 'backOff':
      return `Have clients wait a random time from 0 to ${shown(value)} s before they reconnect, and double that maximum after each failure (full jitter).`;
    case 'heartbeat':
      if (facts.tooMany) return 'Leave the clients without a heartbeat: so many would exceed what the quotas carry.';
      return kind === 'keep'
        ? `Keep the clients’ heartbeat after a silence of ${shown(value)} s.`
        : `Have a client that has sent nothing for ${shown(value)} s send a small message.`;
    case 'accountConcurrency':
      return facts.newAccount === null
        ? null
        : `Ask AWS first of all to raise ${subject} (${code}) from ${shown(present)}, as new accounts have, to ${shown(value)} ${unit}: everything else presumes it.`;
    case 'provisionedConcurrency':
      return value === 0 ? `The function ${facts.function} needs no provisioned concurrency.` : null;
    case 'directWebhooks':
      return `Let the API put webhooks into the queue itself, without ${facts.functions.join(', ')}.`;
    case 'pollers':
      if (value === null) return `Leave the maximum concurrency of the event source of ${facts.queue} unset.`;
      return facts.untilRaised === null
        ? null
        : `Set the maximum concurrency of the event source of ${facts.queue} to ${shown(value)} executions once the account’s concurrency is raised, and to ${whole(facts.untilRaised.value)} until then.`;
    case 'provisionedPollers':
      return `Give the event source of ${facts.queue} ${whole(facts.minimum)} to ${whole(facts.maximum)} provisioned pollers, in place of a maximum concurrency.`;
    case 'fifoThroughput':
      return `Give ${facts.queue} high throughput: FifoThroughputLimit perMessageGroupId, DeduplicationScope messageGroup.`;
    case 'warmThroughput':
      return facts.needed ? null : `No pre-warming is needed for the ${facts.kind} of ${facts.table}.`;
    case 'tableMode':
      return kind === 'keep'
        ? `Keep ${facts.table} on-demand.`
        : `Give ${facts.table} provisioned capacity with auto scaling.`;
    case 'safeStage':
      return safeStageAction(facts);
    case 'redesign':
      return redesignAction(facts);
    default:
      return null;
  }
}

function usualAction({ kind, subject, value, unit, present, code, by }: Recommendation): string {
  const until = by === null ? '' : `, by ${by}`;
  switch (kind) {
    case 'ask':
      return `Ask AWS${code === null ? ' Support' : ''} to raise ${subject}${code === null ? '' : ` (${code})`} from ${shown(present)} to ${shown(value)} ${unit}${until}.`;
    case 'set':
      return `Set ${subject} to ${shown(value)} ${unit}${present === null ? '' : `, from ${shown(present)}`}${until}.`;
    case 'keep':
      return value === null ? `Leave ${subject} unset.` : `Keep ${subject} at ${shown(value)} ${unit}.`;
    case 'unknown':
      return `No value can be recommended for ${subject}.`;
    case 'redesign':
      return `No setting mends ${subject}.`;
  }
}

function safeStageAction({ safe, current, last, over, beyond }: SafeStageFacts): string {
  if (over === null)
    return safe === current
      ? `Stay at stage “${safe}”, the last one within the horizon.`
      : `The rollout can go on as planned, to stage “${safe}”.`;
  const need = `${percent(over.utilisation)} of “${over.name}”`;
  if (over.isToday && !over.withUsers)
    return `Mend “${over.name}” before the rollout goes on: it is at ${percent(over.utilisation)} with any number of users.`;
  if (over.isToday)
    return current === last
      ? `Take on no more users: today’s need ${need}.`
      : `Do not roll out further: today’s users need ${need}.`;
  if (beyond !== null)
    return `Do not begin stage “${beyond.stage}”, planned for ${beyond.date}, before more quota is there: it needs ${need}.`;
  const planned = safe === last ? '' : ' and do not go beyond it';
  return `Stage “${safe}” holds until ${over.date}, when growth reaches ${need}${planned}.`;
}
