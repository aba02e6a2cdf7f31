/** The loadline command: one file a subcommand. The only place that decides how the process exits. */
import { Command, CommanderError } from 'commander';
import { UsageError } from '../run/errors.ts';
import { withoutHelp } from '../run/nightly/refusal.ts';
import { loadlineVersion } from '../run/package-root.ts';
import { guardProcess, tell } from './boundary.ts';
import { type ExitCode, exitCode, helpColumns } from './exit-code.ts';
import { endWithParent, handleSignals, stopForError } from './interruption.ts';
import { refuseEmptyValues } from './options/empty-values.ts';
import { processTerminal, type Terminal } from './terminal.ts';

interface Subcommand {
  /** Its line in the list of commands. */
  summary: string;
  add: (program: Command, terminal: Terminal) => Promise<void>;
}

/** Each is loaded when it is asked for: the list of commands needs none of them. */
const commands: Readonly<Record<string, Subcommand>> = {
  run: {
    summary: 'Runs a scenario against a target and writes a capacity report.',
    add: async (...to) => (await import('./commands/run.ts')).addRunCommand(...to),
  },
  search: {
    summary: 'Finds the largest load that a target carries within its SLO, and names what binds beyond it.',
    add: async (...to) => (await import('./commands/search.ts')).addSearchCommand(...to),
  },
  profile: {
    summary: 'Measures what each kind of load costs each resource of a stack, without knowledge of its code.',
    add: async (...to) => (await import('./commands/profile.ts')).addProfileCommand(...to),
  },
  plan: {
    summary: 'Compares a usage plan with the quotas, without applying load.',
    add: async (...to) => (await import('./commands/plan.ts')).addPlanCommand(...to),
  },
  choose: {
    summary:
      'Functions or a service of tasks: what holds, what binds, what each costs, and where the cheaper one changes.',
    add: async (...to) => (await import('./commands/choose.ts')).addChooseCommand(...to),
  },
  storm: {
    summary: 'Simulates reconnect storms, webhook bursts and fan-outs at any scale, without applying load.',
    add: async (...to) => (await import('./commands/storm.ts')).addStormCommand(...to),
  },
  nightly: {
    summary: 'Runs a suite every night, keeps a history, and says what has changed since.',
    add: async (...to) => (await import('./commands/nightly.ts')).addNightlyCommand(...to, refusalOf),
  },
  trend: {
    summary: 'Judges a history again: its page, badge, comment and formats for other tools.',
    add: async (...to) => (await import('./commands/trend.ts')).addTrendCommand(...to),
  },
  ack: {
    summary: 'Accepts a regression of the history, with a reason.',
    add: async (...to) => (await import('./commands/ack.ts')).addAckCommand(...to),
  },
  report: {
    summary: 'Renders the reports of a run again from its folder.',
    add: async (...to) => (await import('./commands/report.ts')).addReportCommand(...to),
  },
  compare: {
    summary: 'Says what changed between runs beyond noise.',
    add: async (...to) => (await import('./commands/compare.ts')).addCompareCommand(...to),
  },
  local: {
    summary: 'Serves a stack on this machine until Ctrl-C, and prints its endpoints.',
    add: async (...to) => (await import('./commands/local.ts')).addLocalCommand(...to),
  },
  dashboard: {
    summary: 'Makes a CloudWatch dashboard and alarms for a stack of your own, as a template to deploy.',
    add: async (...to) => (await import('./commands/dashboard.ts')).addDashboardCommand(...to),
  },
  demo: {
    summary: 'Serves a page that shows two tabs in sync by the reference stack, until Ctrl-C.',
    add: async (...to) => (await import('./commands/demo.ts')).addDemoCommand(...to),
  },
  scenarios: {
    summary: 'Lists the scenarios of the catalogue with the question that each answers.',
    add: async (...to) => (await import('./commands/scenarios.ts')).addScenariosCommand(...to),
  },
  init: {
    summary: 'Writes a usage plan and a scenario for your own stack, commented, to begin with.',
    add: async (...to) => (await import('./commands/init.ts')).addInitCommand(...to),
  },
  doctor: {
    summary: 'Checks what a run needs of this machine, and of AWS if asked: each line says what to do.',
    add: async (...to) => (await import('./commands/doctor.ts')).addDoctorCommand(...to),
  },
  token: {
    summary: 'Signs a connection token for a user and prints it.',
    add: async (...to) => (await import('./commands/token.ts')).addTokenCommand(...to),
  },
  completion: {
    summary: 'Prints what a shell needs to complete commands, options and values.',
    add: async (...to) => (await import('./commands/completion.ts')).addCompletionCommand(...to, everyCommand),
  },
};

/** All of them, loaded: for what is derived from them. */
async function everyCommand(): Promise<{ command: Command; summary: string }[]> {
  const terminal: Terminal = { print: () => {}, say: () => {}, endWith: () => {}, environment: {} };
  return await Promise.all(
    Object.values(commands).map(async ({ summary, add }) => {
      const program = new Command();
      await add(program, terminal);
      const [command] = program.commands;
      if (command === undefined) throw new Error('a command adds itself to its program');
      return { command, summary };
    }),
  );
}

/** Why a command line would be refused before it does anything, in one line; null where its options are good. Runs nothing. */
async function refusalOf(args: readonly string[]): Promise<string | null> {
  const said: string[] = [];
  const program = new Command('loadline')
    .configureOutput({ writeOut: () => {}, writeErr: (text) => said.push(text) })
    .exitOverride();
  await addCommands(program, { print: () => {}, say: () => {}, endWith: () => {}, environment: {} }, args);
  for (const command of program.commands) command.action(() => {});
  program.hook('preAction', (_, command) => refuseEmptyValues(command));
  try {
    await program.parseAsync(args, { from: 'user' });
    return null;
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    if (error instanceof CommanderError) return withoutHelp(said.join('\n'));
    throw error;
  }
}

/** The one that is named, by itself or after `help`; otherwise the list of them all, which also serves the suggestion after a typo. */
async function addCommands(program: Command, terminal: Terminal, args: readonly string[]): Promise<void> {
  const named = args[0] === 'help' ? args[1] : args[0];
  const one = named !== undefined && Object.hasOwn(commands, named) ? commands[named] : undefined;
  if (one) await one.add(program, terminal);
  else for (const [name, { summary }] of Object.entries(commands)) program.command(name).description(summary);
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
  endWithParent();
  await runCommandLine(args, terminal);
  ended();
}

/** The end of the list of commands. addHelpText of a program shows it for the program alone. */
const beginning = `
To begin: loadline doctor, loadline run --connections 50, loadline init.
Each command has its own help, with defaults, exit codes and an example:
  loadline run --help`;

/** Parses and runs one command line, without the command's own name. Errors are printed, and set the exit code. */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<void> {
  terminal.endWith(exitCode.ok);
  const program = new Command('loadline')
    .description('Capacity benchmark for WebSocket and webhook stacks on AWS.')
    .version(loadlineVersion)
    .showHelpAfterError('(loadline --help lists the commands and options)')
    .addHelpText('after', beginning)
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.say(text.trimEnd()),
      getOutHelpWidth: () => terminal.columns ?? helpColumns,
      getErrHelpWidth: () => terminal.columns ?? helpColumns,
    })
    .exitOverride()
    .hook('preAction', (_, command) => refuseEmptyValues(command));
  await addCommands(program, terminal, args);
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
