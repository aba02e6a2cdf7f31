/** What the command's exit code says. Documented in the README; scripts and CI jobs rely on it. */
import type { VerdictStatus } from '../reports/analysis/verdict.ts';

export const exitCode = {
  ok: 0,
  sloBroken: 1,
  usage: 2,
  invalid: 3,
  crashed: 4,
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** Exit code of a run: a partial one was interrupted, or a part of it crashed. */
export function exitCodeOfRun(status: VerdictStatus, outcome: { kind: string }): ExitCode {
  if (status === 'partial') return outcome.kind === 'interrupted' ? exitCode.interrupted : exitCode.crashed;
  return exitCode[status];
}
