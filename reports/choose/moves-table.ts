/** What moves the answer of `loadline choose`. */
import type { Moved, MovedInput } from '../../capacity/servers/sensitivity.ts';
import { approx, dollars, plural } from '../analysis/numbers.ts';
import { type Cell, figure, type Table, words } from '../document/document.ts';
import type { ChooseReport } from './choose-report.ts';
import { stateWords } from './hold-text.ts';

const names: Record<MovedInput, string> = {
  users: 'users',
  messages: 'messages of a user',
  webhooks: 'webhooks of a user',
  evenness: 'mean of the day over its peak',
  taskCpu: 'CPU of a task for a unit of load',
  taskMemory: 'memory of a connection in a task',
  functionDurations: 'durations of functions',
};

export function movesTable({ moves }: Pick<ChooseReport, 'moves'>): Table {
  return {
    id: 'moves',
    caption: 'What if: each by itself half and twice as large, today',
    columns: [
      words('input'),
      ...[figure('½: functions'), figure('tasks'), figure('tasks cheaper beyond')],
      ...[figure('2 ×: functions'), figure('tasks'), figure('tasks cheaper beyond')],
    ],
    rows: moves.map(({ input, half, twice }) => [{ text: names[input] }, ...cellsOf(half), ...cellsOf(twice)]),
    notes: [
      'A month’s cost of each, the cheaper one marked, and from how many connections on tasks are cheaper with everything else in proportion. A mean over its peak is 1 at most.',
    ],
  };
}

function cellsOf({ functions, service, serviceBeyond }: Moved): Cell[] {
  const isFunctions = functions.usdPerMonth <= service.usdPerMonth;
  const cell = ({ usdPerMonth, state }: Moved['functions'], isCheaper: boolean, more: string[] = []): Cell => {
    const detail = [...(isCheaper ? ['cheaper'] : []), ...more, ...(state === 'holds' ? [] : [stateWords[state]])];
    return {
      text: Number.isFinite(usdPerMonth) ? dollars(usdPerMonth) : 'not possible',
      ...(detail.length > 0 && { detail: detail.join(', ') }),
    };
  };
  return [
    cell(functions, isFunctions),
    cell(service, !isFunctions, [plural(service.tasks, 'task')]),
    { text: serviceBeyond === null ? '–' : `${approx(serviceBeyond)} connections` },
  ];
}
