/** The one boundary for errors: whatever nothing has caught ends here, as a sentence and exit code 4. Stack traces only with LOADLINE_DEBUG. */
import { inspect } from 'node:util';
import { RunFileError } from '../record/json-file.ts';
import { CrashError, DamagedError, UsageError } from '../run/errors.ts';
import { type ExitCode, exitCode } from './exit-code.ts';
import { stopForError } from './interruption.ts';
import type { Terminal } from './terminal.ts';

/** Node's own, of a program that waits for a promise that nothing is left to settle. Node, process exit codes. */
const unsettledExitCode = 13;
/** How long a command that stops for an error of our own may take to write what it has. */
const stopLimitMs = 60_000;

/** Says what went wrong, and returns the exit code for it. */
export function tell(error: unknown, terminal: Terminal): ExitCode {
  if (terminal.environment.LOADLINE_DEBUG) terminal.say(inspect(error));
  if (error instanceof UsageError) return said(error, exitCode.usage);
  if (error instanceof DamagedError) return said(error, exitCode.invalid);
  if (error instanceof CrashError || error instanceof RunFileError) return said(error, exitCode.crashed);
  terminal.say(ownErrorSentence(error));
  return exitCode.crashed;

  function said({ message }: Error, code: ExitCode): ExitCode {
    terminal.say(message);
    return code;
  }
}

/** An error that Loadline does not know: in one line, whatever its message holds. */
function ownErrorSentence(error: unknown): string {
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return `Loadline failed unexpectedly (${what.replaceAll(/\s+/g, ' ').slice(0, 500)}): please report it, with what LOADLINE_DEBUG=1 prints.`;
}

/**
 * From here on, no error of this process goes elsewhere. What is under way is stopped, so that it still writes its report; otherwise, or when that
 * fails as well, the process ends at once. Returns what to call when the command has ended.
 */
export function guardProcess(terminal: Terminal): () => void {
  let hasEnded = false;
  let hasFailed = false;
  const fail = (error: unknown): void => {
    if (hasFailed) process.exit(exitCode.crashed);
    hasFailed = true;
    const code = tell(error, terminal);
    if (!stopForError(ownErrorSentence(error))) process.exit(code);
    setTimeout(() => process.exit(exitCode.crashed), stopLimitMs).unref();
  };
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  process.on('exit', (code) => {
    // Nothing is left that could ever finish the command: a promise was forgotten.
    if (hasEnded || (code !== 0 && code !== unsettledExitCode)) return;
    terminal.say(ownErrorSentence(new Error('the command did not come to its end')));
    process.exitCode = exitCode.crashed;
  });
  return () => {
    hasEnded = true;
    if (hasFailed) terminal.endWith(exitCode.crashed);
  };
}
