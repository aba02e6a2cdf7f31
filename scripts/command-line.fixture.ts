/** The command line in this process: what it prints, what it says, and its exit code. Applies no load and starts nothing, unless the command does. */
import { type ExitCode, exitCode } from './exit-code.ts';
import { runCommandLine } from './main.ts';

export interface Said {
  code: ExitCode;
  stdout: string;
  stderr: string;
}

/** Relative paths are those of `folder`; no variable of the environment is set but those given. */
export async function commandLine(
  args: readonly string[],
  { folder, environment = {} }: { folder: string; environment?: NodeJS.ProcessEnv },
): Promise<Said> {
  const said: Said = { code: exitCode.ok, stdout: '', stderr: '' };
  const before = process.cwd();
  process.chdir(folder);
  try {
    await runCommandLine(args, {
      print: (text) => {
        said.stdout += `${text}\n`;
      },
      say: (line) => {
        said.stderr += `${line}\n`;
      },
      endWith: (code) => {
        said.code = code;
      },
      environment,
    });
    return said;
  } finally {
    process.chdir(before);
  }
}
