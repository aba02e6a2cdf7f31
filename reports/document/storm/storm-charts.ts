/** A storm over time: who is still away, what is attempted, what waits. Each way of backing off is a line. */
import { approx, plural } from '../../analysis/numbers.ts';
import type { LineChart, Points } from '../charts/chart.ts';
import { caseName, type StormCase, seconds } from './storm-case.ts';

export function stormCharts(cases: readonly StormCase[]): LineChart[] {
  const [first] = cases;
  if (first === undefined) return [];
  return [
    ...(first.result.clients ? [awayChart(cases), attemptsChart(cases)] : []),
    ...(first.result.webhooks ? [queueChart(cases)] : []),
    ...(first.result.fanOut ? [fanOutChart(cases)] : []),
    concurrencyChart(cases),
  ];
}

type Second = StormCase['result']['seconds'][number];

function chartOf(
  cases: readonly StormCase[],
  {
    id,
    title,
    unit,
    sentence,
    of,
  }: { id: string; title: string; unit: string; sentence: string; of: (second: Second, storm: StormCase) => number },
): LineChart {
  return {
    ...{ kind: 'lines', id, title, sentence },
    x: { name: 'second', scale: 'linear', from: 0 },
    y: { name: unit, scale: 'linear' },
    lines: cases.map((storm) => ({
      name: caseName(storm),
      points: storm.result.seconds.map((second): Points[number] => [second.second, of(second, storm)]),
    })),
    ...{ bounds: [], spans: [], moments: [] },
  };
}

function awayChart(cases: readonly StormCase[]): LineChart {
  const each = cases.map((storm) => {
    const at = storm.result.clients?.recoveredAtSeconds.nearlyAll ?? null;
    return `${caseName(storm)}: 99% are back ${at === null ? 'at no time within the simulation' : `after ${seconds(at)}`}`;
  });
  const chart = chartOf(cases, {
    ...{ id: 'away', title: 'Clients still away', unit: 'clients' },
    sentence: `${each.join('; ')}.`.replace(/^./, (letter) => letter.toUpperCase()),
    of: ({ connected }, { spec }) => Math.max(0, (spec.clients?.count ?? 0) - connected),
  });
  // Counted at the end of each second; at the start all are.
  const lines = chart.lines.map((line, n) => ({
    ...line,
    points: [
      [0, cases[n]?.spec.clients?.count ?? 0] satisfies Points[number],
      ...line.points.map(([second, away]): Points[number] => [second + 1, away]),
    ],
  }));
  return { ...chart, lines };
}

function attemptsChart(cases: readonly StormCase[]): LineChart {
  const most = cases.map((storm) => `${caseName(storm)} at most ${approx(maxOf(storm, ({ attempts }) => attempts))}`);
  const quota = cases[0]?.spec.quotas?.newConnections;
  const chart = chartOf(cases, {
    ...{ id: 'attempts', title: 'Attempts to connect, each second', unit: 'attempts/s' },
    sentence: `Attempts of each second: ${most.join('; ')}. What is above the quota’s rate is refused, and comes again.`,
    of: ({ attempts }) => attempts,
  });
  return quota === undefined
    ? chart
    : { ...chart, bounds: [{ name: 'quota: WebSocket new connections rate', value: quota.ratePerSecond }] };
}

function queueChart(cases: readonly StormCase[]): LineChart {
  const [storm] = cases as [StormCase];
  return chartOf(cases, {
    ...{ id: 'queue', title: 'Messages in the queue', unit: 'messages' },
    sentence: `At most ${plural(
      maxOf(storm, ({ queued }) => queued),
      'message',
    )} waited in the queue.`,
    of: ({ queued }) => queued,
  });
}

function fanOutChart(cases: readonly StormCase[]): LineChart {
  const quota = cases[0]?.spec.quotas?.accountThrottle;
  const chart = chartOf(cases, {
    ...{ id: 'pushed', title: 'Pushes, each second', unit: 'pushes/s' },
    sentence: 'What of the one event went through in each second: the account’s throttle sets the pace.',
    of: ({ pushed }) => pushed,
  });
  return quota === undefined
    ? chart
    : { ...chart, bounds: [{ name: 'quota: API Gateway throttle rate', value: quota.ratePerSecond }] };
}

function concurrencyChart(cases: readonly StormCase[]): LineChart {
  const most = cases.map((storm) => `${caseName(storm)} at most ${approx(storm.result.peakConcurrency)}`);
  return chartOf(cases, {
    ...{ id: 'concurrency', title: 'Concurrent executions', unit: 'executions' },
    sentence: `Executions at a time at the end of each second. Within one there were more: ${most.join('; ')}.`,
    of: ({ concurrency }) => concurrency,
  });
}

const maxOf = ({ result }: StormCase, of: (second: Second) => number): number =>
  result.seconds.reduce((max, second) => Math.max(max, of(second)), 0);
