/** What the plan's webhook burst leaves in the queue. */
import { plural, quantity } from '../analysis/numbers.ts';
import type { Report } from '../report.ts';

export function queueBurstSentence(queueBurst: Report['queueBurst']): string | null {
  if (!queueBurst) return null;
  switch (queueBurst.kind) {
    case 'unknown':
    case 'refused':
      return `The backlog that the plan’s webhook burst leaves in the queue is unknown: ${queueBurst.reason}`;
    case 'neverDrains':
      return `The plan’s webhook burst: ${queueBurst.reason}`;
    case 'drains':
      return queueBurst.peakMessages < 1
        ? 'The plan’s webhook burst leaves no backlog today: the pollers keep up from the start.'
        : `The plan’s webhook burst leaves a backlog of at most ${plural(queueBurst.peakMessages, 'message')} today, the oldest waiting for ${quantity(queueBurst.oldestAgeSeconds, 's')}; the queue is empty ${quantity(queueBurst.emptyAtSeconds, 's')} after the burst began.`;
  }
}
