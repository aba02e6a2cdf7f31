import type { LimitsInput } from '../../local/start.ts';
import type { Variant } from './stack/settings.ts';

/** What a case needs to run against. Cases with equal needs share one target. */
export interface TargetNeed {
  variant: Variant;
  /** Other limits than the defaults: on this machine only. */
  limits?: LimitsInput;
}
