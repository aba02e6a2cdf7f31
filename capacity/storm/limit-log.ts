/** How often, and in how many seconds, each limit was reached. */
import type { QuotaId } from '../../aws/quotas/table.ts';
import type { LimitUse } from './spec.ts';

interface Use extends LimitUse {
  lastSecond: number;
}

export class LimitLog {
  /** All of them together. */
  total = 0;
  #uses = new Map<QuotaId, Use>();
  // Nearly always the same limit refuses thousands of times in a row.
  #latest: Use | null = null;

  note(limit: QuotaId, nowMs: number, refusals = 1): void {
    const use = this.#latest?.limit === limit ? this.#latest : this.#useOf(limit);
    const second = Math.floor(nowMs / 1_000);
    use.refusals += refusals;
    this.total += refusals;
    if (use.lastSecond === second) return;
    use.lastSecond = second;
    use.seconds += 1;
  }

  /** Longest reached first; in a tie, the one that refused more. */
  get uses(): LimitUse[] {
    return [...this.#uses.values()]
      .map(({ limit, refusals, seconds }) => ({ limit, refusals, seconds }))
      .toSorted((a, b) => b.seconds - a.seconds || b.refusals - a.refusals);
  }

  #useOf(limit: QuotaId): Use {
    const use = this.#uses.get(limit) ?? { limit, refusals: 0, seconds: 0, lastSecond: -1 };
    this.#uses.set(limit, use);
    this.#latest = use;
    return use;
  }
}
