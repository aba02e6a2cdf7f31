/** Progress for a waiting person: a line now and then, on stderr. */
import { droppedCounters, failureCounters } from '../../engine/src/records.ts';
import { followClientRecords } from '../../metrics/live.ts';
import type { ClientSecond } from '../../record/observation.ts';

/** Says one line to a person. */
export type Say = (line: string) => void;

/** On a terminal a line each second; in a log of a CI job that would be noise. */
const everySeconds = process.stderr.isTTY ? 1 : 10;

/** Prints the seconds of a run as they happen, until the signal; then returns. */
export async function followProgress(clientRecords: string, say: Say, signal: AbortSignal): Promise<void> {
  let first: number | undefined;
  for await (const second of followClientRecords(clientRecords, { signal })) {
    first ??= second.second;
    const elapsed = second.second - first;
    if (elapsed % everySeconds === 0) say(progressLine(elapsed, second));
  }
}

export function progressLine(elapsedSeconds: number, { phases, openConnections, counters }: ClientSecond): string {
  const rates = [
    `${openConnections} open`,
    `${counters.messagesAnswered} answers/s`,
    `${counters.webhooksAccepted} webhooks/s`,
    `${counters.pushesDelivered} pushes/s`,
  ];
  const failed = failureCounters.reduce((sum, name) => sum + counters[name], 0);
  if (failed > 0) rates.push(`${failed} failed/s`);
  const unsent = droppedCounters.reduce((sum, name) => sum + counters[name], 0);
  if (unsent > 0) rates.push(`${unsent} not sent/s`);
  return `${String(elapsedSeconds).padStart(4)} s  ${phases.join('+').padEnd(10)}  ${rates.join('  ')}`;
}
