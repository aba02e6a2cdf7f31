/** The loadline command: one file a subcommand. The only module that decides how the process exits. */
import { Command, CommanderError } from 'commander';
import { RunFileError } from '../record/json-file.ts';
import { CrashError, UsageError } from '../run/errors.ts';
import { loadlineVersion } from '../run/package-root.ts';
import { type ExitCode, exitCode } from './exit-code.ts';

/** Each is loaded when it is asked for: a command without load answers in under a second. */
const commands: Record<string, (program: Command) => Promise<void>> = {
  run: async (program) => (await import('./commands/run.ts')).addRunCommand(program),
  local: async (program) => (await import('./commands/local.ts')).addLocalCommand(program),
  token: async (program) => (await import('./commands/token.ts')).addTokenCommand(program),
  report: async (program) => (await import('./commands/report.ts')).addReportCommand(program),
  search: async (program) => (await import('./commands/search.ts')).addSearchCommand(program),
  plan: async (program) => (await import('./commands/plan.ts')).addPlanCommand(program),
  scenarios: async (program) => (await import('./commands/scenarios.ts')).addScenariosCommand(program),
  storm: async (program) => (await import('./commands/storm.ts')).addStormCommand(program),
};

/** The one that is named, or all of them, for the list and for the suggestion after a typing error. */
async function addCommands(program: Command, named: string | undefined): Promise<void> {
  const one = named === undefined || !Object.hasOwn(commands, named) ? undefined : commands[named];
  for (const add of one ? [one] : Object.values(commands)) await add(program);
}

/** Runs the command line and ends the process with the documented exit code. Never throws. */
export async function main(args: string[]): Promise<void> {
  process.exitCode = exitCode.ok;
  // Who reads the output may stop reading (`| head`): that is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  const program = new Command('loadline')
    .description('Capacity benchmark for WebSocket and webhook stacks on AWS.')
    .version(loadlineVersion)
    .showHelpAfterError('(loadline --help lists the commands and options)')
    .exitOverride();
  await addCommands(program, args[0]);
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
