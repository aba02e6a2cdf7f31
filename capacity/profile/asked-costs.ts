/** What requests of tabs over HTTP cost each resource, from a phase in which there is nothing else. Pure. */
import type { AskKind } from '../demand/coefficients.ts';
import type { LoadPhase, Stretch } from './profile.ts';
import { type UnitCost, unitCost } from './unit-cost.ts';

/**
 * By figure, as `lambda.fallback.durationMs`. All are reads of events but the first request of each tab, and a stack does not tell them apart: a table is read for
 * events alone, and of everything else each request has the mean. A first read costs what a poll does.
 */
export function askedCosts({
  whole,
  batches,
}: Pick<LoadPhase, 'whole' | 'batches'>): Map<string, Partial<Record<AskKind, UnitCost>>> {
  const costs = new Map<string, Partial<Record<AskKind, UnitCost>>>();
  if ((whole.asks?.polls ?? 0) === 0) return costs;
  for (const figure of whole.use.keys()) {
    const isTable = figure.startsWith('dynamodb.');
    const of = ({ asks = { polls: 0, stageReads: 0 }, use }: Stretch) => ({
      // The first read of each tab says from when on, and reads nothing; as many as there are reads of the stage, one as each is opened.
      units: isTable ? Math.max(0, asks.polls - asks.stageReads) : asks.polls + asks.stageReads,
      use: use.get(figure) ?? 0,
    });
    const cost = unitCost(of(whole), batches.map(of));
    costs.set(figure, { poll: cost, firstRead: cost, ...(!isTable && { stageRead: cost }) });
  }
  return costs;
}
