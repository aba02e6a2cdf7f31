/**
 * What ends a command before its end. Ctrl-C and similar signals: the first one stops gracefully, a second one ends the process immediately. An error
 * that nothing has caught stops it the same way, with another exit code.
 */
import { CrashError } from '../run/errors.ts';
import { exitCode } from './exit-code.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A terminal sends Ctrl-C to every process, and some runners pass it on to their child as well: within this time it is one and the same. */
const sameSignalMs = 500;

export interface Interruption {
  /** Aborted by the first signal, whose name is then the reason, or by an error of this program's own, a CrashError. */
  signal: AbortSignal;
  /** Takes the handlers away again. */
  dispose(): void;
}

/** Commands under way that can stop gracefully. */
const underWay = new Set<AbortController>();

/** A signal ends a command that has nothing to stop. For the process's own commands: call it once. */
export function handleSignals(): void {
  for (const name of signals)
    process.on(name, () => {
      if (underWay.size === 0) process.exit(exitCode.interrupted);
    });
}

/** Whoever started this command with a channel wants it to end with itself, even if it was killed: as by a signal. */
export function endWithParent(): void {
  const { channel } = process;
  if (!channel) return;
  process.once('disconnect', () => process.kill(process.pid, 'SIGHUP'));
  // A command does not wait for its parent to end.
  channel.unref();
}

/** Stops what is under way for an error's reason. False when nothing is, or is being stopped already. */
export function stopForError(reason: string): boolean {
  const stoppable = [...underWay].filter(({ signal }) => !signal.aborted);
  for (const controller of stoppable) controller.abort(new CrashError(reason));
  return stoppable.length > 0;
}

/** Whoever starts a process ends it with this one (local/process/spawned-part.ts, run/load/artillery.ts), so a hard exit leaves nothing running. */
export function onInterruption(say: (line: string) => void, firstMessage: string): Interruption {
  const controller = new AbortController();
  let firstAtMs = 0;
  const handle = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) {
      if (performance.now() - firstAtMs > sameSignalMs) process.exit(exitCode.interrupted);
      return;
    }
    firstAtMs = performance.now();
    if (firstMessage !== '') say(firstMessage);
    controller.abort(name);
  };
  underWay.add(controller);
  for (const name of signals) process.on(name, handle);
  return {
    signal: controller.signal,
    dispose: () => {
      underWay.delete(controller);
      for (const name of signals) process.off(name, handle);
    },
  };
}
