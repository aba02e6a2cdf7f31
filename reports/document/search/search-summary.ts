/** What a search found, as data: whatever is said or drawn of it. */
import type { Bottleneck } from '../../../capacity/search/bottleneck.ts';
import type { Sustained } from '../../../capacity/search/sustained.ts';

export interface SearchSummary {
  target: 'local' | 'aws' | 'endpoint';
  unit: string;
  kind: 'found' | 'interrupted';
  lower: number;
  upper: number | null;
  /** Largest load that was to be tried. */
  max: number;
  bottleneck: Bottleneck | null;
  sustained: Sustained | null;
  trials: readonly Trial[];
  /** Seconds of steady state in a trial. */
  steadySeconds: number;
  /** Where and when; absent where only the terminal is told. */
  about?: SearchAbout;
}

interface SearchAbout {
  searchId: string;
  loadlineVersion: string;
  scenario: string;
  startedAt: string;
  endedAt: string | null;
}

export interface Trial {
  load: number;
  purpose: string;
  passed: boolean;
  sentence: string;
  /** Run folder, from the search’s. */
  folder?: string;
  /** Of its steady state; null: it lies among what failed. */
  latencies?: readonly TrialLatency[];
}

export interface TrialLatency {
  id: string;
  name: string;
  p50Ms: number | null;
  p99Ms: number | null;
  /** Of the objective; null: the plan has none. */
  sloP99Ms: number | null;
}
