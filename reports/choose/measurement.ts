/** What `loadline choose --measure` did. */
import type { VariantName } from '../../capacity/servers/variants.ts';
import type { VerdictStatus } from '../analysis/verdict.ts';

/** How the variants were measured by one command. */
export interface Measurement {
  /** ISO 8601, UTC. */
  startedAt: string;
  endedAt: string;
  /** Processes that wanted a core of this machine as it began, over its cores; what else ran here is in the results. */
  busyShare: number;
  steps: MeasuredStepReport[];
}

export interface MeasuredStepReport {
  variant: VariantName;
  step: 'load' | 'webhooks' | 'costs';
  seconds: number;
  result:
    | { kind: 'measured' | 'reused'; id: string; status: VerdictStatus; sentence: string }
    | { kind: 'failed'; sentence: string }
    | { kind: 'interrupted' };
}
