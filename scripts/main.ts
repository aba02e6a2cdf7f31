/** The loadline command: one file a subcommand. The only module that decides how the process exits. */
import { Command, CommanderError } from 'commander';
import { RunFileError } from '../metrics/json-file.ts';
import { addLocalCommand } from './commands/local.ts';
import { addReportCommand } from './commands/report.ts';
import { addRunCommand } from './commands/run.ts';
import { addStormCommand } from './commands/storm.ts';
import { addTokenCommand } from './commands/token.ts';
import { CrashError, type ExitCode, exitCode, UsageError } from './exit-code.ts';
import { loadlineVersion } from './package-root.ts';

/** Runs the command line and ends the process with the documented exit code. Never throws. */
export async function main(args: string[]): Promise<void> {
  process.exitCode = exitCode.ok;
  const program = new Command('loadline')
    .description('Capacity benchmark for WebSocket and webhook stacks on AWS.')
    .version(loadlineVersion)
    .showHelpAfterError('(loadline --help lists the commands and options)')
    .exitOverride();
  addRunCommand(program);
  addLocalCommand(program);
  addTokenCommand(program);
  addReportCommand(program);
  addStormCommand(program);
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    process.exitCode = reportError(error);
  }
}

function reportError(error: unknown): ExitCode {
  // Commander has already written its sentence; help and --version end this way too, with its exit code 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage;
  if (error instanceof UsageError || error instanceof CrashError) {
    console.error(error.message);
    return error instanceof UsageError ? exitCode.usage : exitCode.crashed;
  }
  if (error instanceof RunFileError) {
    console.error(error.message);
    return exitCode.crashed;
  }
  // Not foreseen: the stack trace is what a bug report needs.
  console.error(error);
  return exitCode.crashed;
}
