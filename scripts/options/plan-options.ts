/** Options of `loadline plan`, parsed. */
import type { PlannedStackOptions } from '../../run/target/planned-stack.ts';

export interface PlanOptions extends PlannedStackOptions {
  settings?: string;
  run?: string;
  profile?: string;
  quota?: Record<string, number>;
  quotas?: string[];
  messageRoute?: Record<string, number>;
  webhookRoute?: Record<string, number>;
  prices?: string;
  freeTier?: boolean;
  report?: string;
  json?: boolean;
}
