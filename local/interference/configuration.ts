/** What a process of the target is told of the latencies and faults that it is to add. */
import type { SetFault } from './faults.ts';
import type { LatencyProfile } from './latency-profile.ts';

export interface InterferenceConfiguration {
  latency: LatencyProfile;
  /** Of the latencies, and of every fault without a seed of its own. */
  seed: number;
  faults: readonly SetFault[];
}
