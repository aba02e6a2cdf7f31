/** The target of a run: one that this process starts and stops, or one that is there already. */

import { startLocalTarget } from '../local/start.ts';
import type { StackSettings } from '../stack/settings.ts';
import type { TargetDescription } from '../stack/target.ts';

export interface RunningTarget {
  description: TargetDescription;
  /** Settles when a target that this process started has ended, wanted or not. Never, for one that was there already. */
  ended: Promise<{ reason: string }>;
  stop(): Promise<void>;
}

export type TargetChoice =
  | { kind: 'local'; settings: StackSettings }
  | { kind: 'given'; description: TargetDescription };

/** The signal ends the start; once the target is up it is the caller who stops it, after its metrics have been read. */
export async function startTarget(
  choice: TargetChoice,
  logFolder: string,
  signal: AbortSignal,
): Promise<RunningTarget> {
  if (choice.kind === 'given')
    return { description: choice.description, ended: new Promise(() => {}), stop: async () => {} };
  const starting = new AbortController();
  const abort = () => starting.abort(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    const local = await startLocalTarget({ settings: choice.settings, logFolder, signal: starting.signal });
    return { description: local.target, ended: local.exited, stop: () => local.stop() };
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
