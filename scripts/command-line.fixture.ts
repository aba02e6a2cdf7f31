/** The command line in this process: its stdout, its stderr, and its exit code. Applies no load and starts nothing, unless the command does. */
// Its service starts in the working directory of its first import, which must outlive the test.
import 'esbuild';
import type { Dialogue } from './dialogue.ts';
import { type ExitCode, exitCode } from './exit-code.ts';
import { runCommandLine } from './main.ts';

export interface CommandResult {
  code: ExitCode;
  stdout: string;
  stderr: string;
}

/** Relative paths are those of `folder`; no variable of the environment is set but those given. `typed`: what a person answers to the questions, in turn, and then empty lines; by default nobody sits there. */
export async function commandLine(
  args: readonly string[],
  { folder, environment = {}, typed }: { folder: string; environment?: NodeJS.ProcessEnv; typed?: readonly string[] },
): Promise<CommandResult> {
  const result: CommandResult = { code: exitCode.ok, stdout: '', stderr: '' };
  const before = process.cwd();
  process.chdir(folder);
  try {
    await runCommandLine(args, {
      print: (text) => {
        result.stdout += `${text}\n`;
      },
      say: (line) => {
        result.stderr += `${line}\n`;
      },
      endWith: (code) => {
        result.code = code;
      },
      environment,
      dialogue: typed && (() => dialogueOf(typed)),
      columns: environment.COLUMNS === undefined ? undefined : Number(environment.COLUMNS),
    });
    return result;
  } finally {
    process.chdir(before);
  }
}

function dialogueOf(typed: readonly string[]): Dialogue {
  const lines = [...typed];
  return { question: async () => lines.shift() ?? '', close: () => {} };
}
