/** Faults and latencies of Lambda: what happens to one invocation, and environments that end. */
import type { Environment, EnvironmentResult } from '../lambda/environment.ts';
import type { FunctionErrorPayload } from '../lambda/protocol.ts';
import type { Effect } from './fault-state.ts';
import type { Interference } from './interference.ts';

type Crash = Extract<Effect, { kind: 'crash' }>;

export interface InvocationFate {
  /** Milliseconds between the admission and the environment. */
  delayMs: number;
  throttled: boolean;
  /** The invocation fails with it, and no handler runs. */
  error: FunctionErrorPayload | null;
  crash: Crash | null;
}

/** Null if nothing interferes, at the cost of one flag check. */
export function fateOf(interference: Interference, functionName: string): InvocationFate | null {
  if (!interference.active) return null;
  const decision = interference.decide({ service: 'lambda', operation: functionName, caller: 'platform' });
  const effect = decision?.effect ?? null;
  const throttled = effect?.kind === 'refuse' && effect.throttled;
  const failed = effect?.kind === 'refuse' && !effect.throttled ? effect.error : null;
  return {
    // A throttled invocation is answered immediately.
    delayMs: throttled ? 0 : (decision?.delayMs ?? 0) + interference.latencyMs('lambda', 'Invoke'),
    throttled,
    error: failed && { errorType: failed.type, errorMessage: failed.message },
    crash: effect?.kind === 'crash' ? effect : null,
  };
}

/** Runs one event in an environment that ends: before the handler, during it, after it, or once its response has been sent. */
export async function crashing(
  environment: Pick<Environment, 'invoke' | 'terminate'>,
  { when, afterMs }: Crash,
  { requestId, payload }: { requestId: string; payload: string },
): Promise<EnvironmentResult> {
  const startedAtMs = performance.now();
  const errorMessage = `RequestId: ${requestId} Error: Runtime exited with error: signal: killed`;
  const crashed = (): EnvironmentResult => ({
    kind: 'functionError',
    cause: 'crash',
    error: { errorType: 'Runtime.ExitError', errorMessage },
    durationMs: performance.now() - startedAtMs,
  });
  if (when === 'before') {
    void environment.terminate();
    return crashed();
  }
  if (when === 'answered') {
    const result = await environment.invoke(requestId, payload);
    void environment.terminate();
    return result;
  }
  const timer = when === 'during' ? setTimeout(() => void environment.terminate(), afterMs) : null;
  await environment.invoke(requestId, payload);
  if (timer) clearTimeout(timer);
  // A handler that finishes before its crash is due loses its response as well: the fault has fired.
  void environment.terminate();
  return crashed();
}
