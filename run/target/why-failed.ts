/** Which part of a target is the reason why something else failed: one that has ended, or one that does not answer. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningTarget } from './running-target.ts';

/** An end is noticed that late: what depends on the part may fail first. */
const defaultNoticedWithinMs = 2_000;
/** Nothing of a local target computes for so long between two looks at its messages, however busy the machine is. */
const defaultAnswersWithinMs = 30_000;

/** A sentence that names the part, without its full stop; null when all of it is up and answers, as far as is known. */
export async function whyTargetFailed(
  target: Pick<RunningTarget, 'ended' | 'silentParts'>,
  limits: { noticedWithinMs?: number; answersWithinMs?: number } = {},
): Promise<string | null> {
  const { noticedWithinMs = defaultNoticedWithinMs, answersWithinMs = defaultAnswersWithinMs } = limits;
  const timer = new AbortController();
  const notNoticed = sleep(noticedWithinMs, null, { signal: timer.signal }).catch(() => null);
  const ended = await Promise.race([target.ended, notNoticed]);
  timer.abort();
  if (ended !== null) return ended.reason;
  const silent = (await target.silentParts?.(answersWithinMs)) ?? [];
  if (silent.length === 0) return null;
  const [names, verb] = [silent.join(', '), silent.length === 1 ? 'does' : 'do'];
  return `${names} of the local target ${verb} not answer: suspended, or in an endless loop`;
}
