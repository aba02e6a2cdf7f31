/** The answer of `loadline choose` as a document. */
import type { ChoiceDay, ServiceExcess } from '../../capacity/servers/choose.ts';
import type { ServiceCostPart } from '../../capacity/servers/service-cost.ts';
import type { ServiceLimit } from '../../capacity/servers/service-demand.ts';
import { approx, dollars, percent, plural } from '../analysis/numbers.ts';
import { type Cell, type Document, figure, type Section, type Table, type Tile, words } from '../document/document.ts';
import { type ChooseReport, crossoverSentence } from './choose-report.ts';

const limitNames: Record<ServiceLimit, string> = {
  cpu: 'CPU',
  memory: 'memory of connections',
  connections: 'connectionsPerTask',
  availability: 'one task that may fail',
};

export function chooseDocument(report: ChooseReport): Document {
  const { title, sentence, today, loadlineVersion, schemaVersion } = report;
  return {
    title,
    verdict: { tone: today === null ? 'bad' : 'good', lead: today === null ? 'Neither' : 'Modelled', sentence },
    tiles: tilesOf(report),
    sections: sectionsOf(report),
    footer: `Loadline ${loadlineVersion} · no load was applied · choose.json has every number, schema version ${schemaVersion}.`,
  };
}

function tilesOf({ days: [day], today, crossovers: [crossover] }: ChooseReport): Tile[] {
  if (day === undefined) return [];
  const { functions, service } = day;
  const anchor = 'variants';
  return [
    {
      ...{ id: 'choice', name: 'Today', anchor },
      value: today === null ? 'Neither holds' : today === 'functions' ? 'Functions' : 'Service of tasks',
      detail: `at ${plural(Math.round(day.connections), 'connection')} and ${approx(day.messagesPerSecond)} messages/s`,
    },
    {
      ...{ id: 'functions', name: 'Functions', anchor },
      value: `${dollars(functions.usdPerMonth)} a month`,
      detail: functionsBind(day),
    },
    {
      ...{ id: 'service', name: 'Service of tasks', anchor },
      value: `${dollars(service.usdPerMonth.mid)} a month`,
      detail: serviceBinds(day),
    },
    {
      ...{ id: 'crossover', name: 'Crossover', anchor: 'crossover' },
      value: crossover === undefined ? 'None' : `${approx(crossover.connections)} connections`,
      detail:
        crossover === undefined ? 'One is cheaper at every size that was looked at.' : crossoverSentence(crossover),
    },
  ];
}

function functionsBind({ functions: { binding } }: ChoiceDay): string {
  return binding === null ? 'what binds is unknown' : `${binding.name} binds, ${percent(binding.utilisation)} used`;
}

const serviceBinds = ({ service: { demand } }: ChoiceDay): string =>
  `${plural(demand.tasks, 'task')}; ${limitNames[demand.binding]} binds`;

function sectionsOf(report: ChooseReport): Section[] {
  const list = (texts: readonly string[]) => ({ kind: 'list' as const, items: texts.map((text) => ({ text })) });
  return [
    { id: 'variants', title: 'The plan in each variant', blocks: [{ kind: 'table', table: dayTable(report) }] },
    { id: 'crossover', title: 'Crossover', blocks: [list(crossoverLines(report))] },
    {
      id: 'service-cost',
      title: 'What the service costs today',
      blocks: [{ kind: 'table', table: costTable(report) }],
    },
    { id: 'functions-fail', title: 'What functions fail at', blocks: [list(report.failsAt.functions)] },
    { id: 'service-fails', title: 'What a service of tasks fails at', blocks: [list(report.failsAt.service)] },
    { id: 'changing-later', title: 'What changing later costs', blocks: [list(report.changingLater)] },
    { id: 'basis', title: 'Basis', blocks: [list(report.basis)] },
  ];
}

function dayTable({ days }: ChooseReport): Table {
  return {
    id: 'variants',
    caption: 'What holds, what binds, and what it costs a month, modelled on AWS',
    columns: [
      ...[words('on'), figure('connections'), figure('messages/s')],
      ...[words('functions'), words('binds'), figure('cost')],
      ...[words('service of tasks'), words('binds'), figure('cost')],
    ],
    rows: days.map((day) => [
      { text: day.date, ...(day.stage !== null && { detail: day.stage }) },
      { text: approx(day.connections) },
      { text: approx(day.messagesPerSecond) },
      functionsCell(day),
      functionsLimit(day),
      { text: `${dollars(day.functions.usdPerMonth)}${day.functions.isComplete ? '' : ' and unknown parts'}` },
      serviceCell(day),
      { text: limitNames[day.service.demand.binding], detail: plural(day.service.demand.tasks, 'task') },
      {
        text: dollars(day.service.usdPerMonth.mid),
        detail: `${dollars(day.service.usdPerMonth.low)} to ${dollars(day.service.usdPerMonth.high)}`,
      },
    ]),
    notes: [
      'A quota that can be raised and is full does not hold until it is raised: `loadline plan` says by when to ask.',
    ],
  };
}

const functionsCell = (day: ChoiceDay): Cell => ({
  text: day.functions.holds ? 'holds' : day.functions.binding === null ? 'unknown' : 'does not hold',
  tone: day.functions.holds ? 'good' : 'bad',
});

const functionsLimit = ({ functions: { binding } }: ChoiceDay): Cell =>
  binding === null ? { text: 'unknown' } : { text: binding.name, detail: `${percent(binding.utilisation)} used` };

function serviceCell(day: ChoiceDay): Cell {
  const { exceeded } = day.service;
  const [first] = exceeded;
  if (first === undefined) return { text: 'holds', tone: 'good' };
  const detail = exceeded.map(excessText).join('; ');
  // A setting of one's own, and quotas that grow with use and on request.
  return { text: 'holds once raised', tone: 'near', detail };
}

function excessText({ kind, needed, limit }: ServiceExcess): string {
  switch (kind) {
    case 'mostTasks':
      return `tasks.most is ${limit}: raise the setting to ${needed}`;
    case 'fargateVcpu':
      return `${approx(needed)} vCPU of Fargate are needed, a new account has ${limit} (L-3032A538): ask for more`;
    case 'targets':
      return `${needed} targets are over the ${limit} of a load balancer: ask for more`;
  }
}

function crossoverLines({ crossovers, searched }: ChooseReport): string[] {
  const range = `${approx(searched.from)} and ${approx(searched.to)} connections`;
  return crossovers.length === 0
    ? [`Between ${range} the same variant is cheaper throughout.`]
    : [...crossovers.map(crossoverSentence), `Looked for between ${range}.`];
}

const partNames: Record<ServiceCostPart['id'], string> = {
  tasks: 'Fargate tasks',
  instances: 'EC2 instances',
  addresses: 'public IPv4 addresses',
  loadBalancer: 'load balancer',
  loadBalancerUnits: 'load balancer capacity units',
  bus: 'Valkey nodes',
  shared: 'table, queue, data out, secrets, metrics',
};

function costTable({ days: [day] }: ChooseReport): Table {
  return {
    id: 'service-cost',
    caption: 'A month of the service, today',
    columns: [words('component'), figure('USD'), words('price')],
    rows: (day?.service.cost.parts ?? []).map(({ id, usdPerMonth, price }) => [
      { text: partNames[id] },
      { text: dollars(usdPerMonth) },
      {
        text: price === null ? 'of several' : `$${price.usd} a ${price.unit}`,
        ...(price && { detail: `${price.source}, ${price.date}` }),
      },
    ]),
    notes: [],
  };
}
