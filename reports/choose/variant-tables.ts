/** Every variant of the reference stack side by side: what is modelled of it on AWS, and what a run measured. */
import type { VariantBasis, VariantName, VariantRow, VariantSize } from '../../capacity/servers/variants.ts';
import { approx, dollars, milliseconds, percent, plural } from '../analysis/numbers.ts';
import { type Cell, figure, type Table, words } from '../document/document.ts';
import type { ChooseReport } from './choose-report.ts';
import { bindingCell, firstOf, holdCell, stateWords } from './hold-text.ts';
import type { MeasuredVariant } from './measured-variant.ts';

const stores = { dynamodb: 'DynamoDB', postgres: 'PostgreSQL' } as const;
const ways = {
  lambda: 'a function takes webhooks',
  direct: 'webhooks go straight to the queue',
  forward: 'webhooks go to a server of one’s own, which is in no bill here',
  mock: 'the API alone answers webhooks, and every one is lost: it is for measuring',
} as const;
const apis = { http: 'HTTP API', rest: 'REST API' } as const;
const capacities = { fargate: 'Fargate', ec2: 'EC2' } as const;

/** By the names of the settings, in the text: a terminal shows no details. */
function nameCell(name: VariantName): Cell {
  const { compute, way } = name;
  return { text: variantText(name), ...(compute === 'lambda' && { detail: ways[way ?? 'lambda'] }) };
}

export function variantText({ compute, capacity, store, way, webhookApi }: VariantName): string {
  if (compute === 'server') return `Service of tasks, ${capacities[capacity ?? 'fargate']}, ${stores[store]}`;
  const api = webhookApi === null ? '' : `, ${apis[webhookApi]}`;
  return `Functions, ${stores[store]}, ingest ${way ?? 'lambda'}${api}`;
}

export function variantTable({ variants }: ChooseReport): Table | null {
  const [first] = variants;
  if (first === undefined) return null;
  const sizes = first.sizes.map(({ factor }) => figure(factor === 1 ? '$ a month' : `${factor} × users`));
  const connections = first.sizes.map((size) => approx(size.connections)).join(', ');
  return {
    id: 'variants',
    caption:
      'Every variant for the plan: what holds, what binds first, and what a month costs at three sizes, modelled on AWS',
    columns: [
      words('variant'),
      words('today'),
      words('binds first'),
      figure('headroom'),
      ...sizes,
      words('costs of a unit'),
    ],
    rows: variants.map((row) => [
      nameCell(row.name),
      ...todayCells(row.sizes[0]),
      ...row.sizes.map(sizeCell),
      { text: basisText(row) },
    ]),
    notes: [
      `Headroom = 1 − demand / limit, of what binds first. A month’s cost is that of today’s plan, and of ten and a hundred times its users: ${connections} connections; a limit that is exceeded there is beside its cost.`,
      'A service of tasks with PostgreSQL does not exist: compute: server needs store: dynamodb.',
      'No variant has run on AWS so far: quotas and prices are AWS’s, each with its source and date (docs/quota-ids.md, aws/prices.ts, aws/servers/), and what a unit of load costs is what the last column says.',
    ],
  };
}

function todayCells(today: VariantSize | undefined): Cell[] {
  if (today === undefined) return [{ text: 'unknown' }, { text: 'unknown' }, { text: 'unknown' }];
  const { hold } = today;
  return [
    holdCell(hold),
    bindingCell(hold),
    { text: hold.binding === null ? 'unknown' : percent(1 - hold.binding.utilisation) },
  ];
}

function sizeCell({ usdPerMonth, unknown, hold }: VariantSize): Cell {
  const detail = [
    ...(hold.state === 'holds'
      ? []
      : [
          `${stateWords[hold.state]}: ${firstOf(
            hold.exceeded.map(({ name }) => name),
            ', ',
          )}`,
        ]),
    ...(unknown.length > 0 ? [`without ${unknown.join(', ')}`] : []),
  ];
  return {
    text: Number.isFinite(usdPerMonth) ? dollars(usdPerMonth) : 'not possible',
    ...(detail.length > 0 && { detail: detail.join('; ') }),
  };
}

function basisText({ basis, name }: VariantRow): string {
  const isService = name.compute === 'server';
  if (basis.kind === 'assumed') return isService ? 'assumed, within a factor of 2' : 'assumed';
  const measured = `measured by ${basis.kind} ${basis.id}, ${placeOf(basis.from)}`;
  return isService ? `CPU ${measured}` : measured;
}

const placeOf = (from: Exclude<VariantBasis, { kind: 'assumed' }>['from']): string =>
  from === 'aws' ? 'on AWS' : 'on this machine';

/** Null: no variant has a valid run. */
export function measuredTable({ variants }: ChooseReport): Table | null {
  const rows = variants.flatMap(({ name, measured }) => (measured === null ? [] : [measuredCells(name, measured)]));
  if (rows.length === 0) return null;
  return {
    id: 'measured',
    caption: 'What the newest valid run of each variant measured',
    columns: [
      ...[words('variant'), words('run'), figure('connections'), figure('webhooks/s'), words('ledger')],
      ...[figure('round trip p99'), figure('delivery p99'), figure('webhook p99')],
      ...[figure('time a unit'), figure('connections/GB')],
    ],
    rows,
    notes: [
      'Latencies of a run on this machine are this machine’s and say nothing of AWS; they compare variants with each other only where both ran on it, with the same load.',
      'Time a unit: CPU of all tasks, or the durations of all functions, over connects, messages, webhooks and pushes together. Connections/GB: with what a task needs without any, so few connections show few. On this machine a task is a process, whether Fargate or EC2 would run it. webhooks/s: at the highest rate that was offered.',
    ],
  };
}

function measuredCells(name: VariantName, measured: MeasuredVariant): Cell[] {
  const { runId, on, verdict, p99, connectionsPerGb } = measured;
  const { connections, messagesPerSecond, webhooksPerSecond, isBalanced } = measured;
  return [
    nameCell(name),
    { text: runId, detail: `${placeOf(on)}${verdict === 'ok' ? '' : ', SLO broken'}` },
    { text: approx(connections), detail: `${approx(messagesPerSecond)} messages/s` },
    { text: approx(webhooksPerSecond) },
    isBalanced ? { text: 'balanced', tone: 'good' } : { text: 'not balanced, or not known', tone: 'bad' },
    ...[p99.roundTrip, p99.delivery, p99.webhook].map(latencyCell),
    { text: timeText(measured) },
    { text: connectionsPerGb === null ? '–' : approx(connectionsPerGb) },
  ];
}

function latencyCell(p99: MeasuredVariant['p99']['delivery']): Cell {
  if (p99 === null) return { text: '–' };
  const { ms, interval95 } = p99;
  const detail =
    interval95 === null
      ? 'too few samples for an interval'
      : `95% CI ${milliseconds(interval95.lowerMs)} to ${milliseconds(interval95.upperMs)}`;
  return { text: milliseconds(ms), detail };
}

function timeText({ taskCpuMsPerUnit, functionMsPerUnit }: MeasuredVariant): string {
  if (taskCpuMsPerUnit !== null) return `${milliseconds(taskCpuMsPerUnit)} CPU`;
  return functionMsPerUnit === null ? '–' : `${milliseconds(functionMsPerUnit)} function`;
}

/** How a variant without a run gets one; empty: each has. */
export function notMeasured({ variants }: ChooseReport): string[] {
  const missing = variants.filter(({ measured }) => measured === null).length;
  if (missing === 0) return [];
  const how =
    '`loadline run --settings FILE` measures a variant, by the settings compute, store, ingest and webhookApi';
  return [
    missing === variants.length
      ? `No variant has a valid run in runs/, so no latency is known: ${how}.`
      : `${plural(missing, 'variant')} of ${variants.length} have no valid run in runs/: ${how}.`,
  ];
}
