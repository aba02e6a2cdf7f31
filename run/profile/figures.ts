/** The figures of a profile, from its phases and trials. Pure. */
import { loadKinds } from '../../capacity/demand/coefficients.ts';
import type { Profile } from '../../capacity/profile/profile.ts';
import type { UnitCost } from '../../capacity/profile/unit-cost.ts';
import type { Observation } from '../../record/observation.ts';
import type { RecordedFigure } from '../../record/profile.ts';
import { maxOfSeries, numberOf } from '../../reports/analysis/series.ts';
import { figureOf } from './stretches.ts';

/** What a message or webhook of another route costs, by figure. */
export interface OtherRoute {
  kind: 'message' | 'webhook';
  /** Of {@link namesOfOthers}. */
  route: string;
  costs: ReadonlyMap<string, UnitCost>;
}

export function figuresOf({ costs, sums }: Profile, others: readonly OtherRoute[]): RecordedFigure[] {
  const keys = [...new Set([...costs.values()].flatMap((figures) => [...figures.keys()]))];
  return keys.map((key) => {
    const of = (name: string, cost: UnitCost | undefined): [string, UnitCost][] =>
      cost === undefined ? [] : [[name, cost]];
    const { figure: _, ...mixed } = sums.find(({ figure }) => figure === key) ?? {};
    return {
      ...figureOf(key),
      costs: Object.fromEntries([
        ...loadKinds.flatMap((kind) => of(kind, costs.get(kind)?.get(key))),
        ...others.flatMap((other) => of(`${other.kind} ${other.route}`, other.costs.get(key))),
      ]),
      mixed: 'expected' in mixed ? mixed : null,
    };
  });
}

/**
 * A name for each message, or webhook, besides the plan's own: its route, or its number where that is not known; one that repeats has a number behind it.
 * `ofPlan`: the route of the plan's own, whose name is taken.
 */
export function namesOfOthers(routes: readonly (string | null)[], ofPlan: string | null): string[] {
  const taken = new Set<string>(ofPlan === null ? [] : [ofPlan]);
  return routes.map((route, n) => {
    const own = route ?? String(n + 2);
    let name = own;
    for (let repeat = 2; taken.has(name); repeat++) name = `${own} ${repeat}`;
    taken.add(name);
    return name;
  });
}

type Observed = readonly { observation: Observation }[];

/** In a phase; null: it never ran. */
export function longestP99(id: string, made: Observed): number | null {
  const each = made.flatMap(({ observation }) => {
    const p99 = numberOf(maxOfSeries(observation.server, `lambda.${id}.duration.p99.window`));
    return p99 === null ? [] : [p99];
  });
  return each.length === 0 ? null : Math.max(...each);
}

export function answeredShareOf(made: Observed): number | null {
  const [sent, answered] = (['messagesSent', 'messagesAnswered'] as const).map((name) =>
    made.reduce((sum, { observation: { client } }) => sum + client.totals[name], 0),
  );
  return sent ? (answered ?? 0) / sent : null;
}

export function frameBytesOf(made: Observed): number | null {
  const total = made.reduce(
    (sum, { observation: { client } }) => {
      const { bytesReceived, messagesAnswered, pushesDelivered, ...others } = client.totals;
      const { pushesDuplicate, pushesUnexpected, pushesMisdelivered } = others;
      const frames = messagesAnswered + pushesDelivered + pushesDuplicate + pushesUnexpected + pushesMisdelivered;
      return { bytes: sum.bytes + bytesReceived, frames: sum.frames + frames };
    },
    { bytes: 0, frames: 0 },
  );
  return total.frames > 0 ? total.bytes / total.frames : null;
}
