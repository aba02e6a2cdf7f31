/** What of the plan comes together, as a table. */
import { quotaCode } from '../../../aws/quotas/table.ts';
import type { Occasion } from '../../../capacity/headroom/occasions.ts';
import { approx, percent, quantity } from '../../analysis/numbers.ts';
import { type Cell, figure, type Table, words } from '../document.ts';
import { toneOfUtilisation } from '../tone.ts';

const names: Record<Occasion['kind'], string> = {
  login: 'login window',
  rotation: 'the same 2 h later',
  recovery: 'recovery of all',
  stage: 'the stage switched on again',
  broadcast: 'broadcast',
  channels: 'channels',
};
const calls = '@connections calls';
const units: Record<Occasion['kind'], string> = {
  login: 'new connections',
  rotation: 'new connections',
  recovery: 'new connections',
  stage: 'new connections',
  broadcast: calls,
  channels: calls,
};

export function occasionTable(occasions: readonly Occasion[]): Table {
  return {
    id: 'occasions',
    caption: 'Arrivals and fan-out today, each alone',
    columns: [words('occasion'), figure('asks for'), figure('of its quota'), figure('at the quota’s rate')],
    rows: occasions.map(rowOf),
    notes: [
      `New connections count against ${quotaCode('newConnections')}, @connections calls against the account’s throttle, ${quotaCode('accountThrottle')}. The headroom table adds what happens beside them.`,
    ],
  };
}

function rowOf(occasion: Occasion): Cell[] {
  const { kind, name, ratePerSecond, lastsSeconds, utilisation, secondsAtQuota, limit, collected } = occasion;
  const exceeded = utilisation > 1;
  return [
    { text: name ?? names[kind] },
    {
      text: `${approx(ratePerSecond)}/s`,
      detail: [
        units[kind],
        lastsSeconds === null ? null : `for ${quantity(lastsSeconds, 's')}`,
        collected &&
          `collected for ${quantity(collected.seconds, 's')}, instead of ${approx(collected.uncollectedPerSecond)}/s`,
      ]
        .filter((part) => part !== null)
        .join(', '),
    },
    {
      text: percent(utilisation) + (exceeded ? ' exceeded' : ''),
      tone: toneOfUtilisation(utilisation),
      detail: `of ${approx(limit)}/s`,
    },
    secondsAtQuota === null ? { text: '–', tone: 'muted' } : { text: quantity(secondsAtQuota, 's') },
  ];
}
