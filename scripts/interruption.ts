/** Ctrl-C and its relatives: the first one asks politely, a second one ends the process at once. */
import { exitCode } from './exit-code.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Interruption {
  /** Aborted by the first signal; its reason is the signal's name. */
  signal: AbortSignal;
  /** Takes the handlers away again. */
  dispose(): void;
}

/** What was started notices the end of this process by itself (see local/start.ts and parent-guard.main.ts), so a hard exit leaves nothing running. */
export function onInterruption(say: (line: string) => void, firstMessage: string): Interruption {
  const controller = new AbortController();
  const handle = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) process.exit(exitCode.interrupted);
    say(firstMessage);
    controller.abort(name);
  };
  for (const name of signals) process.on(name, handle);
  return {
    signal: controller.signal,
    dispose: () => {
      for (const name of signals) process.off(name, handle);
    },
  };
}
