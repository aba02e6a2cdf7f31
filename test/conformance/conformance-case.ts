/** How one row is checked. */
import type { Subject } from './subject.ts';
import type { TargetNeed } from './target-need.ts';

export interface ConformanceCase {
  /** Id of the row. */
  row: string;
  /** Default: the main variant with AWS's limits. */
  target?: TargetNeed;
  /** Takes more than a few seconds: `--fast` leaves it out. */
  slow?: true;
  /** Runs while no other case does: it counts, or it fills a quota. */
  alone?: true;
  /** Rejects with what was expected and what came. */
  check: (subject: Subject) => Promise<void>;
}
