/** The target of a run: one that this process starts and stops, or one that is already up. */

import { quotaFact } from '../../aws/quotas/table.ts';
import type { ServedStack } from '../../local/start.ts';
import type { TargetDescription } from '../../record/target.ts';
import type { OwnTemplate } from '../request/template.ts';
import type { EndpointDescription } from './endpoint.ts';
import { startError, startLocalStack } from './local-stack.ts';
import { type LocalTarget, type LocalTargetOptions, startLocalTarget } from './local-target.ts';
import { servedInside } from './own-stack.ts';

export interface RunningTarget {
  description: TargetDescription | EndpointDescription;
  /** The target closes a connection without traffic after this; AWS's own figure for a target that was already up; unknown for an endpoint. */
  webSocketIdleSeconds: number;
  /** Settles when a target that this process started has ended, wanted or not. Never, for one that was already up. */
  ended: Promise<{ reason: string }>;
  /** Names of its processes that do not answer within the limit, in milliseconds. Absent for a target that was already up. */
  silentParts?: (limitMs: number) => Promise<string[]>;
  /** Returns the names of its processes that did not end when asked to, and were killed. */
  stop(): Promise<readonly string[]>;
}

export type TargetChoice =
  | ({ kind: 'local' } & Pick<
      LocalTargetOptions,
      'settings' | 'limits' | 'gatewayProcesses' | 'latency' | 'faults' | 'seed'
    >)
  | ({ kind: 'template' } & Pick<LocalTargetOptions, 'limits' | 'gatewayProcesses' | 'latency' | 'faults' | 'seed'> & {
        /** A stack of the user's own, to be served here. */
        own: OwnTemplate;
        /** As far as it is known before the stack is up: everything but the addresses. */
        description: EndpointDescription;
        /** With the addresses. @throws UsageError when which API is meant is not clear. */
        describe: (stack: ServedStack) => EndpointDescription;
      })
  | { kind: 'given'; description: TargetDescription }
  | { kind: 'endpoint'; description: EndpointDescription };

const webSocketIdleSeconds = quotaFact('webSocketIdle').default;

/** The signal ends the start; once the target is up, the caller stops it after reading its metrics. */
export async function startTarget(
  choice: TargetChoice,
  logFolder: string,
  signal: AbortSignal,
): Promise<RunningTarget> {
  if (choice.kind === 'given' || choice.kind === 'endpoint')
    return {
      description: choice.description,
      webSocketIdleSeconds:
        choice.kind === 'endpoint' && choice.description.inside === null
          ? Number.POSITIVE_INFINITY
          : webSocketIdleSeconds,
      ended: new Promise(() => {}),
      stop: async () => [],
    };
  const starting = new AbortController();
  const abort = () => starting.abort(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    if (choice.kind === 'template') return await startTemplate(choice, logFolder, starting.signal);
    const { kind: _kind, ...options } = choice;
    const local = await startLocal({ ...options, logFolder, signal: starting.signal });
    return {
      description: local.target,
      webSocketIdleSeconds: local.target.model?.webSocketIdleSeconds ?? webSocketIdleSeconds,
      ended: local.failed,
      silentParts: local.silentParts,
      stop: async () => {
        await local.stop();
        return local.killed;
      },
    };
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

async function startTemplate(
  { own, describe, description: _unknown, kind: _kind, ...options }: Extract<TargetChoice, { kind: 'template' }>,
  logFolder: string,
  signal: AbortSignal,
): Promise<RunningTarget> {
  const stack = await startLocalStack({ ...options, ...own, logFolder, signal });
  try {
    return {
      description: { ...describe(stack), inside: servedInside(stack) },
      webSocketIdleSeconds: stack.model.webSocketIdleSeconds,
      ended: stack.failed,
      silentParts: stack.silentParts,
      stop: async () => {
        await stack.stop();
        return stack.killed;
      },
    };
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

/** Starts the local target. Throws a UsageError for a port that is taken, a CrashError for anything else, each one sentence. */
export async function startLocal(options: LocalTargetOptions): Promise<LocalTarget> {
  try {
    return await startLocalTarget(options);
  } catch (cause) {
    options.signal?.throwIfAborted();
    throw startError(cause);
  }
}
