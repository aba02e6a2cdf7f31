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

export async function startTarget(
  choice: TargetChoice,
  logFolder: string,
  signal: AbortSignal,
): Promise<RunningTarget> {
  if (choice.kind === 'given')
    return { description: choice.description, ended: new Promise(() => {}), stop: async () => {} };
  const local = await startLocalTarget({ settings: choice.settings, logFolder, signal });
  return { description: local.target, ended: local.exited, stop: () => local.stop() };
}
