/** What stopped a load from being carried, in sentences. Pure. */
import type { Bottleneck } from '../../capacity/search/bottleneck.ts';
import { approx, milliseconds, percent, quantity } from './numbers.ts';
import { refusalName } from './refusals.ts';

export interface BottleneckInWords {
  sentence: string;
  /** What else was seen, the objectives that broke first. */
  evidence: string[];
}

/** `hasPassed`: a load was carried, so that something was seen below the limit. */
export function bottleneckInWords(bottleneck: Bottleneck, hasPassed: boolean): BottleneckInWords {
  const { broken } = bottleneck;
  switch (bottleneck.kind) {
    case 'quota': {
      const { refusals, refusalsBelow, others } = bottleneck;
      const refused = `${refusalName(bottleneck)} refused ${quantity(refusals, 'requests')} per trial`;
      return {
        sentence: hasPassed
          ? `${refused} beyond the limit, ${approx(refusalsBelow)} below it.`
          : `${refused}, at each of the lowest loads too.`,
        evidence: [
          ...broken,
          ...others.map((each) => `${refusalName(each)} refused ${approx(each.refusals)} per trial as well.`),
        ],
      };
    }
    case 'poller': {
      const { concurrency, oldestAgeSeconds } = bottleneck;
      return {
        sentence: `The event source of ${bottleneck.queue} ran all ${approx(concurrency)} batches that it may run at a time, and the queue grew.`,
        evidence: [
          ...broken,
          ...(oldestAgeSeconds === null ? [] : [`The oldest message waited ${approx(oldestAgeSeconds)} s.`]),
        ],
      };
    }
    case 'machine':
      return {
        sentence: `The machine of the local target: ${percent(bottleneck.waitShare)} of the invocations waited for one of its environments. AWS has no such limit.`,
        evidence: broken,
      };
    case 'handlerDuration':
      return { sentence: durationSentence(bottleneck), evidence: broken };
    case 'generator':
      return {
        sentence: 'The load generator could not offer more: the target was not brought to its limit.',
        evidence: [bottleneck.reason],
      };
    case 'unknown':
      return { sentence: 'No quota refused requests, and nothing was seen at its limit.', evidence: broken };
  }
}

function durationSentence(bottleneck: Extract<Bottleneck, { kind: 'handlerDuration' }>): string {
  const p99 = milliseconds(bottleneck.p99Ms);
  switch (bottleneck.serves) {
    case 'message':
      return `The function ${bottleneck.function} takes ${p99} (p99) of a round trip’s ${milliseconds(bottleneck.roundTripP99Ms)}.`;
    case 'queue':
      return `The function ${bottleneck.function} takes ${p99} (p99), and the queue does not grow: the time goes into the function.`;
  }
}
