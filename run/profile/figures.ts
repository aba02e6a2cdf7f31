/** The figures of a profile, from its phases and trials. Pure. */
import type { askedCosts } from '../../capacity/profile/asked-costs.ts';
import type { Profile } from '../../capacity/profile/profile.ts';
import type { Observation } from '../../record/observation.ts';
import type { RecordedFigure } from '../../record/profile.ts';
import { maxOfSeries, numberOf } from '../../reports/analysis/series.ts';
import { figureOf } from './stretches.ts';

export function figuresOf(
  { costs, sums }: Profile,
  asked: ReturnType<typeof askedCosts> = new Map(),
): RecordedFigure[] {
  const keys = [...new Set([...[...costs.values()].flatMap((figures) => [...figures.keys()]), ...asked.keys()])];
  return keys.map((key) => {
    const { figure: _, ...mixed } = sums.find(({ figure }) => figure === key) ?? {};
    return {
      ...figureOf(key),
      costs: {
        ...Object.fromEntries(
          [...costs].flatMap(([name, figures]) => {
            const cost = figures.get(key);
            return cost === undefined ? [] : [[name, cost]];
          }),
        ),
        ...asked.get(key),
      },
      mixed: 'expected' in mixed ? mixed : null,
    };
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
