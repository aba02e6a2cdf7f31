/** The times of the queue, by what empties it: a function with an event source, or the tasks of a service. */
import type { z } from 'zod';

interface Consumer {
  compute: 'lambda' | 'server';
  ingest: string;
  server: { deliverTimeoutSeconds: number };
  functions: { deliver: { timeoutSeconds: number } };
}
interface Queue {
  batchWindowSeconds: number;
  visibilityTimeoutSeconds?: number | undefined;
  maxReceiveCount?: number | undefined;
}

/** A claim of a task outlives its batch by 2 s (handlers/server/task-parts.ts), and ends before the message is visible again. */
const leaseMarginSeconds = 3;

const usualVisibility = (deliverTimeoutSeconds: number): number =>
  Math.max(2 * deliverTimeoutSeconds, deliverTimeoutSeconds + leaseMarginSeconds);

/** Messages of a task that has died come back sooner than those of a function, and so may come back more often. */
export function withQueueTimes<Given extends Queue>({ compute, server, queue }: Consumer & { queue: Given }) {
  const usual =
    compute === 'server'
      ? { visibilityTimeoutSeconds: usualVisibility(server.deliverTimeoutSeconds), maxReceiveCount: 30 }
      : { visibilityTimeoutSeconds: 181, maxReceiveCount: 5 };
  const { visibilityTimeoutSeconds = usual.visibilityTimeoutSeconds, maxReceiveCount = usual.maxReceiveCount } = queue;
  return { ...queue, visibilityTimeoutSeconds, maxReceiveCount };
}

/** A batch is to be over before its messages are visible again; and the tasks of a service take the webhooks themselves. */
export function checkConsumer(
  { compute, ingest, server, functions, queue }: Consumer & { queue: Required<Queue> },
  context: z.RefinementCtx,
): void {
  const isServer = compute === 'server';
  const { deliverTimeoutSeconds } = server;
  const { timeoutSeconds } = functions.deliver;
  const floor = isServer ? deliverTimeoutSeconds + leaseMarginSeconds : 6 * timeoutSeconds + queue.batchWindowSeconds;
  if ((queue.visibilityTimeoutSeconds ?? 0) < floor)
    context.addIssue({
      code: 'custom',
      path: ['queue', 'visibilityTimeoutSeconds'],
      message: isServer
        ? `must be at least ${floor}: the server's deliverTimeoutSeconds (${deliverTimeoutSeconds} s) + ${leaseMarginSeconds} s`
        : `must be at least ${floor}: 6 × the deliver timeout (${timeoutSeconds} s) + the batch window`,
    });
  if (isServer && ingest !== 'lambda')
    context.addIssue({
      code: 'custom',
      path: ['ingest'],
      message: 'is of functions: with compute server, its tasks take the webhooks. Leave it out',
    });
}
