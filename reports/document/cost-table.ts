/** Monthly cost, today and at each later stage, as a table. */
import type { Cost } from '../../capacity/cost/cost.ts';
import { approx, dollars } from '../analysis/numbers.ts';
import type { Report } from '../report.ts';
import { type Cell, figure, type Table, words } from './document.ts';

export function costTable(cost: Report['cost']): Table | null {
  const [first] = cost;
  if (!first) return null;
  const amounts = (pick: (each: Cost) => string): Cell[] => cost.map((each) => ({ text: pick(each.cost) }));
  const dollarsOr = (amount: number | null) => (amount === null ? '–' : dollars(amount));
  return {
    id: 'cost',
    caption: `Monthly cost on AWS, ${first.cost.region}, modelled`,
    columns: [words('component'), ...cost.map(({ label, date }) => figure(`${label}, ${date}`))],
    rows: [
      ...first.cost.components.map(({ id, name, unit, priceDate }) => [
        { text: name, detail: `per ${unit}; price as of ${priceDate}` },
        ...cost.map(({ cost: each }): Cell => {
          const amount = each.components.find((component) => component.id === id)?.amount;
          return amount?.kind === 'value'
            ? { text: dollars(amount.usdPerMonth), detail: approx(amount.quantityPerMonth) }
            : { text: 'unknown', tone: 'muted', detail: amount?.reason ?? '' };
        }),
      ]),
      [
        { text: 'total' },
        ...amounts((each) => dollars(each.usdPerMonth) + (each.complete ? '' : ' plus unknown components')),
      ],
      [{ text: 'per user' }, ...amounts((each) => dollarsOr(each.usdPerUserMonth))],
      [{ text: 'per million pushes' }, ...amounts((each) => dollarsOr(each.usdPerMillionPushes))],
    ],
    notes: first.cost.assumptions,
  };
}
