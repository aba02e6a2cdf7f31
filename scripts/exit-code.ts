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
