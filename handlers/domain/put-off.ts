/** When a message that is kept on purpose is received again. */

/** Before the second receipt, in seconds; twice as long before each further one: 8, 16, 32. */
const baseSeconds = 8;
/**
 * Receipts that are followed by another one soon. The queue gives a message up after five (maxReceiveCount, at least 5), so the last ones
 * keep its whole visibility timeout between them, as those of failed messages do.
 */
const soonReceipts = 3;

/**
 * In how many whole seconds, or null: after the queue's own visibility timeout. `receipts`: how often it was received, this time included.
 * Half of the wait is random ("equal jitter": M. Brooker, Exponential Backoff And Jitter, AWS Architecture Blog, 2015). All three last 28 s at
 * least, and each receipt pushes for 3.2 s on average (push-to-audience.ts): whatever handshake it was has ended by the fourth (32 s).
 */
export function putOffSeconds(receipts: number, random: () => number): number | null {
  if (!(receipts >= 1 && receipts <= soonReceipts)) return null;
  const longest = baseSeconds * 2 ** (receipts - 1);
  return Math.ceil(longest / 2 + (random() * longest) / 2);
}
