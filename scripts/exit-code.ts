/** What the command's exit code says. Documented in docs/reference/exit-codes.md, which a test compares with this; scripts and CI jobs rely on it. */
import type { Command } from 'commander';
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

/** Exit code of a run. One that was interrupted or whose part crashed is that first, whatever its report says. */
export function exitCodeOfRun(status: VerdictStatus, outcome: { kind: string }): ExitCode {
  if (outcome.kind === 'interrupted') return exitCode.interrupted;
  return status === 'partial' || outcome.kind !== 'completed' ? exitCode.crashed : exitCode[status];
}

const wrongInput = 'wrong input: an option, a file, a place that cannot be written';
const failed = 'failed in the middle: a full disk, an error of its own';
const interrupted = 'interrupted (SIGINT, SIGTERM or SIGHUP)';
const calculation = { 0: 'calculated and printed', 2: wrongInput, 4: failed, 130: interrupted } as const;

/** By command: each exit code that it has, with its meaning. */
export const exitCodes: Record<string, Partial<Record<ExitCode, string>>> = {
  run: {
    0: 'the run is valid and held its SLO',
    1: 'the run is valid and broke its SLO, an event or a publish was missed, or something arrived at another user',
    2: wrongInput,
    3: 'the run is invalid: the load generator was the bottleneck of something that the SLO judges, or events are lost or unknown; the reasons say what to do',
    4: 'a part crashed or hung, or the disk is full; the report is partial',
    130: `${interrupted}; the report is partial`,
  },
  search: {
    0: 'the largest load that is carried was found',
    1: 'not even the smallest load was carried',
    2: wrongInput,
    3: 'the load generator was the limit; or the folder to resume was damaged since',
    4: 'a part crashed or hung, or the disk is full; --resume continues',
    130: `${interrupted}; --resume continues`,
  },
  profile: {
    0: 'every phase was measured',
    2: wrongInput,
    3: 'measured, but a phase was invalid: the load generator was the bottleneck, or events were lost',
    4: 'a phase did not complete, or what it used could not be collected',
    130: interrupted,
  },
  report: {
    0: 'the reports were made again, whatever their verdict',
    2: 'no run or search folder, one of another version, or one that cannot be written',
    3: 'the folder was damaged since the run or search: its report is invalid and says where',
    4: failed,
    130: interrupted,
  },
  nightly: {
    0: 'measured and written; no SLO is broken, and nothing is worse',
    1: 'an SLO is broken, or a regression is confirmed and not accepted',
    2: wrongInput,
    3: 'something could not be measured properly: it is kept, marked, and not judged; with --against, also that nothing could be compared',
    4: failed,
    130: `${interrupted}; what was measured is written`,
  },
  trend: { ...calculation, 0: 'judged and written, whatever it says' },
  ack: { ...calculation, 0: 'accepted and written' },
  plan: calculation,
  choose: {
    ...calculation,
    3: 'with --measure: a run was invalid, and is not used: the load generator was the bottleneck, or events were lost',
    4: 'failed in the middle; with --measure also: a run did not complete. What was measured is kept',
    130: `${interrupted}; with --measure what was measured is kept and compared`,
  },
  storm: calculation,
  dashboard: { ...calculation, 0: 'printed' },
  scenarios: calculation,
  token: { ...calculation, 0: 'signed and printed' },
  compare: {
    0: 'compared and printed; without --fail-on whatever changed',
    1: 'with --fail-on: something changed for the worse beyond noise',
    2: 'wrong input: an option, a folder without a run, runs that cannot be compared (--anyway)',
    3: 'with --fail-on: nothing of a group that it names could be judged, or nothing is worse and a side has fewer than three valid runs',
    4: failed,
    130: interrupted,
  },
  init: { ...calculation, 0: 'written' },
  doctor: {
    0: 'nothing stands in the way of a run; there may be warnings',
    2: wrongInput,
    3: 'a run would fail here, or could not be valid: the lines marked error say what to do',
    4: failed,
    130: interrupted,
  },
  completion: { ...calculation, 0: 'printed' },
  demo: {
    0: 'ended by a signal (SIGINT, SIGTERM or SIGHUP)',
    2: wrongInput,
    4: 'it did not start, or a process of it ended',
    130: 'a second signal: ended at once',
  },
  local: {
    0: 'ended by a signal (SIGINT, SIGTERM or SIGHUP)',
    2: wrongInput,
    4: 'it did not start, or a process of it ended',
    130: 'a second signal: ended at once',
  },
};

/** Columns of a help that nobody's terminal limits. */
export const helpColumns = 80;

/** The end of a command's --help: its exit codes, and examples as they can be typed. Nothing is wider than the terminal that shows it, as far as an example can be broken. */
export function helpEnd(name: string, ...examples: readonly string[]): (context: { command: Command }) => string {
  return ({ command }) => {
    const width = command.configureOutput().getOutHelpWidth?.() ?? helpColumns;
    const list = examples.map((example) => `  ${example}`).join('\n');
    return `${exitCodesHelp(name, width)}\n${examples.length > 1 ? 'Examples' : 'Example'}:\n${list}`;
  };
}

/** One a line, wrapped. */
export const exitCodesHelp = (command: string, width = helpColumns): string =>
  `\nExit codes:\n${Object.entries(exitCodes[command] ?? {})
    .map(([code, meaning]) => `  ${code.padStart(3)}  ${wrapped(meaning, width - 7).join('\n       ')}`)
    .join('\n')}\n`;

function wrapped(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}
