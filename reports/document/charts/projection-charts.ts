/** The plan over time: utilisation of the quotas that matter, how many users, and what it costs. */
import type { CostPoint } from '../../analysis/model/cost-over-time.ts';
import { approx, dollars, percent, plural } from '../../analysis/numbers.ts';
import type { ReportedProjection } from '../../analysis/reported-projection.ts';
import { shortened } from '../../analysis/shortened.ts';
import type { LineChart, Points } from './chart.ts';

const msOf = (date: string): number => Date.parse(`${date}T00:00:00Z`);

/** Stages are steps: the value of the day before lasts until a stage's own day. */
function stepped(projection: ReportedProjection, values: readonly (number | null)[]): Points {
  return projection.points.flatMap(({ date, stageBegins }, i): Points => {
    const before = values[i - 1];
    const at = msOf(date);
    return [...(stageBegins && before !== undefined ? ([[at, before]] as Points) : []), [at, values[i] ?? null]];
  });
}

const momentsOf = ({ points }: ReportedProjection): LineChart['moments'] =>
  points
    .filter(({ stageBegins }) => stageBegins)
    .map(({ date, stage }) => ({ name: `${date}: ${shortened(stage ?? 'next stage')}`, at: msOf(date) }));

export function utilisationChart(projection: ReportedProjection): LineChart {
  const { nearest, points, first, horizonMonths } = projection;
  const end = points.at(-1)?.date ?? projection.asOf;
  const over = nearest.filter(({ utilisations }) => utilisations.some((value) => (value ?? 0) > 1));
  const answer =
    first === null
      ? `None of them reaches its limit within ${plural(horizonMonths, 'month')}.`
      : first.months <= 0
        ? `${first.name} is over its limit from the start.`
        : `${first.name} is the first over its limit, on ${first.date}; ${over.length === 1 ? 'no other follows' : `${over.length} of these are over it`} by ${end}.`;
  return {
    ...{ kind: 'lines', id: 'utilisation', title: 'Utilisation of the nearest quotas' },
    sentence: `Demand over quota of the ${plural(nearest.length, 'quota')} that come${nearest.length === 1 ? 's' : ''} nearest to ${nearest.length === 1 ? 'its limit' : 'their limits'}, month by month${points.some(({ stageBegins }) => stageBegins) ? ' and stage by stage' : ''}. ${answer}`,
    x: { name: 'date', scale: 'date' },
    // A quota that is exceeded hundredfold would hide when the others are.
    ...axisOf(nearest.flatMap(({ utilisations }) => utilisations)),
    lines: nearest.map(({ name, utilisations }) => ({ name, points: stepped(projection, utilisations) })),
    bounds: [{ name: 'the limit', value: 1 }],
    spans: [],
    moments: momentsOf(projection),
  };
}

const axisOf = (values: readonly (number | null)[]): Pick<LineChart, 'y'> => {
  const most = Math.max(...values.map((value) => value ?? 0));
  return { y: { name: 'share of the quota', scale: most > 5 ? 'logShare' : 'share' } };
};

export function usersChart(projection: ReportedProjection): LineChart {
  const { points } = projection;
  const [today] = points;
  const last = points.at(-1);
  const of = (pick: (load: (typeof points)[number]['load']) => number) =>
    stepped(
      projection,
      points.map(({ load }) => pick(load)),
    );
  return {
    ...{ kind: 'lines', id: 'users', title: 'Users, and connections at the daily peak' },
    sentence: `From ${approx(today?.load.users ?? 0)} users today to ${approx(last?.load.users ?? 0)} on ${last?.date ?? projection.asOf}, with ${approx(today?.load.peakConnections ?? 0)} and ${approx(last?.load.peakConnections ?? 0)} connections at the daily peak.`,
    x: { name: 'date', scale: 'date' },
    y: { name: '', scale: 'linear' },
    lines: [
      { name: 'users', points: of(({ users }) => users) },
      { name: 'connections at the peak', points: of(({ peakConnections }) => peakConnections) },
    ],
    bounds: [],
    spans: [],
    moments: momentsOf(projection),
  };
}

/** Drawn one by one; the others together. */
const mostComponents = 5;

export function costChart(points: readonly CostPoint[], projection: ReportedProjection): LineChart {
  const last = points.at(-1);
  const ranked = (last?.components ?? []).toSorted((a, b) => b.usdPerMonth - a.usdPerMonth);
  const drawn = ranked.slice(0, mostComponents).filter(({ usdPerMonth }) => usdPerMonth > 0);
  const amountOf = (point: CostPoint, id: string) => point.components.find((each) => each.id === id)?.usdPerMonth ?? 0;
  const lines = drawn.map(({ id, name }) => ({ name, values: points.map((point) => amountOf(point, id)) }));
  const others = points.map((point) => point.usdPerMonth - drawn.reduce((sum, { id }) => sum + amountOf(point, id), 0));
  const all = others.some((value) => value > 0.005) ? [...lines, { name: 'all others', values: others }] : lines;
  const [largest] = drawn;
  const [today] = points;
  return {
    ...{ kind: 'lines', id: 'cost-over-time', title: 'Cost a month by component' },
    sentence: `From ${dollars(today?.usdPerMonth ?? 0)} a month today to ${dollars(last?.usdPerMonth ?? 0)} on ${last?.date ?? ''}${largest && last && last.usdPerMonth > 0 ? `; the largest part then is ${largest.name}, ${percent(largest.usdPerMonth / last.usdPerMonth)}` : ''}.`,
    x: { name: 'date', scale: 'date' },
    y: { name: 'a month', scale: 'dollars' },
    lines: all.map(({ name, values }) => ({ name, points: stepped(projection, values), draw: 'area' as const })),
    bounds: [],
    spans: [],
    moments: momentsOf(projection),
  };
}

export function costPerUserChart(points: readonly CostPoint[], projection: ReportedProjection): LineChart {
  const values = points.map(({ usdPerUserMonth }) => usdPerUserMonth);
  const known = values.filter((value) => value !== null);
  return {
    ...{ kind: 'lines', id: 'cost-per-user', title: 'Cost a month and user' },
    sentence:
      known.length === 0
        ? 'There are no users to divide the cost by.'
        : `From ${dollars(known[0] ?? 0)} a user and month today to ${dollars(known.at(-1) ?? 0)} at the end of the horizon: where it falls, a part of the cost does not grow with users.`,
    x: { name: 'date', scale: 'date' },
    y: { name: 'a month', scale: 'dollars' },
    lines: [{ name: 'a user', points: stepped(projection, values) }],
    bounds: [],
    spans: [],
    moments: momentsOf(projection),
  };
}
