/** The numbers of a run that are compared with another's. Pure. */
import type { Workload } from '../../../record/workload.ts';
import type { Report } from '../../report.ts';
import type { LatencyRow, PercentileMs } from '../latency.ts';
import type { MeasureGroup } from './groups.ts';

export interface Measure {
  /** The same in every run, as in `roundTrip.p99`. */
  id: string;
  group: MeasureGroup;
  name: string;
  unit: string;
  /** Which way is for the better. */
  better: 'lower' | 'higher';
  /** Null: the run has none, as a percentile that lies among what failed. */
  value: number | null;
}

export function measuresOf(report: Report): Measure[] {
  return [
    ...latencies(report),
    ...routeLatencies(report),
    ...throughputs(report),
    ...coefficients(report),
    ...headrooms(report),
    ...costs(report),
  ];
}

function latencies({ latency }: Report): Measure[] {
  return latency
    .filter(({ kind }) => kind === 'latency')
    .flatMap((row: LatencyRow) => {
      const summary = row.steady ?? row.run;
      if (summary === null) return [];
      return (['p50', 'p90', 'p99'] as const).flatMap((percentile): Measure[] => {
        const value = summary[percentile];
        if (value.tooFewSamples && percentile === 'p99') return [];
        return [
          {
            id: `${row.id}.${percentile}`,
            ...{ group: 'latency', name: `${row.name} ${percentile}`, unit: 'ms', better: 'lower' },
            value: msOf(value),
          },
        ];
      });
    });
}

/** Of several messages or URLs of webhooks, each. */
function routeLatencies({ routes }: Report): Measure[] {
  return routes.flatMap((route) =>
    route.latency.flatMap(({ id, name, steady }) =>
      (['p50', 'p95', 'p99'] as const).flatMap((percentile): Measure[] => {
        const value = steady?.[percentile];
        if (value === undefined || (value.tooFewSamples && percentile !== 'p50')) return [];
        return [
          {
            id: `routes.${route.name}.${id}.${percentile}`,
            ...{ group: 'latency', name: `${name} ${percentile} of ${route.name}`, unit: 'ms', better: 'lower' },
            value: msOf(value),
          },
        ];
      }),
    ),
  );
}

const msOf = (percentile: PercentileMs): number | null => (percentile.kind === 'value' ? percentile.ms : null);

function throughputs({ ledger, run: { workload } }: Report): Measure[] {
  if (ledger === null) return [];
  const { messages, webhooks, connects, pushes } = ledger;
  const rate = (id: string, name: string, count: number | undefined, intended: number): Measure[] =>
    intended === 0
      ? []
      : [{ id, group: 'throughput', name, unit: '/s', better: 'higher', value: perSecond(count ?? 0, workload) }];
  return [
    ...rate('messages.answered', 'messages answered', messages.outcomes.answered, messages.intended),
    ...rate('webhooks.accepted', 'webhooks accepted', webhooks.outcomes.accepted, webhooks.intended),
    ...rate('pushes.delivered', 'pushes delivered', pushes.delivered, pushes.expected),
    ...(connects.intended === 0
      ? []
      : [
          {
            ...({
              id: 'connects.opened',
              group: 'throughput',
              name: 'connects opened',
              unit: 'share',
              better: 'higher',
            } as const),
            value: (connects.outcomes.opened ?? 0) / connects.intended,
          },
        ]),
  ];
}

/** All of it is due in the steady state. */
const perSecond = (count: number, { steadySeconds }: Workload): number => count / steadySeconds;

/** Every coefficient that the run measured, whatever their arrangement: a value with its unit and method. */
function coefficients({ coefficients: all }: Report): Measure[] {
  if (all === null) return [];
  return leaves(all, []).flatMap(({ path, value, unit }): Measure[] => [
    { id: `coefficients.${path.join('.')}`, group: 'coefficients', name: wordsOf(path), unit, better: 'lower', value },
  ]);
}

interface Leaf {
  path: string[];
  value: number;
  unit: string;
}

function leaves(node: unknown, path: readonly string[]): Leaf[] {
  if (typeof node !== 'object' || node === null) return [];
  if ('kind' in node && 'unit' in node && typeof node.unit === 'string')
    return 'method' in node && node.method === 'measured' && 'value' in node && typeof node.value === 'number'
      ? [{ path: [...path], value: node.value, unit: node.unit }]
      : [];
  return Object.entries(node).flatMap(([key, inner]) => leaves(inner, [...path, key]));
}

const inWords: Readonly<Record<string, string>> = { busySeconds: 'busy time', p99Seconds: 'p99 duration' };

const split = (key: string): string =>
  inWords[key] ??
  key.replaceAll(/([a-z0-9])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`);

/** `['functions', 'Say', 'busySeconds', 'message']` → "busy time of Say, per message"; of another arrangement its keys. */
export function wordsOf(path: readonly string[]): string {
  const [kind = '', id, what, unit] = path;
  if (id === undefined || what === undefined || path.length > 4) return path.map(split).join(', ');
  if (kind === 'queues' && unit === undefined) return `messages of ${id}, per ${split(what)}`;
  return `${split(what)} of ${id}${unit === undefined ? '' : `, per ${split(unit)}`}`;
}

/** Of the plan today, every quota that its load uses. Which of them are compared is decided over the runs of both sides. */
function headrooms({ headroom }: Report): Measure[] {
  return headroom.flatMap(({ quotaId, name, grows, fixed, today }): Measure[] =>
    today.kind === 'value' && grows && !fixed
      ? [
          {
            ...{ group: 'headroom', unit: 'of the quota', better: 'lower' },
            ...{ id: `headroom.${quotaId}`, name, value: today.utilisation },
          },
        ]
      : [],
  );
}

function costs({ cost }: Report): Measure[] {
  return [cost[0], cost.length > 1 ? cost.at(-1) : undefined].flatMap((day): Measure[] =>
    day === undefined
      ? []
      : [
          {
            id: day === cost[0] ? 'cost.today' : 'cost.horizon',
            ...{ group: 'cost', name: `cost, ${day.label}`, unit: 'USD a month', better: 'lower' },
            value: day.cost.usdPerMonth,
          },
        ],
  );
}
