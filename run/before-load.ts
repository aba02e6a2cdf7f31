/** What a target says before the load: of what it says afterwards, this is not the run's. */
import { readFailures } from '../metrics/own-failures.ts';
import { type QueuesBefore, readQueuesBefore } from '../metrics/queues.ts';
import type { MeasuredTarget, TargetFailures } from '../record/target.ts';
import { CrashError, messageOf } from './errors.ts';
import type { RunningTarget } from './target/running-target.ts';
import { whyTargetFailed } from './target/why-failed.ts';

export interface BeforeLoad {
  queuesBefore: QueuesBefore;
  /** Null: it does not say. */
  failuresBefore: TargetFailures | null;
}

/** `inside` null: nothing is known of it. @throws CrashError with the part of the target that is the reason, and the signal's reason when it aborts. */
export async function readBeforeLoad(
  inside: MeasuredTarget | null,
  { target, signal }: { target: RunningTarget; signal: AbortSignal },
): Promise<BeforeLoad> {
  if (inside === null) return { queuesBefore: { deadLettered: 0, waiting: 0 }, failuresBefore: null };
  const queuesBefore = await readQueuesBefore(inside, signal).catch(async (cause: unknown) => {
    signal.throwIfAborted();
    throw new CrashError((await whyTargetFailed(target)) ?? messageOf(cause), { cause });
  });
  return { queuesBefore, failuresBefore: await readFailures(inside, signal) };
}
