/** A time limit for one piece of work among many that go on at the same time. */
import { setMaxListeners } from 'node:events';
import type { TimeBudget } from '../domain/pushing/time-budget.ts';

/** The signal is made only when somebody wants it: most messages push nothing. */
export function workBudget(limitMs: number, nowMs: () => number = () => performance.now()): TimeBudget {
  const endsAtMs = nowMs() + limitMs;
  let signal: AbortSignal | undefined;
  const leftMs = () => endsAtMs - nowMs();
  return {
    leftMs,
    get signal() {
      if (signal === undefined) {
        signal = AbortSignal.timeout(Math.max(0, Math.ceil(leftMs())));
        setMaxListeners(0, signal);
      }
      return signal;
    },
  };
}
