/** The surroundings of a command: where its output goes, and how the process ends. A test supplies its own. */
import type { Conceal } from '../engine/src/concealment.ts';
import { printable } from '../reports/render/printable.ts';
import { type Dialogue, dialogueOn } from './dialogue.ts';
import { type ExitCode, exitCode } from './exit-code.ts';
import { Panel } from './panel.ts';

export interface Terminal {
  /** Data, a line or more: stdout. */
  print(text: string): void;
  /** A message, one line: stderr. */
  say(line: string): void;
  /** The exit code of a command that ends without an error; without a call it is 0. */
  endWith(code: ExitCode): void;
  environment: NodeJS.ProcessEnv;
  /** Columns of a line of stdout; absent where nobody reads it as it comes: a pipe, a file. */
  columns?: number | undefined;
  /** At the end of stderr, redrawn in place. Absent where nobody watches: a pipe, a file, CI. */
  panel?: Panel | undefined;
  /** Questions to a person. Absent where nobody sits there: a pipe, CI. */
  dialogue?: (() => Dialogue) | undefined;
}

/** What a terminal needs of the process. */
export interface Surroundings {
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  environment: NodeJS.ProcessEnv;
  setExitCode(code: ExitCode): void;
}

/**
 * The terminal of a process. Output that cannot be written (a full disk) is told on stderr once, and the exit code is 4 in place of 0. A reader that is gone
 * (`| head -1`) has what it wanted: nothing is said, and the exit code stays, which must not depend on whether the output was written before or after.
 * Either way `onLostOutput` is called, so that a command that goes on ends. What stderr does not take is lost: there is nobody to tell.
 */
export function terminalOf(
  { stdout, stderr, environment, setExitCode }: Surroundings,
  onLostOutput: (reason: string) => void,
): Terminal {
  let isLost = false;
  let isUnread = false;
  let code: ExitCode = exitCode.ok;
  const say = (line: string): void => write(stderr, `${printable(line)}\n`, () => {});
  const endWith = (given: ExitCode): void => {
    code = given;
    setExitCode(isLost && code === exitCode.ok ? exitCode.crashed : code);
  };
  const onFailure = (error: NodeJS.ErrnoException): void => {
    if (isLost || isUnread) return;
    if (error.code === 'EPIPE') {
      isUnread = true;
      onLostOutput('The reader of the output has closed it.');
      return;
    }
    isLost = true;
    const reason = `The output could not be written: ${reasonOf(error)}.`;
    say(reason);
    endWith(code);
    onLostOutput(reason);
  };
  stdout.on('error', onFailure);
  stderr.on('error', () => {});
  const print = (text: string): void => write(stdout, `${printable(text)}\n`, onFailure);
  return { print, say, endWith, environment, columns: columnsOf(stdout, environment) };
}

/** Too narrow for a word, or a mistake. */
const fewestColumns = 20;

/** COLUMNS, where it is set, is what a shell or a person says; otherwise the terminal's own. */
function columnsOf({ columns }: NodeJS.WriteStream, { COLUMNS }: NodeJS.ProcessEnv): number | undefined {
  const said = Number(COLUMNS);
  if (Number.isInteger(said) && said >= fewestColumns) return said;
  return columns === undefined ? undefined : Math.max(fewestColumns, columns);
}

/** A stream to a file throws where one to a pipe has an event. */
function write(stream: NodeJS.WriteStream, text: string, onFailure: (error: NodeJS.ErrnoException) => void): void {
  try {
    stream.write(text, (error) => {
      if (error) onFailure(error);
    });
  } catch (error) {
    onFailure(error instanceof Error ? error : new Error(String(error)));
  }
}

const reasonOf = ({ code, message }: NodeJS.ErrnoException): string =>
  code === 'ENOSPC' ? 'the disk is full' : message;

/** The process's own. */
export const processTerminal = (onLostOutput: (reason: string) => void): Terminal => ({
  ...withPanel(
    terminalOf(
      {
        ...{ stdout: process.stdout, stderr: process.stderr, environment: process.env },
        setExitCode: (code) => {
          process.exitCode = code;
        },
      },
      onLostOutput,
    ),
    process.stderr,
  ),
  dialogue: process.stdin.isTTY && process.stderr.isTTY ? () => dialogueOn(process.stdin, process.stderr) : undefined,
});

/** On a terminal that can move its cursor. CI systems have terminals that nobody watches. */
function withPanel(terminal: Terminal, stderr: NodeJS.WriteStream): Terminal {
  const { TERM, CI } = terminal.environment;
  if (!stderr.isTTY || TERM === 'dumb' || (CI !== undefined && CI !== '' && CI !== 'false')) return terminal;
  const panel = new Panel(
    (text) => write(stderr, text, () => {}),
    () => stderr.columns,
  );
  return {
    ...terminal,
    panel,
    say: (line) => panel.above(`${printable(line)}\n`),
    print: (text) => {
      // Both may be the same terminal.
      panel.clear();
      terminal.print(text);
    },
  };
}

/** The same, which prints no secret. */
export const withoutSecrets = (terminal: Terminal, conceal: Conceal): Terminal => ({
  ...terminal,
  print: (text) => terminal.print(conceal(text)),
  say: (line) => terminal.say(conceal(line)),
});
