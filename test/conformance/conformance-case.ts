/** The check of one row. */
import type { Subject } from './subject.ts';
import type { TargetNeed } from './target-need.ts';

export interface ConformanceCase {
  /** Id of the row. */
  row: string;
  /** Default: the main variant with AWS's limits. */
  target?: TargetNeed;
  /** Takes more than a few seconds: skipped by `--fast`. */
  slow?: true;
  /** Runs exclusively: it counts, or it exhausts a quota. */
  alone?: true;
  /** Rejects with the expected and the actual result. */
  check: (subject: Subject) => Promise<void>;
}
