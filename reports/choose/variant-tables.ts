/** Every variant of the reference stack side by side: what is modelled of it on AWS, and what a run measured. */
import type { VariantBasis, VariantName, VariantRow, VariantSize } from '../../capacity/servers/variants.ts';
import { approx, dollars, percent, plural } from '../analysis/numbers.ts';
import { type Cell, figure, type Table, words } from '../document/document.ts';
import type { ChooseReport } from './choose-report.ts';
import { bindingCell, firstOf, holdCell, stateWords } from './hold-text.ts';

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
export function nameCell(name: VariantName): Cell {
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
    isWhole: true,
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
      'No variant has run on AWS so far: quotas and prices are AWS’s, each with its source and date (docs/reference/quota-ids.md, aws/prices.ts, aws/servers/), and what a unit of load costs is what the last column says.',
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

export function sizeCell({ usdPerMonth, unknown, hold }: VariantSize): Cell {
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

export const placeOf = (from: Exclude<VariantBasis, { kind: 'assumed' }>['from']): string =>
  from === 'aws' ? 'on AWS' : 'on this machine';

/** How a variant without a run gets one; empty: each has. */
export function notMeasured({ variants }: ChooseReport): string[] {
  const missing = variants.filter(({ measured }) => measured === null).length;
  if (missing === 0) return [];
  const how =
    '`loadline choose --measure` measures them on this machine, one after the other; `loadline run --settings FILE` one of them, by the settings compute, store, ingest and webhookApi';
  return [
    missing === variants.length
      ? `No variant has a valid run in runs/, so no latency is known: ${how}.`
      : `${plural(missing, 'variant')} of ${variants.length} have no valid run in runs/: ${how}.`,
  ];
}
