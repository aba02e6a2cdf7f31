/**
 * What a worker of a distributed run reports in addition to its counts, as names of Artillery counters, because counters are all that Artillery adds up
 * exactly across machines. Artillery's windows are 10 s; a line's second goes into the name, modulo {@link secondModulus}, so that every
 * count can be put back into its own second, and a run of any length needs the same number of names.
 */

import { eventStates, type FleetPhase, type ListedEvent, type Misdelivery } from '../records.ts';

/** Two windows: a line may be counted in the window after its own. */
export const secondModulus = 20;

/** Over the whole run. */
export const workerCounters = {
  /** Fleet steps begun. */
  steps: 'loadline.workers.steps',
  /** Fleets that wrote a first line, and a last one. */
  fleets: 'loadline.workers.fleets',
  fleetsEnded: 'loadline.workers.fleetsEnded',
  /** Lines written; and, counted with a fleet's last line, how many it has written: if a window was lost, the two differ. */
  lines: 'loadline.workers.lines',
  linesOfEnded: 'loadline.workers.linesOfEnded',
} as const;

/** Names within a second, beside the counters. */
export const openConnectionsName = 'openConnections';
export const fleetsName = 'fleets';
export const phaseNameOf = (phase: FleetPhase): string => `phase.${phase}`;

const secondPrefix = 'loadline.second.';
const remainderOf = (second: number): number => second % secondModulus;

export const secondCounter = (second: number, name: string): string => `${secondPrefix}${remainderOf(second)}.${name}`;

/** A counter's name → remainder of its second and its name in it; null for any other counter. */
export function readSecondCounter(counter: string): { remainder: number; name: string } | null {
  if (!counter.startsWith(secondPrefix)) return null;
  const rest = counter.slice(secondPrefix.length);
  const dot = rest.indexOf('.');
  return { remainder: Number(rest.slice(0, dot)), name: rest.slice(dot + 1) };
}

/** Texts with a count: close codes, reasons, failures, frames. */
export const textPrefixes = {
  closeCodes: 'loadline.closeCode.',
  closeReasons: 'loadline.closeReason.',
  closesByServer: 'loadline.closeByServer.',
  unexpectedFrames: 'loadline.unexpectedFrame.',
  failures: 'loadline.failure.',
} as const;

/** An event that was not delivered to all, by its id and its place in the mix, as a counter of its own. */
export const eventCounter = ({ state, id, route }: Pick<ListedEvent, 'state' | 'id' | 'route'>): string =>
  `loadline.event.${state}.${id}${route === undefined ? '' : ` ${route}`}`;

/** Such a counter's name → the event; null for any other. */
export function readEventCounter(counter: string): ListedEvent | null {
  const [, ofState, id, route] = /^loadline\.event\.(\w+)\.(\S+)(?: (\d+))?$/.exec(counter) ?? [];
  const state = eventStates.find((each) => each === ofState);
  if (state === undefined || id === undefined) return null;
  return { id, state, ...(route !== undefined && { route: Number(route) }) };
}

/** A publish that did not reach every subscriber who was there throughout, as a counter of those that it did not reach. */
export const missedPublishCounter = (channel: string, id: string): string => `loadline.missedPublish.${channel} ${id}`;

/** Such a counter's name → channel and id; null for any other. */
export function readMissedPublish(counter: string): { channel: string; id: string } | null {
  const [, channel, id] = /^loadline\.missedPublish\.(.*) (.*)$/s.exec(counter) ?? [];
  return channel === undefined || id === undefined ? null : { channel, id };
}

/** A push, or a message of a channel, that arrived at another user, as a counter of its own. */
export const misdeliveryCounter = ({ what, id, to }: Misdelivery): string => `loadline.misdelivery.${what} ${to} ${id}`;

/** Such a counter's name → what, whom and id; null for any other. Whose it is stays behind: the id says it. */
export function readMisdelivery(counter: string): Misdelivery | null {
  const [, what, to = '', id = ''] = /^loadline\.misdelivery\.(event|publish) (\S*) (.*)$/s.exec(counter) ?? [];
  return what === 'event' || what === 'publish' ? { what, id, of: null, to } : null;
}

/**
 * Ids that one worker passes on: each is a name in Artillery's messages, of which SQS takes 256 KiB (quota of a message with Artillery's own
 * workers on Lambda, read 2026-11). The rest are known by number.
 */
export const maxEventsOfWorker = 1_000;

/** Histograms of Artillery of which only the maximum counts, in thousandths because Artillery rounds to one decimal. */
export const shareHistograms = {
  descriptorShare: 'loadline.descriptorPermille',
  portShare: 'loadline.portPermille',
} as const;
