/** Monthly cost, today and at each later stage, as a table. */
import type { Cost } from '../../../capacity/cost/cost.ts';
import { approx, dollars, plural } from '../../analysis/numbers.ts';
import { shortened } from '../../analysis/shortened.ts';
import type { Report } from '../../report.ts';
import { type Cell, figure, type Table, words } from '../document.ts';

/** More do not fit beside each other. */
const mostDays = 6;

export function costTable(all: Report['cost']): Table | null {
  const [first] = all;
  if (!first) return null;
  const left = all.slice(mostDays - 1, -1);
  const cost = left.length > 1 ? all.filter((day) => !left.includes(day)) : all;
  const amounts = (pick: (each: Cost) => string): Cell[] => cost.map((each) => ({ text: pick(each.cost) }));
  const dollarsOr = (amount: number | null) => (amount === null ? '–' : dollars(amount));
  const { components } = first.cost;
  const small = components.filter(({ id }) => all.every((day) => isSmall(day.cost, id)));
  const rowOf = ({ id, name, unit, priceDate }: (typeof components)[number]): Cell[] => [
    { text: name, detail: `per ${unit}; price as of ${priceDate}` },
    ...cost.map(({ cost: each }): Cell => {
      const amount = each.components.find((component) => component.id === id)?.amount;
      return amount?.kind === 'value'
        ? { text: dollars(amount.usdPerMonth), detail: approx(amount.quantityPerMonth) }
        : { text: 'unknown', tone: 'muted', detail: amount?.reason ?? '' };
    }),
  ];
  return {
    id: 'cost',
    caption: `Monthly cost on AWS, ${first.cost.region}, modelled`,
    columns: [words('component'), ...cost.map(({ label, date }) => figure(`${shortened(label, 30)}, ${date}`))],
    rows: [
      ...components.filter((each) => !small.includes(each)).map(rowOf),
      [
        { text: 'total' },
        ...amounts((each) => dollars(each.usdPerMonth) + (each.complete ? '' : ' plus unknown components')),
      ],
      [{ text: 'per user' }, ...amounts((each) => dollarsOr(each.usdPerUserMonth))],
      [{ text: 'per million pushes' }, ...amounts((each) => dollarsOr(each.usdPerMillionPushes))],
    ],
    ...(small.length > 0 && {
      more: {
        line: `${plural(small.length, 'more component')} in the total, none of them 1% of it on any of these days`,
        rows: small.map(rowOf),
      },
    }),
    notes: [
      ...(cost.length < all.length
        ? ['Not every stage has a column; the chart and the report’s JSON have them all.']
        : []),
      ...first.cost.assumptions,
    ],
  };
}

const smallShare = 0.01;

/** One that is not known may be large. */
function isSmall({ components, usdPerMonth }: Cost, id: string): boolean {
  const amount = components.find((component) => component.id === id)?.amount;
  return amount?.kind === 'value' && amount.usdPerMonth < smallShare * usdPerMonth;
}
