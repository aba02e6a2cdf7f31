/** The command line in this process: its stdout, its stderr, and its exit code. Applies no load and starts nothing, unless the command does. */
import { type ExitCode, exitCode } from './exit-code.ts';
import { runCommandLine } from './main.ts';

export interface CommandResult {
  code: ExitCode;
  stdout: string;
  stderr: string;
}

/** Relative paths are those of `folder`; no variable of the environment is set but those given. */
export async function commandLine(
  args: readonly string[],
  { folder, environment = {} }: { folder: string; environment?: NodeJS.ProcessEnv },
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
      columns: environment.COLUMNS === undefined ? undefined : Number(environment.COLUMNS),
    });
    return result;
  } finally {
    process.chdir(before);
  }
}
