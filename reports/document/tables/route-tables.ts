/** Latency and ledger by route, where there are several. */
import { count, percent } from '../../analysis/numbers.ts';
import type { RouteLatency, RouteReport } from '../../analysis/routes/route-report.ts';
import { type Cell, figure, type Table, words } from '../document.ts';
import { intervalDetail, percentileCell, tooFewNote } from './latency-tables.ts';
import { outcomeColumns, outcomeRow, outcomesInWords } from './ledger-tables.ts';

export function routeLatencyTable(routes: readonly RouteReport[]): Table {
  const rows = routes.flatMap((route) => route.latency.map((latency) => latencyRow(route, latency)));
  return {
    id: 'latency-by-route',
    caption: 'Latency by route, steady state',
    columns: [words(''), figure('samples'), figure('p50'), figure('p95'), figure('p99')],
    rows,
    notes: routes.some(({ latency }) => latency.some(({ steady }) => steady?.p99.tooFewSamples)) ? [tooFewNote] : [],
  };
}

function latencyRow({ name }: RouteReport, latency: RouteLatency): Cell[] {
  const { steady } = latency;
  return [
    { text: name, detail: latency.name },
    steady
      ? { text: count(steady.samples), ...(steady.failed > 0 && { detail: `and ${count(steady.failed)} failed` }) }
      : { text: 'none', tone: 'muted' },
    percentileCell(steady?.p50, 'p50'),
    percentileCell(steady?.p95, 'p95'),
    { ...percentileCell(steady?.p99, 'p99'), ...intervalDetail(steady?.p99.interval95 ?? null) },
  ];
}

/** Messages and posts. */
export function routeOutcomeTable(routes: readonly RouteReport[]): Table {
  return {
    id: 'outcomes-by-route',
    caption: 'Messages and webhooks by route, and how they ended',
    columns: [...outcomeColumns],
    rows: routes.map(({ kind, name, share, outcomes }) => {
      const [first, ...rest] = outcomeRow(name, outcomes);
      const what = `${kind === 'message' ? 'messages' : 'webhooks'}${share === null ? '' : `, ${percent(share)} of them`}`;
      return [{ text: first?.text ?? name, detail: what }, ...rest];
    }),
    notes: [],
  };
}

/** Events of each URL: an outcome each, of those that any has. */
export function routeEventTable(routes: readonly RouteReport[]): Table | null {
  const all = routes.flatMap(({ name, events, pushes }) => (events === null ? [] : [{ name, events, pushes }]));
  const shown = outcomesInWords.filter(
    ({ outcome, always }) => always || all.some(({ events }) => events.outcomes[outcome] > 0),
  );
  return {
    id: 'events-by-route',
    caption: 'Events by route',
    columns: [words(''), figure('accepted'), ...shown.map(({ text }) => figure(text)), figure('pushes missing')],
    rows: all.map(({ name, events, pushes }) => [
      { text: name },
      { text: count(events.accepted) },
      ...shown.map(({ outcome, bad }): Cell => {
        if (outcome === 'lost' && events.lost === null) return { text: 'not known' };
        const value = events.outcomes[outcome];
        return { text: count(value), ...(bad && { tone: value === 0 ? 'good' : 'bad' }) };
      }),
      { text: pushes === null ? '–' : `${count(Math.max(0, pushes.missing))} of ${count(pushes.expected)}` },
    ]),
    notes: [],
  };
}
