/** The answer of `loadline choose` as a document. */
import type { ServiceCostPart } from '../../capacity/servers/service-cost.ts';
import { approx, dollars } from '../analysis/numbers.ts';
import {
  type Block,
  type Document,
  figure,
  paragraph,
  type Section,
  type Table,
  tables,
  words,
} from '../document/document.ts';
import type { ChooseReport } from './choose-report.ts';
import { andUnknown, crossoverLines, functionsDollars, tasksText, tilesOf } from './choose-tiles.ts';
import { bindingCell, holdCell } from './hold-text.ts';
import { stepsTable } from './measure-text.ts';
import { measuredRunsTable, measuredTable, taskCostTable } from './measured-tables.ts';
import { movesTable } from './moves-table.ts';
import { notMeasured, variantTable, variantText } from './variant-tables.ts';

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
