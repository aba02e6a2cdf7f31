/** What the fallback has to serve, and when, as a table. */
import { quotaCode } from '../../../aws/quotas/table.ts';
import type { FallbackOccasion, FallbackRelief, FallbackUse } from '../../../capacity/fallback/fallback-use.ts';
import type { Known } from '../../../capacity/known.ts';
import { approx, percent, quantity } from '../../analysis/numbers.ts';
import { shortened } from '../../analysis/shortened.ts';
import { type Cell, figure, type Table, words } from '../document.ts';
import { toneOfUtilisation } from '../tone.ts';

const names: Record<FallbackOccasion['kind'], string> = {
  asPlanned: 'as planned, at the peak',
  rollback: 'the stage is rolled back',
  everybodyPolls: 'everybody polls',
};

export function fallbackTable({ occasions, ...use }: FallbackUse): Table {
  return {
    id: 'fallback',
    caption: `Fallback today: ${approx(use.connections)} connections, and ${approx(use.outsideTabs)} tabs of users who are not in the stage`,
    columns: [
      words('occasion'),
      figure('requests'),
      figure('of the API’s throttle'),
      figure('executions'),
      figure('table reads'),
      figure('whole stack, an hour'),
    ],
    rows: occasions.map(rowOf),
    notes: [
      `Every tab reads the stage each ${quantity(use.stageSeconds, 's')}; one without a connection ${howItPolls(use)}; each new connection reads events once. Rolled back, all who were connected notice within ${quantity(use.stageSeconds, 's')}: the row is the last of them. Executions and reads are those of a run with polls, or else of the code path, with assumed durations.`,
      ...(use.relief ? [reliefNote(use.relief, use)] : []),
    ],
  };
}

const howItPolls = ({ holdSeconds, pollSeconds }: Pick<FallbackUse, 'holdSeconds' | 'pollSeconds'>): string =>
  holdSeconds > 0
    ? `waits in a request, for up to ${quantity(holdSeconds, 's')} and ${quantity(pollSeconds, 's')} on average, each of which is an execution that waits (${quotaCode('accountConcurrency')})`
    : `polls each ${quantity(pollSeconds, 's')} on average`;

/** What would do, each by itself. */
function reliefNote(
  { pollSeconds, parts, ratePerSecond }: FallbackRelief,
  { stageSeconds }: Pick<FallbackUse, 'stageSeconds'>,
): string {
  const ways = [
    ...(pollSeconds === null ? [] : [`polls ${quantity(pollSeconds, 's')} apart (conduct.pollSeconds, syncClient)`]),
    ...(parts === null
      ? []
      : [
          `a rollback in ${parts.count} equal parts, ${quantity(stageSeconds, 's')} after each other, over ${quantity(parts.minutes, 'min')} in place of one`,
        ]),
    `fallback.throttle of ${approx(ratePerSecond)}/s (the account’s ${quotaCode('accountThrottle')} has to carry it as well)`,
  ];
  return `Within the throttle, each by itself: ${ways.join('; ')}.`;
}

function rowOf(occasion: FallbackOccasion): Cell[] {
  const { kind, requestsPerSecond, polling, lastsSeconds, utilisation, usdPerHour } = occasion;
  return [
    { text: names[kind], ...(lastsSeconds !== null && { detail: `for ${quantity(lastsSeconds, 's')}` }) },
    { text: `${approx(requestsPerSecond)}/s`, detail: `${approx(polling)} tabs poll` },
    utilisationCell(utilisation),
    cellOf(occasion.executions, approx),
    cellOf(occasion.readUnitsPerSecond, (units) => `${approx(units)}/s`),
    usdPerHour === null ? none : { text: `$${usdPerHour.toFixed(2)}` },
  ];
}

/** Stage by stage: who is not in it polls; null where there is one stage only. */
export function fallbackStagesTable({ stages }: FallbackUse): Table | null {
  if (stages.length < 2) return null;
  return {
    id: 'fallbackStages',
    caption: 'The rollout in stages, as the fallback meets it at the peak',
    columns: [
      words('stage'),
      figure('connections'),
      figure('tabs that poll'),
      figure('requests'),
      figure('rolled back'),
      figure('of the API’s throttle'),
      figure('switched on again'),
    ],
    rows: stages.map((each) => [
      { text: each.stage === null ? each.date : shortened(each.stage), detail: each.date },
      { text: approx(each.connections) },
      { text: approx(each.outsideTabs) },
      { text: `${approx(each.requestsPerSecond)}/s` },
      { text: `${approx(each.rolledBackPerSecond)}/s` },
      utilisationCell(each.utilisation),
      { text: `${approx(each.connectsPerSecond)} connects/s` },
    ]),
    notes: [
      `Rolled back: the last of the interval within which all notice. Switched on again: all who are in the stage connect within it, against ${quotaCode('newConnections')}, in the headroom table.`,
    ],
  };
}

const none: Cell = { text: '–', tone: 'muted' };

const utilisationCell = (utilisation: number | null): Cell =>
  utilisation === null
    ? none
    : { text: percent(utilisation) + (utilisation > 1 ? ' exceeded' : ''), tone: toneOfUtilisation(utilisation) };

const cellOf = (known: Known<number>, text: (value: number) => string): Cell =>
  known.kind === 'value' ? { text: text(known.value) } : { text: 'unknown', tone: 'muted', detail: known.reason };
