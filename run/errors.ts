/** What can go wrong with a run, by kind: the command turns each kind into an exit code. The message is for the user: what, where, and what next. */

/** The caller asked for something impossible. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly kind = 'usage';
}

/** A part (target, Artillery, collector) failed. */
export class CrashError extends Error {
  override readonly name = 'CrashError';
  readonly kind = 'crash';
}

/** What was recorded is damaged: nothing can be said from it. */
export class DamagedError extends Error {
  override readonly name = 'DamagedError';
  readonly kind = 'damaged';
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
