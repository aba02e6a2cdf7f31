/** Ctrl-C and similar signals: the first one stops gracefully, a second one ends the process immediately. */
import { exitCode } from './exit-code.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A terminal sends Ctrl-C to every process, and some runners pass it on to their child as well: within this time it is one and the same. */
const sameSignalMs = 500;

export interface Interruption {
  /** Aborted by the first signal; its reason is the signal's name. */
  signal: AbortSignal;
  /** Takes the handlers away again. */
  dispose(): void;
}

/** Every started process notices the end of this one (see local/start.ts and parent-guard.main.ts), so a hard exit leaves nothing running. */
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
  for (const name of signals) process.on(name, handle);
  return {
    signal: controller.signal,
    dispose: () => {
      for (const name of signals) process.off(name, handle);
    },
  };
}
