/** The loadline command: one file a subcommand. The only place that decides how the process exits. */
import { Command, CommanderError } from 'commander';
import { loadlineVersion } from '../run/package-root.ts';
import { guardProcess, tell } from './boundary.ts';
import { type ExitCode, exitCode } from './exit-code.ts';
import { handleSignals, stopForError } from './interruption.ts';
import { processTerminal, type Terminal } from './terminal.ts';

/** Each is loaded when it is asked for: a command that applies no load answers in under a second. */
const commands: Record<string, (program: Command, terminal: Terminal) => Promise<void>> = {
  run: async (program, terminal) => (await import('./commands/run.ts')).addRunCommand(program, terminal),
  local: async (program, terminal) => (await import('./commands/local.ts')).addLocalCommand(program, terminal),
  token: async (program, terminal) => (await import('./commands/token.ts')).addTokenCommand(program, terminal),
  report: async (program, terminal) => (await import('./commands/report.ts')).addReportCommand(program, terminal),
  search: async (program, terminal) => (await import('./commands/search.ts')).addSearchCommand(program, terminal),
  plan: async (program, terminal) => (await import('./commands/plan.ts')).addPlanCommand(program, terminal),
  scenarios: async (program, terminal) =>
    (await import('./commands/scenarios.ts')).addScenariosCommand(program, terminal),
  storm: async (program, terminal) => (await import('./commands/storm.ts')).addStormCommand(program, terminal),
};

/** The one that is named, or all of them, for the list and for the suggestion after a typo. */
async function addCommands(program: Command, terminal: Terminal, named: string | undefined): Promise<void> {
  const one = named === undefined || !Object.hasOwn(commands, named) ? undefined : commands[named];
  for (const add of one ? [one] : Object.values(commands)) await add(program, terminal);
}

/** Runs the command line; the process ends with the documented exit code. Never throws. */
export async function main(args: string[]): Promise<void> {
  // Whatever it and its children write is for its owner only: reports name a target, and logs hold what was sent.
  process.umask(0o077);
  // From here on `ps` shows no arguments, in which there may be secrets: of this process, and of each child between its fork and its own program.
  process.title = ['loadline', ...args.slice(0, 1)].join(' ');
  const terminal = processTerminal(stopForError);
  const ended = guardProcess(terminal);
  handleSignals();
  await runCommandLine(args, terminal);
  ended();
}

/** Parses and runs one command line, without the command's own name. Errors are printed, and set the exit code. */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<void> {
  terminal.endWith(exitCode.ok);
  const program = new Command('loadline')
    .description('Capacity benchmark for WebSocket and webhook stacks on AWS.')
    .version(loadlineVersion)
    .showHelpAfterError('(loadline --help lists the commands and options)')
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.say(text.trimEnd()),
    })
    .exitOverride();
  await addCommands(program, terminal, args[0]);
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    terminal.endWith(reportError(error, terminal));
  }
}

/** Commander has already written its sentence; help and --version end this way too, with its exit code 0. */
function reportError(error: unknown, terminal: Terminal): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage;
  return tell(error, terminal);
}
