/** How far the rollout may go, and what no setting mends. */
import type { DesignFacts, RedesignFacts, SafeStageFacts } from '../../../capacity/recommendations/facts.ts';
import { designWords } from './design-words.ts';
import { figure, percent, whole } from './figures.ts';

export function safeStageCalculation({ beyond, unknownQuotas }: SafeStageFacts): string {
  const users = beyond ? ` At “${beyond.stage}” there are ${whole(beyond.users)} users.` : '';
  const unsure = unknownQuotas > 0 ? ` Quotas without a measured demand (${unknownQuotas}) are not considered.` : '';
  return `Users on the first day of each stage, with the growth until then, against the quotas in force.${users}${unsure}`;
}

export function redesignAction({ exceeded, designs }: RedesignFacts): string {
  const names = exceeded.map(({ name, utilisation }) => `${name} (${percent(utilisation)})`).join(', ');
  return `No setting mends ${names}, exceeded from ${exceeded[0]?.date} on: ${listed(designs.map(designSentence))}.`;
}

const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join('; ')}; or ${parts.at(-1)}`;

function designSentence(each: DesignFacts): string {
  const words: string = designWords[each.design];
  if (each.design === 'coalesce' && each.pushesPerSecond !== null) {
    const { collected, apart } = each.pushesPerSecond;
    return `${words} (publishes of a second together: ${figure(collected)} pushes/s today, instead of ${figure(apart)})`;
  }
  if (each.design === 'shard' && each.broadcast !== null) {
    const { neededSeconds, deadlineSeconds } = each.broadcast;
    return `${words}; give a broadcast the ${whole(neededSeconds)} s that the quota takes for it, instead of ${figure(deadlineSeconds)} s`;
  }
  return words;
}

export const redesignCalculation = ({ exceeded }: RedesignFacts): string => exceeded.map(whyNot).join(' ');

function whyNot({ name, utilisation, date, remedy }: RedesignFacts['exceeded'][number]): string {
  const by = `${name} is at ${percent(utilisation)} on ${date}, after everything else recommended here`;
  switch (remedy.kind) {
    case 'raise':
      return `${by}. AWS raises ${remedy.code ?? 'it'} on request, and documents no maximum; more than ${whole(remedy.timesDefault)} times its default is not to be counted on (an assumption).`;
    case 'set':
      return `${by}; ${remedy.setting} does not reach that far.`;
    case 'within':
      return `${by}: no stage admits more than ${remedy.name}.`;
    case 'none':
      return `${by}; AWS does not raise it.`;
  }
}
