/** How the table's mode and warm throughput were calculated. */
import type { TableModeFacts, WarmThroughputFacts } from '../../../capacity/recommendations/facts.ts';
import { dollars } from '../numbers.ts';
import { figure, percent } from './figures.ts';

export function warmThroughputCalculation(facts: WarmThroughputFacts, unit: string): string {
  const { unitsPerSecond, date, present, needed, utilisation } = facts;
  const answer = needed
    ? `The load outgrows that: pre-warm to the burst / ${utilisation}.`
    : 'It grows with the load: no need to pre-warm.';
  return `${figure(unitsPerSecond)} ${unit} in the burst on ${date}; an on-demand table takes ${figure(present)} immediately, or twice its previous peak. ${answer}`;
}

export function tableModeCalculation(facts: TableModeFacts): string {
  const { plan, meanUnitsPerSecond, burstUnitsPerSecond, use, breakEven } = facts;
  const prices = `$${facts.onDemandUsdPerMillion} per million WRU against $${facts.provisionedUsdPerHour} per WCU-hour, the latter unconfirmed`;
  return `Mean / burst: ${figure(meanUnitsPerSecond)} / ${figure(burstUnitsPerSecond)} WRU/s = ${percent(use)} of the capacity to provision for “${plan}”; provisioned is cheaper above ${percent(breakEven)} (${prices}).${savingText(facts)}`;
}

function savingText({ savingUsdPerMonth: saving, leastSavingUsd: least }: TableModeFacts): string {
  if (saving <= 0) return '';
  const worth = saving < least ? `, which is not worth a change: under ${dollars(least)}` : '';
  return ` It would save ${dollars(saving)} a month${worth}.`;
}
