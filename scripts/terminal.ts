/** The surroundings of a command: where its output goes, and how the process ends. A test supplies its own. */
import type { ExitCode } from './exit-code.ts';

export interface Terminal {
  /** Data, a line or more: stdout. */
  print(text: string): void;
  /** A message, one line: stderr. */
  say(line: string): void;
  /** The exit code of a command that ends without an error; without a call it is 0. */
  endWith(code: ExitCode): void;
  environment: NodeJS.ProcessEnv;
}

/** The process's own. */
export const processTerminal = (): Terminal => ({
  print: (text) => console.log(text),
  say: (line) => console.error(line),
  endWith: (code) => {
    process.exitCode = code;
  },
  environment: process.env,
});
