/** What each resource did, a table for each kind of resource. */
import type { Cause } from '../../../graph/causes.ts';
import { approx, count, milliseconds, percent } from '../../analysis/numbers.ts';
import type { ResourceUse } from '../../analysis/resource-use.ts';
import { type Cell, figure, figureCell, type Table, words } from '../document.ts';

interface Column<Row> {
  name: string;
  value: (row: Row) => number | null;
  show?: (value: number) => string;
}

export function resourceTables({
  webSocketApis,
  httpApis,
  functions,
  queues,
  topics = [],
  eventBuses = [],
  rules = [],
  tables,
  databases,
  loadBalancers = [],
  services = [],
}: ResourceUse): Table[] {
  return [
    tableOf('web-socket-apis', 'WebSocket APIs', webSocketApis, [
      { name: 'connects', value: ({ connects }) => connects },
      { name: 'messages, both ways', value: ({ messages }) => messages },
      { name: 'integration errors', value: ({ errors }) => errors },
    ]),
    tableOf('http-apis', 'HTTP and REST APIs, and URLs of functions', httpApis, [
      { name: 'requests', value: ({ requests }) => requests },
      { name: '4xx', value: ({ clientErrors }) => clientErrors },
      { name: '5xx', value: ({ serverErrors }) => serverErrors },
      { name: 'latency p99', value: ({ p99Ms }) => p99Ms, show: milliseconds },
    ]),
    tableOf(
      'functions',
      'Functions',
      functions,
      [
        { name: 'invocations', value: ({ invocations }) => invocations },
        { name: 'errors', value: ({ errors }) => errors },
        { name: 'throttles', value: ({ throttles }) => throttles },
        { name: 'mean duration', value: ({ meanMs }) => meanMs, show: milliseconds },
        { name: 'duration p99', value: ({ p99Ms }) => p99Ms, show: milliseconds },
        { name: 'most at once', value: ({ maxConcurrency }) => maxConcurrency },
      ],
      ({ causes }) => causesInWords(causes),
    ),
    tableOf('queues', 'Queues', queues, [
      { name: 'sent', value: ({ sent }) => sent },
      { name: 'received', value: ({ received }) => received },
      { name: 'deleted', value: ({ deleted }) => deleted },
      { name: 'most waiting', value: ({ mostVisible }) => mostVisible },
      { name: 'oldest', value: ({ oldestSeconds }) => oldestSeconds, show: (value) => `${approx(value)} s` },
    ]),
    tableOf('topics', 'Topics', topics, [
      { name: 'published', value: ({ published }) => published },
      { name: 'delivered, of each subscription', value: ({ delivered }) => delivered },
      { name: 'filtered out', value: ({ filteredOut }) => filteredOut },
      { name: 'failed', value: ({ failed }) => failed },
    ]),
    tableOf('event-buses', 'Event buses', eventBuses, [
      { name: 'events that a rule matched', value: ({ matched }) => matched },
    ]),
    tableOf('rules', 'Rules of event buses', rules, [
      { name: 'events matched', value: ({ matched }) => matched },
      { name: 'invocations, of each target', value: ({ invocations }) => invocations },
      { name: 'failed', value: ({ failed }) => failed },
      { name: 'delayed by throttles', value: ({ throttled }) => throttled },
    ]),
    tableOf('tables', 'Tables and indexes', tables, [
      { name: 'read units', value: ({ readUnits }) => readUnits, show: approx },
      { name: 'write units', value: ({ writeUnits }) => writeUnits, show: approx },
      { name: 'throttled reads', value: ({ throttledReads }) => throttledReads },
      { name: 'throttled writes', value: ({ throttledWrites }) => throttledWrites },
    ]),
    tableOf('load-balancers', 'Load balancers', loadBalancers, [
      { name: 'requests and upgrades', value: ({ requests }) => requests },
      { name: 'new connections', value: ({ newConnections }) => newConnections },
      { name: 'most open, on both sides', value: ({ mostActiveConnections }) => mostActiveConnections },
      { name: 'bytes', value: ({ processedBytes }) => processedBytes },
      { name: '5xx of tasks', value: ({ serverErrors }) => serverErrors },
      { name: '5xx of its own', value: ({ ownErrors }) => ownErrors },
    ]),
    tableOf('services', 'Services of tasks', services, [
      { name: 'tasks', value: ({ tasks }) => tasks },
      {
        name: 'mean CPU of a task',
        value: ({ meanCpuPercent }) => meanCpuPercent,
        show: (value) => percent(value / 100),
      },
      { name: 'most CPU', value: ({ mostCpuPercent }) => mostCpuPercent, show: (value) => percent(value / 100) },
      {
        name: 'most memory',
        value: ({ mostMemoryPercent }) => mostMemoryPercent,
        show: (value) => percent(value / 100),
      },
      { name: 'CPU of all', value: ({ cpuSeconds }) => cpuSeconds, show: (value) => `${approx(value)} s` },
      {
        name: 'most memory of a task',
        value: ({ mostMemoryBytes }) => mostMemoryBytes,
        show: (value) => `${approx(value / 1_048_576)} MB`,
      },
    ]),
    tableOf('databases', 'Databases', databases, [
      { name: 'most connections at once', value: ({ connections }) => connections },
      { name: 'max_connections', value: ({ maxConnections }) => maxConnections },
      { name: 'most clients of its proxy', value: ({ proxyClients }) => proxyClients },
      { name: 'most lent at once', value: ({ proxyBorrowed }) => proxyBorrowed },
    ]),
  ];
}

/** "connects", "messages ping, publish", "POST /orders": without the API, which its table names. */
function causesInWords(causes: readonly Cause[]): string {
  const routes = causes.flatMap((cause) => (cause.kind === 'message' ? [cause.route] : []));
  const requests = causes.flatMap((cause) => (cause.kind === 'request' ? [cause.route] : []));
  const has = (kind: Cause['kind']) => causes.some((cause) => cause.kind === kind);
  return [
    ...(has('connect') ? ['connects'] : []),
    ...(has('disconnect') ? ['disconnects'] : []),
    ...(routes.length > 0 ? [`messages ${routes.join(', ')}`] : []),
    ...requests,
  ].join('; ');
}

function tableOf<Row extends { id: string }>(
  id: string,
  what: string,
  all: readonly Row[],
  columns: readonly Column<Row>[],
  detailOf?: (row: Row) => string,
): Table {
  return {
    id: `use-of-${id}`,
    caption: `${what}: what CloudWatch counted in the run`,
    columns: [
      words('logical id'),
      ...(detailOf ? [words('caused by')] : []),
      ...columns.map(({ name }) => figure(name)),
    ],
    rows: all.map((row): Cell[] => [
      { text: row.id },
      ...(detailOf ? [{ text: detailOf(row) }] : []),
      ...columns.map(({ value, show = count }) => figureCell(value(row), show, 'no data')),
    ]),
    notes: [],
  };
}
