/** The answer of `loadline choose` in a few words each. Pure. */
import type { ChoiceDay } from '../../capacity/servers/choose.ts';
import type { ServiceLimit } from '../../capacity/servers/service-demand.ts';
import { approx, dollars, plural } from '../analysis/numbers.ts';
import type { Tile } from '../document/document.ts';
import { type ChooseAnswer, crossoverSentence, unknownSentences } from './choose-report.ts';
import { bindingText } from './hold-text.ts';

const limitNames: Record<ServiceLimit, string> = {
  cpu: 'CPU',
  memory: 'memory of connections',
  connections: 'connectionsPerTask',
  availability: 'one that may be gone',
};

export function tilesOf({ days: [day], today, crossovers: [crossover] }: ChooseAnswer): Tile[] {
  if (day === undefined) return [];
  const { functions, service } = day;
  const anchor = 'days';
  return [
    {
      ...{ id: 'choice', name: 'Today', anchor },
      value: today === null ? 'Neither holds' : today === 'functions' ? 'Functions' : 'Service of tasks',
      detail: `at ${plural(Math.round(day.connections), 'connection')} and ${approx(day.messagesPerSecond)} messages/s`,
    },
    {
      ...{ id: 'functions', name: 'Functions', anchor },
      value: `${functionsDollars(day)} a month`,
      detail: bindingText(functions),
    },
    {
      ...{ id: 'service', name: 'Service of tasks', anchor },
      value: `${dollars(service.usdPerMonth.mid)}${andUnknown(service.cost.unknown)} a month`,
      detail: `${tasksText(day)}; ${bindingText(service)}`,
    },
    {
      ...{ id: 'crossover', name: 'Crossover', anchor: 'crossover' },
      value: crossover === undefined ? 'None' : `${approx(crossover.connections)} connections`,
      detail:
        crossover === undefined ? 'One is cheaper at every size that was looked at.' : crossoverSentence(crossover),
    },
  ];
}

export const tasksText = ({ service: { demand } }: ChoiceDay): string =>
  `${plural(demand.tasks, 'task')}, by ${limitNames[demand.binding]}`;

export const andUnknown = (unknown: readonly string[]): string => (unknown.length > 0 ? ' and unknown parts' : '');

export const functionsDollars = ({ functions, unknownInBoth }: ChoiceDay): string =>
  dollars(functions.usdPerMonth) + andUnknown([...functions.unknown, ...unknownInBoth]);

/** Where it is, or that there is none, and what is not known. */
export function crossoverLines(report: ChooseAnswer): string[] {
  const { crossovers, searched } = report;
  const range = `${approx(searched.from)} and ${approx(searched.to)} connections`;
  return [
    ...(crossovers.length === 0
      ? [`Between ${range} the same variant is cheaper throughout.`]
      : [...crossovers.map(crossoverSentence), `Looked for between ${range}.`]),
    ...unknownSentences(report),
  ];
}
