/**
 * CPU in proportion to memory, modelled: a function under 1,769 MB has that share of one vCPU, so work that took c ms of CPU time here
 * takes c × 1,769 / memory there. Source of the figure: Lambda developer guide, "Configure Lambda function memory", read November 2026.
 * Holds for what is computed in the handler's own thread; waiting is not stretched, several vCPUs (over 1,769 MB) are not modelled, and the
 * processor is this machine's, not AWS's.
 */
const oneCpuMb = 1_769;

/** For each millisecond of processor time, how long to pause. */
export const pausePerCpuMs = (memoryMb: number): number => Math.max(0, oneCpuMb / memoryMb - 1);

/** Processor time of this thread so far, in ms. Before Node 23.9 this is not available: the event loop's busy time is used instead. */
export function threadCpuMs(): number {
  if (typeof process.threadCpuUsage !== 'function') return performance.eventLoopUtilization().active;
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
