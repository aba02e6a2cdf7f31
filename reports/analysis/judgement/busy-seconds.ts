/** CPU time of the generator's threads over the seconds of a run. Pure. */
import type { ClientSecond } from '../../../record/observation.ts';

/** Mean share of a core that a fleet's thread used; null without a measurement. */
export function cpuShareOf(seconds: readonly ClientSecond[]): number | null {
  const used = seconds.reduce((sum, { counters }) => sum + counters.threadCpuMicros, 0);
  const elapsed = seconds.reduce((sum, { counters }) => sum + counters.threadElapsedMicros, 0);
  return elapsed > 0 ? used / elapsed : null;
}

/** How many seconds in a row, up to and including each second, lie above a share of a core. */
export function busyStretches(seconds: readonly ClientSecond[], share: number): number[] {
  let current = 0;
  return seconds.map((second) => {
    current = (cpuShareOf([second]) ?? 0) > share ? current + 1 : 0;
    return current;
  });
}

export const longestBusyStretch = (seconds: readonly ClientSecond[], share: number): number =>
  busyStretches(seconds, share).reduce((longest, each) => Math.max(longest, each), 0);
