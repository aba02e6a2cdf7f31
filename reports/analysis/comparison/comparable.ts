/** What of two runs must be alike so that a difference of their numbers says something of what was changed. Pure. */
import type { RunRecord, SentRoutes } from '../../../record/run.ts';
import { percent } from '../numbers.ts';

/** `refused`: runs that differ in it are not compared, unless that is asked for. `shown`: it is what a comparison is often about. */
export interface Difference {
  what: 'target' | 'scenario' | 'load' | 'plan' | 'machine' | 'settings' | 'commit' | 'version';
  weight: 'refused' | 'shown';
  /** As in `cores`; empty: the whole of it. */
  field: string;
  before: string;
  after: string;
}

type Part = Pick<Difference, 'what' | 'weight'> & { of: (run: RunRecord) => unknown };

/** What headroom and cost follow from. A plan of another name with the same numbers is the same. */
const planOf = ({ plan: { name: _name, ...numbers } }: RunRecord): unknown => numbers;

const parts: readonly Part[] = [
  { what: 'target', weight: 'refused', of: targetOf },
  { what: 'scenario', weight: 'refused', of: ({ scenario, variables }) => ({ '': nameOf(scenario), ...variables }) },
  // Another seed draws other arrivals of the same load.
  {
    what: 'load',
    weight: 'refused',
    of: ({ workload: { seed: _seed, ...load }, workers }) => ({ ...load, workers: workers?.count ?? null }),
  },
  { what: 'plan', weight: 'refused', of: planOf },
  { what: 'machine', weight: 'refused', of: ({ machine }) => machine },
  { what: 'settings', weight: 'shown', of: ({ settings }) => settings },
  { what: 'version', weight: 'shown', of: ({ loadlineVersion }) => loadlineVersion },
  { what: 'commit', weight: 'shown', of: ({ commit }) => commit },
];

/** In the order of their weight for the reader; empty: they are alike. */
export function differencesOf(before: RunRecord, after: RunRecord): Difference[] {
  const found = parts.flatMap(({ what, weight, of }) =>
    fieldsThatDiffer(of(before), of(after), '').map((each): Difference => ({ what, weight, ...each })),
  );
  // Older runs do not say what they sent.
  if (!before.routes || !after.routes) return found;
  const mixes = fieldsThatDiffer(mixOf(before.routes), mixOf(after.routes), '');
  return [...found, ...mixes.map((each): Difference => ({ what: 'load', weight: 'refused', ...each }))];
}

/** How often each route is taken: `send 75%, leave 25%`. */
function mixOf({ message, webhook }: SentRoutes): Record<string, string> {
  const of = (routes: SentRoutes['message']) => {
    const all = routes.reduce((sum, { weight }) => sum + weight, 0);
    return routes
      .map(({ name, weight }) => (routes.length === 1 ? name : `${name} ${percent(weight / all)}`))
      .join(', ');
  };
  return { messages: of(message), webhooks: of(webhook) };
}

/** Not the ports of a local target, which are others each time, and not what was counted of its faults. */
function targetOf({ target: { kind, region, webSocketUrl, graph, model } }: RunRecord): unknown {
  const host =
    kind === 'endpoint' && webSocketUrl !== null && URL.canParse(webSocketUrl) ? new URL(webSocketUrl).host : null;
  const { latencyProfile, limits, quotaScale, timeScale, faults } = model ?? {};
  return {
    ...{ kind, region, host, stack: graph?.stackName ?? null },
    ...{ latencyProfile: latencyProfile?.name ?? null, quotaScale, timeScale },
    limits: (limits ?? []).map(({ name, value }) => `${name}=${value}`).join(', '),
    faults: (faults ?? []).map(faultName).join(', '),
  };
}

const faultName = (fault: object): string => ('name' in fault ? String(fault.name) : JSON.stringify(fault));

const nameOf = (scenario: string): string => scenario.split('/').at(-1) ?? scenario;

function fieldsThatDiffer(
  before: unknown,
  after: unknown,
  field: string,
): Pick<Difference, 'field' | 'before' | 'after'>[] {
  if (isKeyed(before) && isKeyed(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => fieldsThatDiffer(before[key], after[key], [field, key].filter(Boolean).join('.')));
  }
  const [left, right] = [shown(before), shown(after)];
  return left === right ? [] : [{ field, before: left, after: right }];
}

const isKeyed = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const shown = (value: unknown): string =>
  value === undefined || value === null || value === ''
    ? 'none'
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);
