/** The child's side of a process of the local target: starts on command, stops on command, and never outlives its parent. */
import type { SetFault } from '../interference/faults.ts';
import { portFailureOf } from './listen.ts';
import type { Command, MetricBatch, Report } from './messages.ts';

export interface RunningPart<Ready> {
  ready: Ready;
  stop: () => Promise<void>;
  onMetrics?: (batches: readonly MetricBatch[]) => void;
  onFaults?: (faults: readonly SetFault[]) => void;
  /** Of a part with children: the names of those that do not answer within the limit. */
  silentParts?: (limitMs: number) => Promise<string[]>;
}

/** A graceful shutdown that takes longer is aborted. A part with children gives them the time to be killed first: see spawned-part.ts. */
const defaultStopLimitMs = 3_000;

/** Runs this process as one part of the target. Returns immediately; the process ends by itself. */
export function runChild<Configuration, Ready>(
  start: (configuration: Configuration, report: (report: Report<Ready>) => void) => Promise<RunningPart<Ready>>,
  { stopLimitMs = defaultStopLimitMs }: { stopLimitMs?: number } = {},
): void {
  const report = (message: Report<Ready>, then: () => void = () => undefined) => {
    if (process.send && process.connected) process.send(message, undefined, {}, then);
    else then();
  };
  const fail = (error: unknown) => {
    console.error(error);
    const reason = error instanceof Error ? error.message : String(error);
    report({ kind: 'failed', reason, port: portFailureOf(error) }, () => process.exit(1));
    setTimeout(() => process.exit(1), 1_000).unref();
  };
  let part: RunningPart<Ready> | null = null;
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), stopLimitMs).unref();
    Promise.resolve(part?.stop()).then(() => process.exit(0), fail);
  };

  // Whatever it or its functions write is for its owner only.
  process.umask(0o077);
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  // The parent is gone, however it ended: nothing else will stop this process, so it stops itself.
  process.on('disconnect', () => process.exit(1));
  process.on('SIGTERM', stop);
  process.on('message', (command: Command<Configuration>) => {
    switch (command.kind) {
      case 'start':
        start(command.configuration, report).then((running) => {
          part = running;
          report({ kind: 'ready', ready: running.ready });
        }, fail);
        break;
      case 'stop':
        stop();
        break;
      case 'metrics':
        part?.onMetrics?.(command.batches);
        break;
      case 'setFaults':
        part?.onFaults?.(command.faults);
        report({ kind: 'faultsSet' });
        break;
      case 'ping':
        Promise.resolve(part?.silentParts?.(command.limitMs) ?? []).then(
          (silent) => report({ kind: 'pong', silent }),
          fail,
        );
        break;
    }
  });
}
