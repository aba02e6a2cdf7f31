/** The latencies and faults that a process of the target adds. */
import type { SetFault } from './faults.ts';
import type { LatencyProfile } from './latency-profile.ts';

export interface InterferenceConfiguration {
  latency: LatencyProfile;
  /** Of the latencies, and of every fault without its own seed. */
  seed: number;
  faults: readonly SetFault[];
}
