/** What the command's exit code says. Documented in the README; scripts and CI jobs rely on it. */
export const exitCode = {
  ok: 0,
  sloBroken: 1,
  usage: 2,
  invalid: 3,
  crashed: 4,
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** The caller asked for something that cannot be: exit code 2, its message on stderr, no stack trace. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** A part (target, Artillery, collector) failed: exit code 4, its message on stderr. */
export class CrashError extends Error {
  override name = 'CrashError';
}
