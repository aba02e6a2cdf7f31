/** The answer of `loadline choose` as a document. */
import type { ChoiceDay } from '../../capacity/servers/choose.ts';
import type { ServiceCostPart } from '../../capacity/servers/service-cost.ts';
import type { ServiceLimit } from '../../capacity/servers/service-demand.ts';
import { approx, dollars, plural } from '../analysis/numbers.ts';
import {
  type Block,
  type Document,
  figure,
  paragraph,
  type Section,
  type Table,
  type Tile,
  tables,
  words,
} from '../document/document.ts';
import { type ChooseReport, crossoverSentence, unknownSentences } from './choose-report.ts';
import { bindingCell, bindingText, holdCell } from './hold-text.ts';
import { stepsTable } from './measure-text.ts';
import { measuredRunsTable, measuredTable, taskCostTable } from './measured-tables.ts';
import { movesTable } from './moves-table.ts';
import { notMeasured, variantTable, variantText } from './variant-tables.ts';

const limitNames: Record<ServiceLimit, string> = {
  cpu: 'CPU',
  memory: 'memory of connections',
  connections: 'connectionsPerTask',
  availability: 'one that may be gone',
};

export function chooseDocument(report: ChooseReport): Document {
  const { title, sentence, today, loadlineVersion, schemaVersion } = report;
  return {
    title,
    verdict: { tone: today === null ? 'bad' : 'good', lead: today === null ? 'Neither' : 'Today', sentence },
    tiles: tilesOf(report),
    sections: sectionsOf(report),
    footer: `Loadline ${loadlineVersion} · no load was applied · choose.json has every number, schema version ${schemaVersion}.`,
  };
}

function tilesOf({ days: [day], today, crossovers: [crossover] }: ChooseReport): Tile[] {
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

const tasksText = ({ service: { demand } }: ChoiceDay): string =>
  `${plural(demand.tasks, 'task')}, by ${limitNames[demand.binding]}`;

const andUnknown = (unknown: readonly string[]): string => (unknown.length > 0 ? ' and unknown parts' : '');

const functionsDollars = ({ functions, unknownInBoth }: ChoiceDay): string =>
  dollars(functions.usdPerMonth) + andUnknown([...functions.unknown, ...unknownInBoth]);

function sectionsOf(report: ChooseReport): Section[] {
  const list = (texts: readonly string[]) => ({ kind: 'list' as const, items: texts.map((text) => ({ text })) });
  const all: Section[] = [
    {
      id: 'variants',
      title: 'Every variant',
      blocks: [...tables(variantTable(report)), ...notMeasured(report).map((text) => paragraph(text))],
    },
    {
      id: 'measured',
      title: 'What was measured',
      blocks: tables(measuredTable(report), taskCostTable(report), measuredRunsTable(report), stepsTable(report)),
    },
    {
      id: 'days',
      title: 'The plan in either, today and at each stage',
      blocks: [...tables(dayTable(report)), ...comparedBlocks(report)],
    },
    { id: 'crossover', title: 'Crossover', blocks: [list(crossoverLines(report))] },
    { id: 'moves', title: 'What moves the answer', blocks: tables(movesTable(report)) },
    { id: 'service-cost', title: 'What the service costs today', blocks: tables(costTable(report)) },
    { id: 'functions-fail', title: 'What functions fail at', blocks: [list(report.failsAt.functions)] },
    { id: 'service-fails', title: 'What a service of tasks fails at', blocks: [list(report.failsAt.service)] },
    { id: 'changing-later', title: 'What changing later costs', blocks: [list(report.changingLater)] },
    { id: 'basis', title: 'Basis', blocks: [list(report.basis)] },
  ];
  return all.filter(({ blocks }) => blocks.length > 0);
}

const comparedBlocks = ({ functions }: ChooseReport): Block[] =>
  functions === null ? [] : [paragraph(`Functions here, and in the answer above: ${variantText(functions)}.`)];

function dayTable({ days }: ChooseReport): Table {
  return {
    id: 'days',
    caption: 'What holds, what binds, and what it costs a month, modelled on AWS',
    columns: [
      ...[words('on'), figure('connections'), figure('messages/s')],
      ...[words('functions'), words('binds'), figure('cost')],
      ...[words('service of tasks'), words('tasks'), words('binds'), figure('cost')],
    ],
    rows: days.map((day) => [
      { text: day.date, ...(day.stage !== null && { detail: day.stage }) },
      { text: approx(day.connections) },
      { text: approx(day.messagesPerSecond) },
      holdCell(day.functions),
      bindingCell(day.functions),
      { text: functionsDollars(day) },
      holdCell(day.service),
      { text: tasksText(day) },
      bindingCell(day.service),
      {
        text: dollars(day.service.usdPerMonth.mid) + andUnknown(day.service.cost.unknown),
        detail: `${dollars(day.service.usdPerMonth.low)} to ${dollars(day.service.usdPerMonth.high)}`,
      },
    ]),
    notes: [
      'Holds once raised: a limit that can be raised or set is exceeded, and nothing else is; it does not hold until that is done. `loadline plan` says by when to ask AWS for what functions need.',
    ],
  };
}

function crossoverLines(report: ChooseReport): string[] {
  const { crossovers, searched } = report;
  const range = `${approx(searched.from)} and ${approx(searched.to)} connections`;
  return [
    ...(crossovers.length === 0
      ? [`Between ${range} the same variant is cheaper throughout.`]
      : [...crossovers.map(crossoverSentence), `Looked for between ${range}.`]),
    ...unknownSentences(report),
  ];
}

const partNames: Record<ServiceCostPart['id'], string> = {
  tasks: 'Fargate tasks',
  instances: 'EC2 instances',
  addresses: 'public IPv4 addresses',
  loadBalancer: 'load balancer',
  loadBalancerUnits: 'load balancer capacity units',
  bus: 'Valkey nodes',
  endpoint: 'endpoint for the passwords of the database',
  shared: 'table or database, queue, data out, secrets, metrics',
};

function costTable({ days: [day] }: ChooseReport): Table {
  const unknown = day?.service.cost.unknown ?? [];
  return {
    id: 'service-cost',
    caption: 'A month of the service, today',
    columns: [words('component'), figure('USD'), words('price')],
    rows: (day?.service.cost.parts ?? []).map(({ id, usdPerMonth, price }) => [
      { text: partNames[id] },
      { text: dollars(usdPerMonth) + (id === 'shared' ? andUnknown(unknown) : '') },
      {
        text: price === null ? 'of several' : `$${price.usd} a ${price.unit}`,
        ...(price && { detail: `${price.source}, ${price.date}` }),
      },
    ]),
    notes: unknown.length > 0 ? [`Not known, and left out: ${unknown.join(', ')}.`] : [],
  };
}
