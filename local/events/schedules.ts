/** Schedules of EventBridge: rules that are due at a rate, from when the target is up, or by a cron expression in UTC. Source: EventBridge user guide, read November 2026. */
import { longestTimerMs } from '../process/sleep.ts';
import { nextDueMs } from '../template/events/cron.ts';
import type { RuleModel } from '../template/events/rule.ts';

interface Options {
  fire: (rule: RuleModel) => void;
  /** Milliseconds since the epoch. */
  nowMs: () => number;
}

/** Until the returned function is called. */
export function startSchedules(rules: readonly RuleModel[], { fire, nowMs }: Options): () => void {
  const stops = rules
    .filter(({ isEnabled, schedule }) => isEnabled && schedule !== null)
    .map((rule) => {
      const startMs = nowMs();
      return repeat(
        (n) => dueMs(rule.schedule, { startMs, n, nowMs: nowMs() }),
        () => fire(rule),
        nowMs,
      );
    });
  return () => {
    for (const stop of stops) stop();
  };
}

/** When it is due for the n-th time, from 1; null: never again. */
function dueMs(
  schedule: RuleModel['schedule'],
  { startMs, n, nowMs }: { startMs: number; n: number; nowMs: number },
): number | null {
  if (schedule === null) return null;
  return schedule.kind === 'rate' ? startMs + n * schedule.everyMs : nextDueMs(schedule.fields, nowMs);
}

/** Runs it each time that it is due, however far that is. Returns what ends it. */
function repeat(dueAt: (n: number) => number | null, run: () => void, nowMs: () => number): () => void {
  let timer: NodeJS.Timeout | undefined;
  const waitUntil = (due: number | null, n: number) => {
    if (due === null) return;
    const leftMs = due - nowMs();
    timer = setTimeout(
      () => {
        if (nowMs() < due) return waitUntil(due, n);
        waitUntil(dueAt(n + 1), n + 1);
        run();
      },
      Math.max(0, Math.min(leftMs, longestTimerMs)),
    );
  };
  waitUntil(dueAt(1), 1);
  return () => clearTimeout(timer);
}
