/** Follows a load while it goes on. */
import { followClientRecords } from '../../metrics/live.ts';
import type { ClientSecond } from '../../record/observation.ts';

/** Says one line to a person. */
export type Say = (line: string) => void;

/** Who shows how a load goes on. */
export interface ProgressSink {
  /** The next second of all fleets together. */
  add(second: ClientSecond): void;
  /** The load has ended. */
  end(): void;
}

/** Hands over the seconds of a run as they happen, until the signal; then returns. */
export async function followProgress(clientRecords: string, sink: ProgressSink, signal: AbortSignal): Promise<void> {
  try {
    for await (const second of followClientRecords(clientRecords, { signal })) sink.add(second);
  } finally {
    sink.end();
  }
}
