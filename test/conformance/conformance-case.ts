/** How one row is checked. */
import type { LimitsInput } from '../../local/quota/limits.ts';
import type { Variant } from './stack/settings.ts';
import type { Subject } from './subject.ts';

/** What a case needs to run against. Cases with equal needs share one target. */
export interface TargetNeed {
  variant: Variant;
  /** Other limits than the defaults: on this machine only. */
  limits?: LimitsInput;
}

export interface ConformanceCase {
  /** Id of the row. */
  row: string;
  /** Default: the main variant with AWS's limits. */
  target?: TargetNeed;
  /** Takes more than a few seconds: runs in the command and in CI, not in `npm test`. */
  slow?: true;
  /** Runs while no other case does: it counts, or it fills a quota. */
  alone?: true;
  /** Rejects with what was expected and what came. */
  check: (subject: Subject) => Promise<void>;
}
