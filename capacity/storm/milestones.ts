/** When 50%, 90%, 99% and all of a number were reached. */
import type { Milestones } from './spec.ts';

export class MilestoneLog {
  #marks: { rank: number; atSeconds: number | null }[];

  constructor(count: number) {
    this.#marks = [0.5, 0.9, 0.99, 1].map((share) => ({ rank: Math.ceil(share * count), atSeconds: null }));
  }

  /** So many are reached; `atMs` is never before that of the call before. */
  reached(total: number, atMs: number): void {
    for (const mark of this.#marks) if (mark.atSeconds === null && total >= mark.rank) mark.atSeconds = atMs / 1_000;
  }

  result(): Milestones {
    const [half = null, most = null, nearlyAll = null, all = null] = this.#marks.map(({ atSeconds }) => atSeconds);
    return { half, most, nearlyAll, all };
  }
}
