/** What the fallback has to serve, and when, as a table. */
import { quotaCode } from '../../../aws/quotas/table.ts';
import type { FallbackOccasion, FallbackUse } from '../../../capacity/fallback/fallback-use.ts';
import type { Known } from '../../../capacity/known.ts';
import { outlookWords, reliefWords } from '../../analysis/fallback-words.ts';
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
    caption: `Fallback today: ${approx(use.connections)} connections, and ${approx(use.outsideTabs)} tabs that poll, as their users are not in the stage or their networks let no WebSocket through`,
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
      ...throttleNotes(use),
    ],
  };
}

const howItPolls = ({ holdSeconds, pollSeconds }: Pick<FallbackUse, 'holdSeconds' | 'pollSeconds'>): string =>
  holdSeconds > 0
    ? `waits in a request, for up to ${quantity(holdSeconds, 's')} and ${quantity(pollSeconds, 's')} on average, each of which is an execution that waits (${quotaCode('accountConcurrency')})`
    : `polls each ${quantity(pollSeconds, 's')} on average`;

/** What would do today, each by itself, and over the horizon. */
const throttleNotes = ({ relief, outlook }: Pick<FallbackUse, 'relief' | 'outlook'>): string[] => [
  ...(relief
    ? [
        `Today, each by itself: ${reliefWords(relief)}. Polls are set by conduct.pollSeconds and the plan’s syncClient; parts of a rollback follow each other by the interval of the stage’s reads; the account’s ${quotaCode('accountThrottle')} has to carry a higher throttle as well.`,
      ]
    : []),
  ...(outlook ? [`${outlookWords(outlook)}.`] : []),
];

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
  const isTooLow = stages.some(({ relief }) => relief !== null);
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
      ...(isTooLow ? [words('would do')] : []),
    ],
    rows: stages.map((each) => [
      { text: each.stage === null ? each.date : shortened(each.stage), detail: each.date },
      { text: approx(each.connections) },
      { text: approx(each.outsideTabs) },
      { text: `${approx(each.requestsPerSecond)}/s` },
      { text: `${approx(each.rolledBackPerSecond)}/s` },
      utilisationCell(each.utilisation),
      { text: `${approx(each.connectsPerSecond)} connects/s` },
      ...(isTooLow ? [each.relief ? { text: reliefWords(each.relief) } : none] : []),
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
